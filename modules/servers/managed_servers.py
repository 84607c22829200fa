"""The steps that Systems Manager runs on the servers, each an association."""

from collections.abc import Collection

from constructs import Construct

from deployment import RegionPlan
from deployment.resources.associations import associations
from deployment.resources.documents import server_document, server_document_parameters
from modules.alarms.event_alarm import EventAlarm
from modules.logs.event_log_group import EventLogGroup, LogGroup
from modules.servers.agent_configuration_parameter import AgentConfigurationParameter
from modules.servers.associations import (
    ApplyAuditPolicy,
    Association,
    AssociationArguments,
    ConfigureCloudWatchAgent,
    InstallCloudWatchAgent,
    UpdateEc2Config,
    UpdateSsmAgent,
    WatchServers,
)
from modules.servers.audit_policy_document import AuditPolicyDocument
from modules.servers.output_bucket import Bucket
from modules.servers.server_document import ServerDocument


def manage_servers(
    scope: Construct,
    region: RegionPlan,
    *,
    log_groups: Collection[LogGroup],
    alarms: Collection[EventAlarm],
    agent_configuration: AgentConfigurationParameter,
    agent_configuration_2012: AgentConfigurationParameter | None,
    output_bucket: Bucket | None,
) -> list[Association]:
    """Create the associations of a region, and the document that one of them applies.

    The agent is configured once the log groups and the metric filters exist.

    Returns:
        The associations, in the order of the procedure.
    """
    settings = region.settings
    document = (
        AuditPolicyDocument(
            scope,
            "audit-policy-document",
            name=region.names.audit_policy_document,
            events=region.collected_events,
            security_log_bytes=settings.audit_policy.security_log_bytes,
            prerequisites=settings.audit_policy.prerequisites,
            absent=settings.audit_policy.absent,
        )
        if settings.associations.apply_audit_policy.enabled
        else None
    )
    # The first thing that an agent ships is what it finds from the last 14 days, and a metric filter does
    # not look back: both ends must be there before it starts.
    groups = [group.resource for group in log_groups if isinstance(group, EventLogGroup)]
    filters = [each for alarm in alarms for each in alarm.metric_filters]
    ordered: ServerDocument | None = None
    created: list[Association] = []
    for spec in associations(region):
        configuration = (agent_configuration_2012 if spec.is_2012 else None) or agent_configuration
        association_id = spec.key.replace("_", "-")
        arguments: AssociationArguments = {
            "name": spec.name,
            "targets": spec.targets,
            "settings": spec.settings,
            "region": region.region_name,
            "output_bucket": output_bucket,
        }
        if spec.document == region.names.server_document:
            if ordered is None:
                content = server_document(region)
                assert content, "an association that runs the document, and no document"
                ordered = ServerDocument(scope, "watch-servers-document", spec=content)
            needed = [configuration.resource, *([document.resource] if document else [])]
            arguments["depends_on"] = [*groups, *filters, *needed]
            hashes = server_document_parameters(region, configuration_hash=configuration.content_hash)
            parameters = {**spec.parameters, **hashes}
            created.append(
                WatchServers(scope, association_id, document=ordered, parameters=parameters, **arguments)
            )
            continue
        match spec.step:
            case "update_ssm_agent":
                created.append(UpdateSsmAgent(scope, association_id, **arguments))
            case "update_ec2config":
                created.append(UpdateEc2Config(scope, association_id, **arguments))
            case "install_agent":
                version = spec.parameters.get("version", "")
                created.append(InstallCloudWatchAgent(scope, association_id, version=version, **arguments))
            case "apply_audit_policy" if document:
                created.append(
                    ApplyAuditPolicy(
                        scope, association_id, document=document, mode=settings.audit_policy.mode, **arguments
                    )
                )
            case "configure_agent":
                arguments["depends_on"] = [*groups, *filters]
                created.append(
                    ConfigureCloudWatchAgent(
                        scope,
                        association_id,
                        configuration=configuration,
                        mode=settings.agent_configuration.mode,
                        **arguments,
                    )
                )
    return created
