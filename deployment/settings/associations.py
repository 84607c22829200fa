"""What Systems Manager does on the servers, and how often."""

from enum import Enum

from pydantic import StrictBool

from catalog.model.security_event import Severity
from deployment.settings.model import Cascading
from deployment.settings.types.systems_manager import MaxConcurrency, MaxErrors, Schedule


class ComplianceSeverity(Enum):
    """How Systems Manager rates a server on which the association failed."""

    CRITICAL = "CRITICAL"
    HIGH = "HIGH"
    MEDIUM = "MEDIUM"
    LOW = "LOW"
    UNSPECIFIED = "UNSPECIFIED"


class AssociationSettings(Cascading):
    """One State Manager association. It also runs at once on every server that comes to match the targets."""

    enabled: StrictBool = True
    """Whether the association is created. Default: true."""
    schedule: Schedule | None = None
    """How often it runs again: rate(...) from 30 minutes to less than 31 days, or a cron expression, in UTC;
    null for once only, which configure_agent takes only where install_agent is not enabled. Default: as the
    association's own description says."""
    max_concurrency: MaxConcurrency = "50%"
    """On how many of the servers, or which share of them, it runs at a time. Default: 50%."""
    max_errors: MaxErrors = "100%"
    """After how many failures, or failures on which share of the servers, it stops. Default: 100%, so that
    one broken server does not keep the others from being watched."""
    compliance_severity: ComplianceSeverity = ComplianceSeverity.MEDIUM
    """How Systems Manager rates a server where it failed. Default: MEDIUM."""


class Layout(Enum):
    """How the steps that make a server watched are run."""

    ORDERED = "ordered"
    """As one document with ordered steps."""
    SEPARATE = "separate"
    """As one association each, in any order."""


#: The associations that watch_servers takes the place of, in the order of its steps.
ORDERED_STEPS = ("install_agent", "configure_agent", "apply_audit_policy")


class Associations(Cascading):
    """The associations, in the order of the procedure. Those that name no servers are created again for the
    servers of canary_targets, and for those of ec2config_targets."""

    layout: Layout = Layout.ORDERED
    """ordered: watch_servers runs the enabled ones of install_agent, configure_agent and apply_audit_policy
    as the ordered steps of one document, so that a new server is watched after its first run; of these three,
    only enabled counts. separate: an association each, as in the published procedure; Systems Manager
    promises no order between them, and a new server may be watched an hour later only. Default: ordered."""

    update_ssm_agent: AssociationSettings = AssociationSettings(schedule="rate(14 days)")
    """AWS-UpdateSSMAgent on the servers of targets. Default schedule: rate(14 days)."""
    update_ec2config: AssociationSettings = AssociationSettings(schedule="rate(14 days)")
    """AWS-UpdateEC2Config on the servers of ec2config_targets. Default schedule: rate(14 days)."""
    watch_servers: AssociationSettings = AssociationSettings(
        schedule="rate(1 hour)",
        max_concurrency="25%",
        max_errors="50%",
        compliance_severity=ComplianceSeverity.HIGH,
    )
    """The deployment's own document, with layout ordered: repairs an agent whose folder is gone, installs it,
    gives it its configuration where that is not in force, applies the audit policy, and fails where the agent
    does not run with the configuration. Defaults: schedule rate(1 hour), max_concurrency 25%, max_errors 50%,
    so that a bad version of the agent does not reach every server; compliance severity HIGH."""
    install_agent: AssociationSettings = AssociationSettings(
        schedule="rate(7 days)", compliance_severity=ComplianceSeverity.HIGH
    )
    """AWS-ConfigureAWSPackage with AmazonCloudWatchAgent: installs the wanted version where a server has
    recorded another one or none, and nothing where it has, even if the agent's folder is gone. Default
    schedule: rate(7 days); compliance severity HIGH."""
    apply_audit_policy: AssociationSettings = AssociationSettings(
        schedule="rate(1 day)", compliance_severity=ComplianceSeverity.HIGH
    )
    """The deployment's own document with the audit policy of the chosen events. Default schedule:
    rate(1 day); compliance severity HIGH."""
    configure_agent: AssociationSettings = AssociationSettings(
        schedule="rate(1 hour)", compliance_severity=ComplianceSeverity.HIGH
    )
    """AmazonCloudWatch-ManageAgent with the generated configuration: fails until the agent is installed, and
    therefore runs often. Default schedule: rate(1 hour); compliance severity HIGH."""


class AssociationFailureSettings(Cascading):
    """A notification that names the server on which an association failed: it may be watched no longer."""

    enabled: StrictBool = True
    """Whether a failed run of an association on a server is reported. Default: true."""
    severity: Severity = Severity.HIGH
    """Whom to notify: the recipients of this severity, where no alarm has it those of the next. A topic of
    another account receives none of it. Default: high."""
