"""The settings of a deployment: what ``deployment.yaml`` may say.

A setting is looked for in the account, then in the rules of the organization that match it, the last first,
then in the defaults, then here. Groups of settings (``Cascading``, such as ``notifications`` or what is said
of one event) are looked through setting by setting. Tags, events, their variants and excluded fields,
composite alarms, correlations, maintenance windows and the engines of packs are merged name by name; null
takes an inherited tag, variant, composite alarm, correlation or maintenance window away, and has no effect
where none is inherited. Every other value replaces the one below it as a whole: lists, and the mappings of
``replaced``.
"""

from collections.abc import Mapping
from enum import Enum
from functools import cached_property
from pathlib import Path
from typing import Annotated, ClassVar

from pydantic import ConfigDict, Field, PrivateAttr, StrictBool, ValidationInfo, field_validator

from catalog.correlations import CORRELATIONS
from catalog.derived.agent_configuration import (
    AGENT_VERSION,
    AGENT_VERSION_2012,
    Collection,
    HostMetrics,
)
from catalog.events import EVENTS
from catalog.model.correlation import Correlation
from catalog.model.security_event import Pack, SecurityEvent
from deployment.aws.limits import ASSOCIATION_TARGETS
from deployment.settings.account_alarms import CompositeAlarmSettings, NoDataAlarmSettings
from deployment.settings.adoption import Adoption
from deployment.settings.associations import AssociationFailureSettings, Associations
from deployment.settings.assume_role import RoleToAssume
from deployment.settings.audit_policy import AuditPolicy
from deployment.settings.central import Central
from deployment.settings.correlation import CorrelationOverride, OwnCorrelationRecord
from deployment.settings.encryption import EncryptionOrNone, EncryptionSettings
from deployment.settings.event_override import EventOverride
from deployment.settings.log_alarms import AlarmEngine, LogAlarmSettings
from deployment.settings.model import Cascading, Model
from deployment.settings.mute import MuteSettings
from deployment.settings.notifications import Notifications
from deployment.settings.organization import ExportOrFile, MemberPattern
from deployment.settings.own_event import OwnRecord
from deployment.settings.servers import (
    AgentConfigurationSettings,
    CreatedRolesSettings,
    OutputBucketOrNone,
    OutputBucketSettings,
    ServerRoleSettings,
)
from deployment.settings.sigma import SigmaRules
from deployment.settings.state import LocalState, State
from deployment.settings.types.accounts import (
    AccountId,
    AccountName,
    InstanceName,
    RegionName,
    TagKey,
    TagValue,
    TargetKey,
    TargetValue,
)
from deployment.settings.types.cloudwatch import (
    AgentVersion,
    CompositeName,
    LateArrival,
    LogGroupName,
    LogGroupPrefix,
    MetricNamespace,
    RetentionDays,
)
from deployment.settings.types.events import CorrelationKey, EventKey, WatchedPath
from deployment.settings.types.text import DISTINCT, RelativePath, Text

_TargetValues = Annotated[tuple[TargetValue, ...], Field(min_length=1, max_length=50), DISTINCT]


#: The event logs whose log groups stay in AWS, forgotten by terraform, once no event of them is chosen: those
#: of almost every deployment. Each further one would be a ``removed`` block in every stack, and checkov 3.3
#: reads nothing of a stack that has one.
STANDING_CHANNELS = frozenset(("Security", "System"))


class Language(Enum):
    """The language of what people read: descriptions of alarms, the dashboard."""

    ENGLISH = "en"
    JAPANESE = "ja"


class Settings(Cascading):
    """Everything that can be said for all accounts (under defaults) and for one. What an account does not say
    is as in the rules that match it, then as in the defaults."""

    refused: ClassVar[Mapping[str, str]] = {
        "id": "belongs to an account, under accounts",
        **dict.fromkeys(
            ("own_events", "own_events_file", "own_correlations", "sigma"),
            "belongs at the top of the file, for all accounts",
        ),
    }
    #: Targets mean something together only, and log groups are those of one account.
    replaced: ClassVar[frozenset[str]] = frozenset(
        {"targets", "canary_targets", "ec2config_targets", "existing_log_groups"}
    )

    regions: Annotated[tuple[RegionName, ...], Field(min_length=1), DISTINCT] = ()
    """The regions to watch; each becomes a stack of its own. There is no default."""
    assume_role: RoleToAssume | None = None
    """The role to assume in the account: its name, its ARN, or a mapping of role, external_id and
    session_name. Default: none, the caller's own credentials."""
    tags: Mapping[TagKey, TagValue | None] = {}
    """Tags of every resource, merged key by key; null takes one of the defaults' away. At most 48,
    since the alarms of events have two more, EventKey and Severity, which cannot be given here. Default:
    none."""
    targets: Mapping[TargetKey, _TargetValues] = Field(
        default={"OS": tuple(f"Windows Server {year}" for year in (2016, 2019, 2022, 2025))},
        min_length=1,
        max_length=ASSOCIATION_TARGETS,
    )
    """The servers, by tag: each tag key with the values that count, at most 5 keys of 50 values. A server
    must match every key. An account's replace the defaults' as a whole. Default: OS is Windows Server 2016,
    2019, 2022 or 2025."""
    canary_targets: Mapping[TargetKey, _TargetValues] = Field(default={}, max_length=ASSOCIATION_TARGETS)
    """The servers that get canary_agent_version before the others, in the same form, by associations of their
    own. A server must not match targets too: tell both apart by the values of one tag, such as Wave. An
    account's replace the defaults' as a whole. Default: none."""
    ec2config_targets: Mapping[TargetKey, _TargetValues] = Field(default={}, max_length=ASSOCIATION_TARGETS)
    """The servers with Windows Server 2012 R2 or earlier, in the same form: watched like those of targets, by
    associations of their own, and EC2Config is kept current in place of the Systems Manager agent. A server
    must not match targets too. The audit policy needs PowerShell 3 there and fails for subcategories that
    came with Windows Server 2016. The CloudWatch agent has a version of its own there,
    ec2config_agent_version, and ships whole logs, since that version knows no event ids. An account's
    replace the defaults' as a whole. Default: none."""
    packs: Annotated[tuple[Pack, ...], DISTINCT] = (Pack.BASELINE,)
    """The packs of events to watch (see python -m catalog list --pack NAME). Default: baseline."""
    events: Mapping[EventKey, EventOverride] = {}
    """What differs from the catalog, by the key of the event; merged setting by setting. Default: nothing."""
    late_arrival: LateArrival = 0
    """By how many minutes the records of every event may come late and still count in metric alarms, as
    events.<key>.late_arrival. Default: 0."""
    engine: AlarmEngine = AlarmEngine.METRIC
    """What finds the events' records and raises their alarms: metric (metric filters, at most 100 for a log
    group) or log (log alarms, a preview: docs/explanation/log-alarms.md says when). Default: metric."""
    pack_engines: Mapping[Pack, AlarmEngine] = {}
    """The engine of single packs, such as certificate-services: log. Of an event of several packs, that of
    the first in the order of packs counts. Merged name by name. Default: that of engine."""
    log_alarms: LogAlarmSettings = LogAlarmSettings()
    """How log alarms look for records, and what they send. Default: an alarm an event, every 5 minutes."""
    correlations: Mapping[CorrelationKey, CorrelationOverride | None] = {}
    """The rules over several records that run here, by their keys (docs/explanation/log-alarms.md lists
    them), each with what differs from the catalog, such as password-spraying: {threshold: 20}; {} for
    nothing. Each is a log alarm, whatever the engine. Merged name by name; null takes one away.
    Default: own_correlations only."""
    watched_paths: Annotated[tuple[WatchedPath, ...], DISTINCT] = ()
    r"""Files and folders on drives (D:\...), registry keys (\REGISTRY\MACHINE\..., \REGISTRY\USER\...) and
    shares (\\*\Name) to watch, as Windows spells them; one that ends in \ stands for everything below it.
    Each is watched by the events chosen that watch its kind, such as object-handle-requested, and needs an
    audit entry (SACL) on the server, a share apart. Default: none."""
    retention_days: RetentionDays = 365
    """How many days the log groups keep events, of the numbers that CloudWatch Logs takes. Default: 365."""
    log_group_prefix: LogGroupPrefix = ""
    """What the log groups' names begin with, before Security and System. A plan that changes it is refused,
    since the log groups would be deleted with their events; it says what to do. Default: nothing, as in the
    manual procedure."""
    deletion_protection: StrictBool = False
    """Whether a plan that would delete one of the log groups, or the key that their events are encrypted
    with, is refused: terraform destroy too. Default: false."""
    existing_log_groups: Mapping[Text, LogGroupName] = {}
    """Names of existing log groups, managed elsewhere, by event log (Security, System), in place of those
    created here; they must be of class STANDARD. An account's replace the defaults' as a whole. Default:
    none."""
    host_metrics: HostMetrics = HostMetrics.NONE
    """The wizard's set of host metrics to publish each minute: none, basic, standard or advanced. Default:
    none."""
    collection: Collection = Collection.EVENT_IDS
    """event_ids: only the ids of the chosen events leave the servers, which needs CloudWatch agent 1.300059.0
    or later. matching: of these ids only the records that some metric filter counts, by the agent's own
    filters: the cheapest, and the log groups hold nothing else to investigate by. levels: all of the Security
    and System logs. Default: event_ids."""
    agent_version: AgentVersion = AGENT_VERSION
    """The version of the CloudWatch agent to install, as Distributor spells it, with its build; empty for the
    newest, which then reaches all servers at once. Default: 1.300071.0b1720."""
    canary_agent_version: AgentVersion | None = None
    """The version on the servers of canary_targets. Default: agent_version."""
    ec2config_agent_version: AgentVersion = AGENT_VERSION_2012
    """The version on the servers of ec2config_targets. Default: 1.247360.0b252689."""
    language: Language = Language.ENGLISH
    """The language of alarm descriptions and of the dashboard: en or ja. Default: en."""
    metric_namespace: MetricNamespace = "WindowsSecurity"
    """The CloudWatch namespace of the metrics. Default: WindowsSecurity."""
    notifications: Notifications = Notifications()
    """Whom alarms notify."""
    agent_configuration: AgentConfigurationSettings = AgentConfigurationSettings()
    """What becomes of other configurations of the agent on a server. Default: they stay, but for the
    wizard's."""
    associations: Associations = Associations()
    """What Systems Manager does on the servers, and how often."""
    association_failures: AssociationFailureSettings = AssociationFailureSettings()
    """The notification for a server on which an association failed. Default: there is one."""
    audit_policy: AuditPolicy = AuditPolicy()
    """What Windows is set to write, so that the alarms can fire at all. Default: the policy is applied."""
    encryption: EncryptionOrNone = EncryptionSettings()
    """With whose key everything is encrypted; none for the keys that AWS owns. Default: a customer managed
    key is created."""
    silence_alarm: NoDataAlarmSettings = NoDataAlarmSettings()
    """The alarm for a log group to which nothing comes any more. Default: there is one."""
    composite_alarms: Mapping[CompositeName, CompositeAlarmSettings | None] = {}
    """Alarms over the alarms of several events, each under a name of your own. Merged name by name: an
    account's replaces the defaults' of that name as a whole, and null takes it away, as where its events are
    not watched. Default: none."""
    mute: Mapping[CompositeName, MuteSettings | None] = {}
    """Maintenance windows, each under a name of your own: times in which alarms notify nobody. Merged name by
    name: an account's replaces the defaults' of that name as a whole, and null takes it away. Default:
    none."""
    central: Central = Central()
    """What goes to a security account, beside what stays. Default: nothing."""
    adopt: Adoption = Adoption()
    """What was created manually and is imported under the name it has. Default: nothing."""
    dashboard: StrictBool = True
    """Whether to create a CloudWatch dashboard. Default: true."""
    output_bucket: OutputBucketOrNone = OutputBucketSettings()
    """The S3 bucket for the output of the associations, or none. Default: a bucket is created."""
    server_role: ServerRoleSettings = ServerRoleSettings()
    """The role of the servers. Default: a role and its instance profile are created."""
    created_roles: CreatedRolesSettings = CreatedRolesSettings()
    """The path and the permissions boundary of every role that is created here. Default: /, and none."""
    configuration_admin_role: StrictBool = False
    """Whether to create the role of the manual procedure for a host that writes the agent's configuration
    with the wizard. The generated configuration needs none. Default: false."""
    state: State = LocalState()
    """Where Terraform keeps the state: local, or a mapping with type local, s3 or cloud. Default: local."""

    @property
    def effective_tags(self) -> Mapping[str, str]:
        """The tags without those that are taken away again."""
        return {key: value for key, value in self.tags.items() if value is not None}

    @property
    def effective_mute(self) -> Mapping[str, MuteSettings]:
        """The maintenance windows without those that are taken away again."""
        return {name: window for name, window in self.mute.items() if window}

    @property
    def effective_composite_alarms(self) -> Mapping[str, CompositeAlarmSettings]:
        """The composite alarms without those that are taken away again."""
        return {name: alarm for name, alarm in self.composite_alarms.items() if alarm}


class Account(Settings):
    """One AWS account, with whatever differs from the defaults."""

    id: AccountId
    """The account's id: 12 digits."""


class Rule(MemberPattern):
    """Settings for the accounts of the organization that all of organizational_unit, name and tags match."""

    settings: Settings = Settings()
    """The settings of these accounts, before the defaults'. Default: none of their own."""
    skip: StrictBool | None = None
    """true leaves these accounts out, false takes back that a rule above does. Default: as the rules above
    say, and otherwise the accounts are watched."""


class Unmatched(Enum):
    """What becomes of an account of the organization that no rule matches."""

    ERROR = "error"
    WATCH = "watch"
    LEAVE_OUT = "leave-out"


class Organization(Model):
    """The accounts of an AWS organization. All rules that match an account apply, in their order: later ones
    win. An entry under accounts, with the id of an account of the organization, wins over them all."""

    export: ExportOrFile
    """The file that 'aws organizations list-accounts' was written to, relative to the deployment file. Rules
    by organizational unit or tag need OrganizationalUnit (Root/Workloads/Production) and Tags ({Key: value})
    in each account there."""
    rules: tuple[Rule, ...] = ()
    """Which accounts get which settings. Default: none."""
    unmatched: Unmatched = Unmatched.ERROR
    """What becomes of an account that no rule matches: error, watch (as the defaults say) or leave-out.
    Default: error."""

    @cached_property
    def _rules_by_id(self) -> dict[str, tuple[int, ...]]:
        return {
            member.id: tuple(index for index, rule in enumerate(self.rules) if rule.matches(member))
            for member in self.export.accounts
        }

    def rules_of(self, account_id: str) -> tuple[int, ...]:
        """Return the indices of the rules that match an account; none for one that is not in the export."""
        return self._rules_by_id.get(account_id, ())


class Deployment(Model):
    """One deployment: its name prefix, defaults, and the accounts."""

    model_config = ConfigDict(
        json_schema_extra={
            "anyOf": [{"required": [source]} for source in ("accounts", "accounts_folder", "organization")]
        }
    )
    #: Each of its accounts is left out by its own problems.
    most_problems: ClassVar[int | None] = None
    _folder: Path = PrivateAttr(default=Path())
    refused: ClassVar[Mapping[str, str]] = {
        **dict.fromkeys(Settings.model_fields, "belongs under defaults, or under an account in accounts")
    }

    name: InstanceName = "windows-security"
    """What the names of roles, topics, alarms and buckets begin with. A change after an apply replaces all of
    these: the servers need the other instance profile, and every endpoint must confirm again. It begins
    another state too: move the file of a local one first, or set bucket and prefix, or workspace, to what
    they were. A second deployment for the same account and region needs another name, log_group_prefix and
    metric_namespace, and servers of its own. Default: windows-security."""
    own_events: tuple[OwnRecord, ...] = ()
    """Events that the catalog does not have. Each is watched in every account that does not disable it under
    events. Default: none."""
    own_correlations: tuple[OwnCorrelationRecord, ...] = ()
    """Rules over several records that the catalog does not have. Each runs in every account that does not
    disable it under correlations. Default: none."""
    own_events_file: RelativePath | None = None
    """A Python file with more of them, relative to this file: SecurityEvent records at its top level, as in
    catalog/events. It is run in a process of its own whenever this file is read or checked: review it as you
    review code. Default: none."""
    sigma: tuple[SigmaRules, ...] = ()
    """Sigma rules in files beside this one (docs/how-to/sigma.md), by the optional extra sigma. Each becomes
    an event that is watched in every account that does not disable it under events. Default: none."""
    defaults: Settings = Settings()
    """The settings of all accounts."""
    accounts_folder: RelativePath | None = None
    """A folder with a file NAME.yaml for each account, which holds what an entry under accounts would,
    relative to the deployment file. Default: none."""
    organization: Organization | None = None
    """The accounts of an AWS organization, with rules for their settings. Default: none."""
    accounts: Annotated[Mapping[AccountName, Account], Field(validate_default=True)] = {}
    """The accounts, each under a name of your own. Default: those of accounts_folder and organization."""

    @field_validator("accounts")
    @classmethod
    def _are_some(cls, value: Mapping[str, Account], info: ValidationInfo) -> Mapping[str, Account]:
        # An organization that is malformed is not among the data, and is an error of its own.
        if not value and info.data.get("organization", ...) is None:
            raise ValueError(
                "there are none: list them here, each under a name of your own, or name an accounts_folder "
                "or an organization"
            )
        return value

    @property
    def folder(self) -> Path:
        """The folder of the deployment file; the current one where the settings are of no file."""
        return self._folder

    def in_folder(self, folder: Path) -> "Deployment":
        """Return the deployment as that of a file in this folder."""
        deployment = self.model_copy()
        deployment._folder = folder
        return deployment

    @property
    def known_events(self) -> tuple[SecurityEvent, ...]:
        """Every event that an account could watch: the catalog's, then the deployment's own."""
        return (*EVENTS, *self.own_events)

    @property
    def known_channels(self) -> frozenset[str]:
        """The event logs whose log groups terraform forgets rather than deletes."""
        of_events = {event.channel for event in self.own_events}
        return STANDING_CHANNELS.union(of_events, *(each.channels for each in self.known_correlations))

    @property
    def known_correlations(self) -> tuple[Correlation, ...]:
        """Every correlation that an account could run: the catalog's, then the deployment's own."""
        return (*CORRELATIONS, *self.own_correlations)
