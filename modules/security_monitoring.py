"""Everything that an account needs in one region to see its Windows events and to notify people of them."""

import zlib
from collections.abc import Mapping
from dataclasses import replace
from weakref import WeakKeyDictionary

from cdktf import ITerraformDependable, TerraformProvider, TerraformStack, Token
from constructs import Construct

from catalog import Severity
from deployment import RegionPlan
from deployment.aws.arn import parse_arn
from deployment.resources.agent_configuration import region_agent_configuration
from deployment.resources.alarms import AlarmSpec, alarm_specs, alarms
from deployment.resources.association_failures import association_failure_rule, failure_severity
from deployment.resources.buckets import output_bucket as output_bucket_of
from deployment.resources.chat import channels_of, chat_channels, chat_roles
from deployment.resources.encryption_key import encrypted_log_groups
from deployment.resources.log_alarms import LogAlarmSpec, log_alarm_roles
from deployment.resources.log_groups import log_groups as log_groups_of
from deployment.resources.mute_rules import mute_rules
from deployment.resources.roles import extra_log_group_arns, publishes_metrics
from deployment.resources.topics import alarms_call_function
from deployment.settings.servers import ServerPolicy
from modules.alarms.account_alarms import account_alarms
from modules.alarms.dashboard import Dashboard
from modules.alarms.event_alarm import EventAlarm
from modules.alarms.log_alarm import LogAlarm
from modules.alarms.mute_rule import MuteRule
from modules.alarms.saved_query import SavedQuery
from modules.alarms.service_role import ServiceRole
from modules.encryption.encryption_key import EncryptionKey, ExistingKey, Key
from modules.logs.event_log_group import EventLogGroup, ExistingLogGroup, LogGroup
from modules.logs.log_group_names import LogGroupNames
from modules.notifications.alarm_topic import AlarmTopic, ExistingTopic, Topic, subscribe
from modules.notifications.chat_channel import ChatChannel
from modules.notifications.function_permission import permit
from modules.security_account.region_forwarding import send_to_security_account
from modules.servers.agent_configuration_parameter import AgentConfigurationParameter
from modules.servers.association_failures import AssociationFailureRule
from modules.servers.configuration_admin_role import ConfigurationAdminRole
from modules.servers.managed_servers import manage_servers
from modules.servers.output_bucket import Bucket, ExistingBucket, OutputBucket
from modules.servers.server_role import ServerRole
from modules.terraform.imports import import_adopted
from modules.terraform.providers import use_provider
from modules.terraform.unmanaged import leave_unmanaged


class SecurityMonitoring(Construct):
    """The whole manual procedure for one account and region.

    Roles, the agent's configuration, the associations that install and configure the agent, log groups, a
    metric filter for each event, alarms, and topics with their subscriptions.

    Args:
        scope: The construct to put it under, in a stack with an AWS provider.
        id: Its id there.
        region: The account and region, with the events, names and settings: from ``deployment.resolve``, or
            built manually. Its state and the role to assume are the stack's business and mean nothing here.
        log_groups: Log groups that exist already, by channel, such as ``Security``, in place of those of the
            settings.
        topics: Topics that exist already, by severity, in place of those of the settings.
        output_bucket: A bucket that exists already for the output of commands.
        encryption_key: A key that exists already, in place of that of the settings.
        provider: The AWS provider of all its resources. Default: the stack's.

    Attributes:
        alarms: The ``EventAlarm`` of each event that metric filters count, by its key.
        log_alarms: The ``LogAlarm`` of each event with the log engine, group of such events, and correlation,
            by the key of the alarm.
        account_alarm_arns: The ARNs of the alarms of no single event, by the setting that asks for each:
            ``silence_alarm``, ``composite_alarms.<name>``.
        log_groups: The log group of each channel.
        topics: The topic of each severity that has a recipient.
        server_role: The role of the servers.

    Raises:
        ValueError: An alarm would notify nobody, the provider is for another region, or another
            SecurityMonitoring in the stack has the same name, log group or metric namespace.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        region: RegionPlan,
        log_groups: Mapping[str, LogGroup] | None = None,
        topics: Mapping[Severity, Topic] | None = None,
        output_bucket: Bucket | None = None,
        encryption_key: Key | None = None,
        provider: TerraformProvider | None = None,
    ) -> None:
        super().__init__(scope, id)
        _refuse_other_region(region, provider)
        use_provider(self, provider)
        self.region = region
        settings = region.settings
        existing_groups = self._existing_log_groups() | dict(log_groups or {})
        _refuse_collision(self, existing_groups)

        self.encryption_key = encryption_key or self._encryption_key()
        self._key_arn = self.encryption_key.arn if self.encryption_key else None
        self.log_groups = {
            channel: existing_groups.get(channel)
            or EventLogGroup(
                self,
                f"log-group-{channel}",
                name=spec.name,
                retention_days=spec.retention_days,
                kms_key_arn=None if spec.keeps_encryption else self._key_arn,
                outlives_stack=spec.outlives_stack,
                protected=spec.protected,
            )
            for channel, spec in log_groups_of(region).items()
        }
        made = region.log_groups.keys() - existing_groups.keys()
        kept = [
            (f"log-group-{channel}", "log-group", "aws_cloudwatch_log_group")
            for channel in region.known_channels - made
        ]
        if made:
            LogGroupNames(
                self,
                "log-group-names",
                prefix=settings.log_group_prefix,
                log_groups=[
                    group
                    for channel, group in sorted(self.log_groups.items())
                    if channel in made and isinstance(group, EventLogGroup)
                ],
            )
        else:
            kept.append(("log-group-names", "prefix", "terraform_data"))
        if encryption_key or not isinstance(self.encryption_key, EncryptionKey):
            kept.append(("encryption-key", "key", "aws_kms_key"))
        leave_unmanaged(self, sorted(kept))
        # The name as it was given, not a reference: the agent's configuration must hold the name itself.
        self._log_group_names = region.log_groups | {
            channel: group.resource.name_input or "" if isinstance(group, EventLogGroup) else group.name
            for channel, group in existing_groups.items()
        }
        self.topics = self._topics() | dict(topics or {})
        topic_arns = {severity: topic.arn for severity, topic in self.topics.items()}
        prefix = f"{region.names.name}-{region.region_name}-"
        roles = {
            spec.name: ServiceRole(self, f"{spec.name.removeprefix(prefix)}-role", spec=spec)
            for spec in log_alarm_roles(region)
        }
        specs = alarm_specs(
            region,
            topic_arns=topic_arns,
            log_group_names={channel: group.name for channel, group in self.log_groups.items()},
            log_alarm_role_arns={name: role.arn for name, role in roles.items()},
        )
        self.alarms = self._event_alarms(specs)
        self.log_alarms = {
            key: LogAlarm(
                self,
                f"alarm-{spec.stack_name.removeprefix(f'{region.names.name}-')}",
                spec=spec,
                depends_on=[role.policy for role in roles.values()],
            )
            for key, spec in specs.items()
            if isinstance(spec, LogAlarmSpec)
        }
        self._connect_chat_channels(topic_arns)
        self._permit_called_functions()
        for event in region.events:
            SavedQuery(
                self,
                f"query-{event.key}",
                event=event,
                log_group=self.log_groups[event.channel],
                names=region.names,
            )

        of_account = account_alarms(self, region, specs, log_groups=self.log_groups, event_alarms=self.alarms)
        self.account_alarm_arns = {key: alarm.arn for key, alarm in of_account.items()}
        self._mute_alarms({key: alarm.alarm for key, alarm in of_account.items()})
        if settings.dashboard:
            Dashboard(self, "dashboard", region=region, log_group_names=self._log_group_names)

        self.output_bucket = output_bucket or self._output_bucket()
        self.agent_configuration = AgentConfigurationParameter(
            self,
            "agent-configuration",
            name=region.names.agent_parameter,
            configuration=region_agent_configuration(region, self._log_group_names),
            kms_key_arn=self._key_arn,
            adopted=settings.adopt.parameter is not None,
        )
        self.agent_configuration_2012 = (
            AgentConfigurationParameter(
                self,
                "agent-configuration-2012",
                name=region.names.agent_parameter_2012,
                configuration=region_agent_configuration(region, self._log_group_names, is_2012=True),
                kms_key_arn=self._key_arn,
            )
            if settings.ec2config_targets
            else None
        )
        self.server_role = ServerRole(
            self,
            "server-role",
            name=region.names.server_role,
            region=region.region_name,
            log_groups=self.log_groups.values(),
            agent_configuration=self.agent_configuration,
            other_configurations=filter(None, [self.agent_configuration_2012]),
            output_bucket=self.output_bucket,
            encryption_key=self.encryption_key,
            least_privilege=settings.server_role.policy is ServerPolicy.LEAST_PRIVILEGE,
            host_metrics=publishes_metrics(region),
            extra_log_group_arns=extra_log_group_arns(region),
            existing_role_name=settings.server_role.existing,
            path=settings.created_roles.path,
            permissions_boundary=region.permissions_boundary,
        )
        if settings.configuration_admin_role:
            ConfigurationAdminRole(
                self,
                "configuration-admin-role",
                name=region.names.configuration_admin_role,
                region=region.region_name,
                path=settings.created_roles.path,
                permissions_boundary=region.permissions_boundary,
            )
        created = manage_servers(
            self,
            region,
            log_groups=self.log_groups.values(),
            alarms=self.alarms.values(),
            agent_configuration=self.agent_configuration,
            agent_configuration_2012=self.agent_configuration_2012,
            output_bucket=self.output_bucket,
        )
        if rule := association_failure_rule(region):
            severity = failure_severity(region)
            assert severity
            topic_arn = topic_arns[severity]
            AssociationFailureRule(
                self,
                "association-failures",
                spec=replace(rule, topic_arn=topic_arn),
                associations=created,
            )
        send_to_security_account(
            self, region, log_groups=self.log_groups, log_group_names=self._log_group_names.values()
        )
        import_adopted(
            region,
            log_groups=self.log_groups,
            topics=self.topics,
            alarms=self.alarms,
            server_role=self.server_role,
            agent_configuration=self.agent_configuration,
        )

    def _existing_log_groups(self) -> dict[str, LogGroup]:
        region = self.region
        return {
            channel: ExistingLogGroup(name, region.arn("logs", f"log-group:{name}"))
            for channel, name in region.settings.existing_log_groups.items()
            if channel in region.log_groups
        }

    def _encryption_key(self) -> Key | None:
        region, chosen = self.region, self.region.settings.encryption
        if not chosen.customer_managed:
            return None
        if chosen.key:
            return ExistingKey(chosen.key)
        return EncryptionKey(
            self,
            "encryption-key",
            alias=region.names.key_alias,
            account_id=region.account_id,
            region=region.region_name,
            log_group_names=encrypted_log_groups(region),
            event_rules=association_failure_rule(region) is not None,
            protected=region.settings.deletion_protection,
        )

    def _topics(self) -> dict[Severity, Topic]:
        topics: dict[Severity, Topic] = {}
        failures = association_failure_rule(self.region)
        for chosen in self.region.topics:
            single = chosen.name == self.region.names.topic()
            topic: Topic
            if arn := chosen.existing_arn:
                topic = ExistingTopic(arn)
                # By its ARN: which severities it serves may change, and the subscriptions must not.
                subscribe(Construct(self, f"topic-{zlib.crc32(arn.encode()):08x}"), arn, chosen.subscriptions)
            else:
                topic = AlarmTopic(
                    self,
                    "topic" if single else f"topic-{chosen.severities[0].value}",
                    name=chosen.name,
                    account_id=self.region.account_id,
                    region=self.region.region_name,
                    subscriptions=chosen.subscriptions,
                    kms_key_arn=self.region.settings.notifications.kms_key or self._key_arn,
                    event_rules=failures is not None and failures.topic_arn == self.region.topic_arn(chosen),
                )
            topics |= dict.fromkeys(chosen.severities, topic)
        return topics

    def _event_alarms(self, specs: Mapping[str, AlarmSpec]) -> dict[str, EventAlarm]:
        region = self.region
        unnotified = [
            alarm.key
            for alarm in alarms(region)
            if not specs[alarm.key].actions and alarm.severity not in region.settings.notifications.unnotified
        ]
        if unnotified:
            raise ValueError(
                f"{', '.join(unnotified)} would notify nobody: give a topic or a subscription for their "
                "severity, or name it in notifications.unnotified"
            )
        created: dict[str, EventAlarm] = {}
        for event in region.metric_events:
            spec = specs.get(event.key)
            created[event.key] = EventAlarm(
                self,
                f"event-{event.key}",
                event=event,
                log_group=self.log_groups[event.channel],
                names=region.names,
                metric_namespace=region.settings.metric_namespace,
                description=spec.description if spec else "",
                actions=spec.actions if spec else (),
                ok_actions=spec.ok_actions if spec else (),
            )
        for additional in region.additional_alarms:
            if additional.event.key not in created:
                continue
            spec = specs[additional.key]
            created[additional.event.key].add_alarm(
                additional,
                description=spec.description,
                actions=spec.actions,
                ok_actions=spec.ok_actions,
            )
        return created

    def _connect_chat_channels(self, arns: Mapping[Severity, str]) -> None:
        region = self.region
        roles = {spec.name: ServiceRole(self, "chat-role", spec=spec) for spec in chat_roles(region)}
        channels = channels_of(region)
        for spec in chat_channels(region):
            role, severities = roles[region.names.chat_role], channels[spec.key].severities
            ChatChannel(
                self,
                f"chat-{spec.key}",
                spec=spec,
                topic_arns=list(dict.fromkeys(arn for each, arn in arns.items() if each in severities)),
                role_arn=role.arn,
                depends_on=[role.policy],
            )

    def _mute_alarms(self, of_account: Mapping[str, ITerraformDependable]) -> None:
        """Create the rules of the maintenance windows, each after the alarms that it names."""
        region = self.region
        by_key = {key: each.alarm for key, each in self.alarms.items() if each.alarm} | {
            f"{key}.{name}": alarm
            for key, each in self.alarms.items()
            for name, alarm in each.additional_alarms.items()
        }
        created = {**by_key, **{key: each.stack for key, each in self.log_alarms.items()}, **of_account}
        for spec in mute_rules(region):
            MuteRule(
                self,
                spec.stack_name.removeprefix(f"{region.names.name}-"),
                spec=spec,
                depends_on=[created[alarm.key] for alarm in alarms(region) if alarm.name in spec.alarm_names],
            )

    def _permit_called_functions(self) -> None:
        region = self.region
        called = [arn for alarm in alarms(region) for arn in alarm.custom_actions]
        for arn in dict.fromkeys(called):
            parts = parse_arn(arn)
            # Another account decides for itself who calls its functions.
            if parts and parts.service == "lambda" and parts.account_id == region.account_id:
                spec = alarms_call_function(arn, region=region.region_name, account_id=region.account_id)
                permit(self, f"alarm-action-{zlib.crc32(arn.encode()):08x}-permission", spec)

    def _output_bucket(self) -> Bucket | None:
        spec = output_bucket_of(self.region)
        if spec is None:
            return None
        if spec.existing:
            return ExistingBucket(spec.name, f"arn:{self.region.partition}:s3:::{spec.name}", spec.prefix)
        return OutputBucket(
            self,
            "output-bucket",
            name=spec.name,
            prefix=spec.prefix,
            expiration_days=spec.expiration_days,
            kms_key_arn=self._key_arn,
        )


def _refuse_other_region(plan: RegionPlan, provider: TerraformProvider | None) -> None:
    """Refuse a provider of another region, whose resources would be where nothing else expects them."""
    region = getattr(provider, "region", None)
    if isinstance(region, str) and not Token.is_unresolved(region) and region != plan.region_name:
        raise ValueError(
            f"the provider is for {region}, and the plan {plan.stack_name} for {plan.region_name}: give a "
            f"provider of {plan.region_name}"
        )


_TAKEN: WeakKeyDictionary[TerraformStack, set[str]] = WeakKeyDictionary()


def _refuse_collision(instance: SecurityMonitoring, existing_groups: Mapping[str, LogGroup]) -> None:
    """Refuse a second instance in one stack that would count the same records twice, or share a name."""
    region = instance.region
    own = {f"name {region.names.name}", f"metric_namespace {region.settings.metric_namespace}"} | {
        f"log group {name}" for channel, name in region.log_groups.items() if channel not in existing_groups
    }
    taken = _TAKEN.setdefault(TerraformStack.of(instance), set())
    if shared := sorted(own & taken):
        raise ValueError(f"another SecurityMonitoring in this stack has the same {', '.join(shared)}")
    taken |= own
