"""The help desk's own stack: its log group, its topic, and one alarm of the catalog."""

from dataclasses import replace

from catalog import AlarmDefaults, event
from deployment import Names
from modules import EventAlarm, ExistingLogGroup

# After modules, which makes it start quickly.
from cdktf import App, LocalBackend, TerraformStack  # isort: skip
from cdktf_cdktf_provider_aws.cloudwatch_log_group import CloudwatchLogGroup  # isort: skip
from cdktf_cdktf_provider_aws.provider import AwsProvider  # isort: skip
from cdktf_cdktf_provider_aws.sns_topic import SnsTopic  # isort: skip

ACCOUNT = "222222222222"
REGION = "ap-northeast-1"

# Five lockouts within ten minutes, and again in the ten minutes after.
LOCKOUTS = replace(
    event("user-account-locked-out"),
    alarm=AlarmDefaults(threshold=5, period=600, evaluation_periods=2, datapoints_to_alarm=2),
)


def build(app: App) -> TerraformStack:
    """Add the stack to an app."""
    stack = TerraformStack(app, "help-desk")
    LocalBackend(stack, path="help-desk.tfstate")
    AwsProvider(stack, "aws", region=REGION, allowed_account_ids=[ACCOUNT])
    log_group = CloudwatchLogGroup(stack, "security-log", name="/help-desk/Security", retention_in_days=90)
    topic = SnsTopic(stack, "topic", name="help-desk")

    EventAlarm(
        stack,
        "lockouts",
        event=LOCKOUTS,
        log_group=ExistingLogGroup(log_group.name, log_group.arn),
        names=Names("help-desk", ACCOUNT, REGION),
        metric_namespace="HelpDesk",
        description=f"{LOCKOUTS.title}. {LOCKOUTS.runbook}",
        actions=[topic.arn],
    )
    return stack


if __name__ == "__main__":
    app = App()
    build(app)
    app.synth()
