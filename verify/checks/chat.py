"""The chat channels: each configured as deployed, enabled, and subscribed to its topics."""

from collections.abc import Iterator, Mapping
from typing import Any

from cli.text import counted
from deployment import RegionPlan
from deployment.resources.chat import ChatChannelSpec, chat_channels
from verify.access.account import AccountAccess
from verify.access.window import Window
from verify.result import Check, Status, judged

_ADVICE = "apply the stack again"


def check(region: RegionPlan, account: AccountAccess, _window: Window) -> Iterator[Check]:
    """Check every chat channel of the deployment."""
    specs = chat_channels(region)
    if not specs:
        return
    found = {each["ChatConfigurationArn"]: each for each in account.chat_configurations()}
    for spec in specs:
        if spec.arn in found:
            yield _judged(spec, found[spec.arn])
        else:
            message = f"is not configured, so it receives nothing: {_ADVICE}"
            yield Check("chat channel", spec.name, Status.FAILED, message)


def _judged(spec: ChatChannelSpec, found: Mapping[str, Any]) -> Check:
    expected: dict[str, Any] = {
        "IamRoleArn": spec.role_arn,
        "GuardrailPolicyArns": [spec.guardrail_policy_arn],
    }
    if spec.slack:
        expected |= {"SlackTeamId": spec.slack.workspace, "SlackChannelId": spec.slack.channel}
    if spec.teams:
        expected |= {
            "TenantId": spec.teams.tenant,
            "TeamId": spec.teams.team,
            "ChannelId": spec.teams.channel,
        }
    drift = [
        f"{setting} is {found.get(setting)!r} instead of {value!r}"
        for setting, value in expected.items()
        if found.get(setting) != value
    ]
    failures = [f"{', '.join(drift)}: {_ADVICE}"] if drift else []
    if missing := sorted(set(spec.topic_arns) - set(found["SnsTopicArns"])):
        failures.append(f"receives nothing of {', '.join(missing)}: {_ADVICE}")
    if found.get("State") == "DISABLED":
        reason = found.get("StateReason", "a chat applications policy of the organization denies it")
        failures.append(f"is disabled, so it receives nothing: {reason}")
    return judged(
        "chat channel",
        spec.name,
        failures=failures,
        ok=f"configured as deployed, for {counted(len(spec.topic_arns), 'topic')}",
    )
