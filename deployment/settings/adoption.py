"""What was created manually: imported into the state under the name it has."""

from collections.abc import Mapping
from typing import Annotated, ClassVar

from pydantic import StrictBool

from catalog.model.security_event import Severity
from deployment.settings.model import Model
from deployment.settings.types.cloudwatch import AlarmName, MetricFilterName
from deployment.settings.types.notifications import TopicName
from deployment.settings.types.roles import RoleName
from deployment.settings.types.systems_manager import ParameterName
from deployment.settings.types.text import DISTINCT, Text

_BUCKET = (
    "a bucket is not adopted, since objects in it would expire: name it under output_bucket.existing, and it "
    "is used as it is"
)


class Adoption(Model):
    """Resources that exist already and are managed here from now on. An account's replaces the defaults' as a
    whole. Each must exist when the stack is first applied; once it has been, an entry changes nothing but
    keeps the name."""

    refused: ClassVar[Mapping[str, str]] = {
        "output_bucket": _BUCKET,
        "bucket": _BUCKET,
        "subscriptions": "subscriptions need no adoption: SNS takes one that exists already for the same",
    }

    log_groups: Annotated[tuple[Text, ...], DISTINCT] = ()
    """The event logs whose log groups exist: Security, System. Their names are log_group_prefix and the event
    log's. While one is listed here it keeps its retention, and stays when the stack is destroyed. Default:
    none."""
    topics: Mapping[Severity, TopicName] = {}
    """The names of topics, by severity. Their policy becomes one that admits this account's alarms only;
    their subscriptions stay. Default: none."""
    topic: TopicName | None = None
    """The name of the topic for all alarms, with topics: single. Default: none."""
    server_role: RoleName | None = None
    """The name of the servers' role, which keeps its path, its permissions boundary and what else is attached
    to it. IAM knows no regions: one stack only can adopt it. Default: none."""
    instance_profile: StrictBool = True
    """Whether that role has an instance profile of its own name, as the console makes one: it is adopted as
    well. Default: true."""
    parameter: ParameterName | None = None
    """The name of the parameter with the agent's configuration, such as AmazonCloudWatch-windows. It stays a
    String and its value is replaced. Default: none."""
    alarms: Mapping[str, AlarmName] = {}
    """The names of alarms, by the key of the event that each is for. Default: none."""
    metric_filters: Mapping[str, MetricFilterName] = {}
    """The names of metric filters, by the key of the event that each counts; of an event with several, the
    first. Default: none."""


#: A deployment that makes everything itself.
NOTHING = Adoption()
