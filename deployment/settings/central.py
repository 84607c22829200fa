"""What a stack sends to a security account."""

from deployment.settings.model import Cascading
from deployment.settings.types.arns import EventBusArn, LogDestinationArn, OamSinkArn


class Central(Cascading):
    """What goes to a security account, beside what stays. In the ARNs {region}, {account_id} and {partition}
    are filled in."""

    event_bus: EventBusArn | None = None
    """The ARN of an event bus that gets every change of state of the alarms; it may be in another region, and
    its policy must admit the account. Default: none."""
    log_destination: LogDestinationArn | None = None
    """The ARN of a destination of CloudWatch Logs, in the stack's region, that gets every event of the log
    groups; its policy must admit the account. It takes one of the two subscription filters that a log group
    has. Default: none."""
    oam_sink: OamSinkArn | None = None
    """The ARN of an Observability Access Manager sink, in the stack's region, whose account may look at the
    log groups and metrics of this deployment; its policy must admit the account. Default: none."""
