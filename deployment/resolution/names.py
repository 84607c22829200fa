"""The name of everything that a stack makes in AWS, so that nobody has to guess it.

A name carries what its kind needs to be unlike that of another stack: IAM is global within an account,
buckets are global everywhere, and an alarm's name is all that some people see of it.
"""

import re
from dataclasses import dataclass

from catalog.derived.agent_configuration import PARAMETER_PREFIX
from catalog.model.security_event import Family, Severity
from deployment.settings.adoption import NOTHING, Adoption

#: The tags that an event's alarm has beside the deployment's: whose it is, and how much it matters.
EVENT_KEY_TAG = "EventKey"
SEVERITY_TAG = "Severity"


@dataclass(frozen=True, slots=True)
class Names:
    """The names of one instance in one account and region.

    Args:
        name: The instance's name, at most 24 characters.
        account_id: 12 digits.
        region: The region's name, at most 18 characters.
        adopted: What has a name already, and keeps it.
    """

    name: str
    account_id: str
    region: str
    adopted: Adoption = NOTHING

    @property
    def server_role(self) -> str:
        """The role of the servers, and its instance profile."""
        return self.adopted.server_role or f"{self.name}-{self.region}-server"

    @property
    def configuration_admin_role(self) -> str:
        """The role of a host that writes the agent's configuration, and its instance profile."""
        return f"{self.name}-{self.region}-configuration-admin"

    @property
    def agent_parameter(self) -> str:
        """The parameter with the agent's configuration: the policies of AWS admit this beginning only."""
        return self.adopted.parameter or f"{PARAMETER_PREFIX}{self.name}"

    @property
    def agent_parameter_2012(self) -> str:
        """The parameter with the configuration of the servers with Windows Server 2012 R2."""
        return f"{PARAMETER_PREFIX}{self.name}-2012"

    @property
    def output_bucket(self) -> str:
        """The bucket for the output of the associations."""
        return f"{self.name}-output-{self.account_id}-{self.region}"

    def topic(self, severity: Severity | None = None) -> str:
        """The topic of a severity, or of all alarms."""
        kept = self.adopted.topics.get(severity) if severity else self.adopted.topic
        return kept or f"{self.name}-{severity.value if severity else 'alarms'}"

    def alarm(self, event_key: str) -> str:
        """The alarm of an event."""
        return self.adopted.alarms.get(event_key) or f"{self.alarm_prefix}{event_key}"

    @property
    def alarm_prefix(self) -> str:
        """What the name of every alarm begins with that is made here."""
        return f"{self.name}-{self.account_id}-{self.region}-"

    def metric_filter(self, event_key: str, number: int = 0) -> str:
        """The metric filter of an event's pattern, by the pattern's number from 0."""
        if number:
            return f"{self.name}-{event_key}.{number + 1}"
        return self.adopted.metric_filters.get(event_key) or f"{self.name}-{event_key}"

    def log_alarm(self, event_key: str, variant: str = "") -> str:
        """The log alarm of an event, or of one of its variants.

        No metric alarm is called so: an event may change its engine, and terraform may create the new alarm
        before it deletes the old one, by its name.
        """
        return f"{self.alarm_prefix}log.{event_key}{f'.{variant}' if variant else ''}"

    def severity_log_alarm(self, severity: Severity, channel: str, number: int) -> str:
        """A log alarm over several events of a severity and event log, by its number from 0."""
        return f"{self.alarm_prefix}severity.{severity.value}.{_hyphenated(channel)}.{number + 1}"

    def correlation_alarm(self, key: str) -> str:
        """The log alarm of a correlation."""
        return f"{self.alarm_prefix}correlation.{key}"

    def mute_rule(self, key: str, number: int) -> str:
        """An alarm mute rule of a maintenance window, by its number from 0."""
        return f"{self.alarm_prefix}mute.{key}.{number + 1}"

    def cloudformation_stack(self, name: str) -> str:
        """The CloudFormation stack that holds a log alarm or mute rule: letters, digits and hyphens only."""
        return f"{self.name}-{name.removeprefix(self.alarm_prefix).replace('.', '--')}"

    @property
    def log_query_role(self) -> str:
        """The role by which CloudWatch Logs runs the queries of log alarms."""
        return f"{self.name}-{self.region}-log-queries"

    @property
    def log_line_role(self) -> str:
        """The role by which CloudWatch puts the records found into the notifications of log alarms."""
        return f"{self.name}-{self.region}-log-lines"

    @property
    def dashboard(self) -> str:
        """The dashboard of the account and region."""
        return f"{self.name}-{self.region}"

    @property
    def key_alias(self) -> str:
        """The alias of the encryption key, without ``alias/``."""
        return self.name

    def composite_alarm(self, key: str) -> str:
        """A composite alarm of the deployment, by its key there."""
        return self.alarm(f"composite-{key}")

    def additional_alarm(self, event_key: str, variant: str) -> str:
        """A further alarm of an event, by the variant's name."""
        return self.alarm(f"{event_key}-{variant}")

    def no_data_alarm(self, channel: str) -> str:
        """The alarm for a log group to which nothing comes any more."""
        return self.alarm(f"silent-{_hyphenated(channel)}")

    @property
    def audit_policy_document(self) -> str:
        """The Systems Manager document that makes Windows write the events."""
        return f"{self.name}-audit-policy"

    @property
    def server_document(self) -> str:
        """The Systems Manager document whose ordered steps make a server watched."""
        return f"{self.name}-watch-servers"

    def saved_query(self, family: Family, event_key: str) -> str:
        """The saved query of an event, in the console's folders: instance, then family."""
        return f"{self.name}/{family.value}/{event_key}"

    @property
    def central_subscription(self) -> str:
        """The subscription filter that sends a log group's events to a central destination."""
        return f"{self.name}-central"

    @property
    def alarm_event_rule(self) -> str:
        """The rule that sends the alarms' changes of state to a central event bus."""
        return f"{self.name}-alarm-events"

    @property
    def alarm_event_role(self) -> str:
        """The role by which that rule may put events on the bus."""
        return f"{self.name}-{self.region}-alarm-events"

    @property
    def chat_role(self) -> str:
        """The role by which chat channels look at alarms."""
        return f"{self.name}-{self.region}-chat"

    def chat_channel(self, key: str) -> str:
        """The configuration of a chat channel: unique in the account, in all regions."""
        return f"{self.name}-{self.region}-{key}"

    @property
    def association_failure_rule(self) -> str:
        """The rule that reports a server on which an association failed."""
        return f"{self.name}-association-failures"

    def association(self, key: str) -> str:
        """The association of a step, such as ``install_agent``, by its ``PlannedAssociation.key``."""
        return f"{self.name}-{key.replace('_', '-')}"


def _hyphenated(channel: str) -> str:
    return re.sub("[ ()/]", "-", channel.lower())
