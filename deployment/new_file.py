"""The text of a new deployment file: what was answered, with comments that say what else there is."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

#: A word that YAML takes for a text, unless it is one of the others.
_PLAIN = re.compile(r"(?!(?:true|false|null|yes|no|on|off|y|n)$)[A-Za-z][\w-]*", re.IGNORECASE)


class StateKind(Enum):
    """Where terraform can keep its state."""

    LOCAL = "local"
    S3 = "s3"
    CLOUD = "cloud"


@dataclass(frozen=True, slots=True)
class Answers:
    """What a new deployment file says.

    Args:
        accounts: The ids of the accounts, by their names.
        regions: The regions of each.
        emails: The e-mail addresses that every alarm notifies.
        slack: The channels of Slack, each by the ids of its workspace and channel: with several regions, one
            for the alarms of each.
        export: The export of AWS Organizations whose accounts are monitored, relative to the file; or none.
        packs: The packs of events.
        tags: The values of the tag that the servers have, by its key; without any, those of the default.
        assume_role: The name of the role to assume in each account; empty for the caller's own credentials.
        state: Where terraform keeps its state.
        organization: The organization in Terraform Cloud, for state there.
    """

    accounts: Mapping[str, str]
    regions: Sequence[str]
    emails: Sequence[str] = ()
    slack: Sequence[tuple[str, str]] = ()
    export: str = ""
    packs: Sequence[str] = ("baseline",)
    tags: Mapping[str, Sequence[str]] | None = None
    assume_role: str = ""
    state: StateKind = StateKind.LOCAL
    organization: str = ""


def new_file(answers: Answers) -> str:
    """Return the text of a deployment file, as YAML."""
    lines = [
        "# Which AWS accounts are monitored, and how strictly. An account is a stack in each region.",
        "#",
        "#     python -m deployment check     every problem with its line, or the list of the stacks",
        "#     npx cdktf plan STACK           what an apply would change",
        "#",
        "# deployment/deployment.schema.json describes every setting.",
        "defaults:",
        "  # The stacks of each account that does not name regions of its own.",
        f"  regions: {_list(answers.regions)}",
        "",
        *_role(answers.assume_role),
        "",
        *_targets(answers.tags),
        "",
        '  # The events to watch; "python -m catalog list --pack baseline" shows them.',
        f"  packs: {_list(answers.packs)}",
        "",
        *_notifications(answers),
        "",
        *_state(answers),
        "",
        *_accounts(answers),
    ]
    return "\n".join(lines) + "\n"


def _notifications(answers: Answers) -> list[str]:
    lines = [
        "  # Whom alarms notify. Each address must confirm its subscription in the mail that it gets first.",
        "  # severities: [high, critical] limits which alarms notify an address or a channel.",
        "  notifications:",
    ]
    if answers.emails:
        lines.append("    subscriptions:")
    for email in answers.emails:
        lines += ["      - protocol: email", f"        endpoint: {_text(email)}"]
    if answers.slack:
        lines.append(
            "    # A person authorizes the workspace once in each account: docs/how-to/notifications.md"
        )
        lines.append("    chat:")
    for number, (workspace, channel) in enumerate(answers.slack):
        lines += [
            f"      slack-{number + 1}:",
            f"        slack: {{workspace: {_text(workspace)}, channel: {_text(channel)}}}",
        ]
        if len(answers.regions) > 1:
            # An account configures a channel once: for the alarms of one region.
            lines.append(f"        region: {_text(answers.regions[number % len(answers.regions)])}")
    return lines


def _accounts(answers: Answers) -> list[str]:
    lines = []
    if answers.export:
        lines = [
            "# All accounts of the organization; rules leave out some: docs/how-to/fleet.md",
            "organization:",
            f"  export: {_text(answers.export)}",
            "  unmatched: watch",
        ]
    if answers.accounts:
        lines.append("accounts:")
    for name, number in answers.accounts.items():
        lines += [f"  {_text(name)}:", f"    id: {_text(number)}"]
    return lines


def _role(name: str) -> list[str]:
    comment = (
        "  # The role to assume in each account. Without it, the credentials that terraform is started with."
    )
    return [comment, f"  assume_role: {_text(name)}" if name else "  # assume_role: security-deployment"]


def _targets(tags: Mapping[str, Sequence[str]] | None) -> list[str]:
    comment = "  # The servers, by tag: those whose tag has one of the values."
    if not tags:
        return [comment, "  # targets: {OS: [Windows Server 2019, Windows Server 2022]}"]
    return [comment, "  targets:", *(f"    {_text(key)}: {_list(values)}" for key, values in tags.items())]


def _state(answers: Answers) -> list[str]:
    comment = "  # Terraform's state."
    match answers.state:
        case StateKind.LOCAL:
            where = "In the folder state beside this file; a team needs s3 or cloud."
            return [f"{comment} {where}", "  state: local"]
        case StateKind.S3:
            return [
                f"{comment} In a bucket of each account, by a stack of its own: apply '*-state' first.",
                "  state: {type: s3}",
            ]
        case StateKind.CLOUD:
            return [
                f"{comment} In Terraform Cloud, in a workspace for each account and region.",
                f"  state: {{type: cloud, organization: {_text(answers.organization)}}}",
            ]


def _list(values: Sequence[str]) -> str:
    return f"[{', '.join(map(_text, values))}]"


def _text(value: str) -> str:
    # A text in JSON is one in YAML.
    return value if _PLAIN.fullmatch(value) else json.dumps(value, ensure_ascii=False)
