"""The payroll team's own stack: the monitoring as installed, and an event that only this team has."""

from dataclasses import replace

from catalog import AlarmDefaults, AuditSubcategory, Family, Field, SecurityEvent, Severity
from deployment import Account, Deployment, Notifications, Protocol, Subscription, resolve
from modules import AccountProvider, SecurityMonitoring

# After modules, which makes it start quickly.
from cdktf import App, LocalBackend, TerraformOutput, TerraformStack  # isort: skip

PAYROLL_ADMINISTRATOR_ADDED = SecurityEvent(
    key="payroll-administrator-added",
    event_id=4728,
    title="Member added to the domain group Payroll-Admins",
    title_ja="ドメイングループ Payroll-Admins にメンバーが追加",
    family=Family.GROUP,
    where=(Field("TargetUserName") == "Payroll-Admins",),
    severity=Severity.HIGH,
    audit=AuditSubcategory.SECURITY_GROUP_MANAGEMENT,
    alarm=AlarmDefaults(threshold=1, period=300),
    attack=("T1098.007",),
    runbook="Ask the head of payroll whether MemberSid was to be added; if not, remove it.",
    runbook_ja="MemberSid の追加が予定どおりか給与部門の責任者に確認し、予定外なら削除する。",
)

SETTINGS = Deployment(
    name="payroll",
    accounts={
        "payroll": Account(
            id="111111111111",
            regions=("eu-central-1",),
            metric_namespace="Payroll",
            notifications=Notifications(
                subscriptions=(Subscription(protocol=Protocol.EMAIL, endpoint="payroll@example.com"),)
            ),
        )
    },
)


def build(app: App) -> TerraformStack:
    """Add the stack to an app: the baseline's events, and the team's own."""
    (region,) = resolve(SETTINGS)
    region = replace(region, events=(*region.events, PAYROLL_ADMINISTRATOR_ADDED))
    stack = TerraformStack(app, "payroll")
    LocalBackend(stack, path="payroll.tfstate")
    AccountProvider(stack, "aws", account_id=region.account_id, region=region.region_name)
    monitoring = SecurityMonitoring(stack, "monitoring", region=region)
    TerraformOutput(stack, "instance_profile", value=monitoring.server_role.instance_profile_name)
    return stack


if __name__ == "__main__":
    app = App()
    build(app)
    app.synth()
