"""State Manager associations over servers chosen by tag: what Systems Manager runs there."""

from collections.abc import Mapping, Sequence
from typing import NotRequired, TypedDict, Unpack

from cdktf import ITerraformDependable, TerraformProvider
from cdktf_cdktf_provider_aws.ssm_association import (
    SsmAssociation,
    SsmAssociationOutputLocation,
    SsmAssociationTargets,
)
from constructs import Construct

from catalog.derived.agent_scripts import ConfigurationMode
from deployment import AssociationSettings, AuditMode
from deployment.resources.associations import DEFAULT_VERSION, STEPS, manage_agent_action
from modules.servers.agent_configuration_parameter import AgentConfigurationParameter
from modules.servers.audit_policy_document import AuditPolicyDocument
from modules.servers.output_bucket import Bucket
from modules.servers.server_document import ServerDocument
from modules.terraform.escape_template import escape_template
from modules.terraform.providers import use_provider

#: Servers by tag: every key must be there with one of its values. At most 5 keys of 50 values each.
Targets = Mapping[str, Sequence[str]]


class AssociationArguments(TypedDict):
    """What every association takes, whatever its document.

    ``name``: the association's name: 3 to 128 letters, digits, ``_``, ``-`` and ``.``.
    ``targets``: the servers, by tag.
    ``settings``: schedule, rate control and compliance severity.
    ``region``: the region of the stack and of the output bucket.
    ``output_bucket``: where to keep what the commands print; without it the last 2,500 characters are kept.
    ``depends_on``: what must exist before the first run.
    ``provider``: the AWS provider of its resources; without it the stack's.
    """

    name: str
    targets: Targets
    settings: AssociationSettings
    region: str
    output_bucket: NotRequired[Bucket | None]
    depends_on: NotRequired[Sequence[ITerraformDependable]]
    provider: NotRequired[TerraformProvider | None]


class Association(Construct):
    """Runs a Systems Manager document on the servers now, on every new one, and on a schedule.

    Args:
        scope: The construct to put it under.
        id: Its id there; also the last part of the output's prefix.
        document: The document's name.
        parameters: The document's parameters. One that the document does not know makes the API refuse it.
        arguments: As ``AssociationArguments``.

    Attributes:
        resource: The terraform resource.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        document: str,
        parameters: Mapping[str, str],
        **arguments: Unpack[AssociationArguments],
    ) -> None:
        super().__init__(scope, id)
        use_provider(self, arguments.get("provider"))
        settings = arguments["settings"]
        bucket = arguments.get("output_bucket")
        self.resource = SsmAssociation(
            self,
            "association",
            name=document,
            document_version=DEFAULT_VERSION,
            association_name=arguments["name"],
            parameters=dict(parameters) or None,
            targets=[
                SsmAssociationTargets(key=f"tag:{key}", values=list(map(escape_template, values)))
                for key, values in arguments["targets"].items()
            ],
            schedule_expression=settings.schedule,
            max_concurrency=settings.max_concurrency,
            max_errors=settings.max_errors,
            compliance_severity=settings.compliance_severity.value,
            output_location=SsmAssociationOutputLocation(
                s3_bucket_name=bucket.name,
                s3_key_prefix="/".join(filter(None, [bucket.prefix, id])),
                s3_region=arguments["region"],
            )
            if bucket
            else None,
            depends_on=list(arguments.get("depends_on", ())) or None,
        )


class _StepAssociation(Association):
    """The association of one step of the procedure.

    Args:
        scope: The construct to put it under.
        id: Its id there.
        step: The step in ``STEPS``.
        value: The value of the step's variable parameter; empty to leave that parameter out.
        document: The document's name, where the step has no document of AWS.
        content_hash: The hash of what it brings to the servers, at the end of its name; empty for none.
        parameters: Values of parameters in place of the step's own.
        arguments: As ``AssociationArguments``.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        step: str,
        *,
        value: str = "",
        document: str = "",
        content_hash: str = "",
        parameters: Mapping[str, str] | None = None,
        **arguments: Unpack[AssociationArguments],
    ) -> None:
        if content_hash:
            arguments["name"] = f"{arguments['name']}-{content_hash}"
        super().__init__(
            scope,
            id,
            document=STEPS[step].document or document,
            parameters=STEPS[step].parameters_with(value, **(parameters or {})),
            **arguments,
        )


class UpdateSsmAgent(_StepAssociation):
    """Updates the Systems Manager agent (AWS-UpdateSSMAgent); for Windows Server 2016 and later.

    Args:
        scope: The construct to put it under.
        id: Its id there.
        arguments: As ``AssociationArguments``.
    """

    def __init__(self, scope: Construct, id: str, **arguments: Unpack[AssociationArguments]) -> None:
        super().__init__(scope, id, "update_ssm_agent", **arguments)


class UpdateEc2Config(_StepAssociation):
    """Updates EC2Config (AWS-UpdateEC2Config), which has the Systems Manager agent up to Windows 2012 R2.

    Args:
        scope: The construct to put it under.
        id: Its id there.
        arguments: As ``AssociationArguments``.
    """

    def __init__(self, scope: Construct, id: str, **arguments: Unpack[AssociationArguments]) -> None:
        super().__init__(scope, id, "update_ec2config", **arguments)


class InstallCloudWatchAgent(_StepAssociation):
    """Installs the CloudWatch agent on the servers (AWS-ConfigureAWSPackage).

    A run installs the wanted version where a server has recorded another one or none. Where it is recorded,
    nothing is executed, even if the agent's folder is gone: ``WatchServers`` repairs that.

    Args:
        scope: The construct to put it under.
        id: Its id there.
        version: The package's version, such as ``1.300071.0``. Default: the newest.
        arguments: As ``AssociationArguments``.
    """

    def __init__(
        self, scope: Construct, id: str, *, version: str = "", **arguments: Unpack[AssociationArguments]
    ) -> None:
        super().__init__(scope, id, "install_agent", value=version, **arguments)


class ApplyAuditPolicy(_StepAssociation):
    """Applies the audit policy to the servers, or only reports how they differ from it.

    A server where something failed, or with ``report`` would change, becomes non-compliant. The association's
    name ends with a hash of the document's content: other events, paths or sizes run it again at once.

    Args:
        scope: The construct to put it under.
        id: Its id there.
        document: The document that holds the policy.
        mode: Whether to apply the policy or only to report. Default: apply.
        arguments: As ``AssociationArguments``; nine characters are added to ``name``.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        document: AuditPolicyDocument,
        mode: AuditMode = AuditMode.APPLY,
        **arguments: Unpack[AssociationArguments],
    ) -> None:
        super().__init__(
            scope,
            id,
            "apply_audit_policy",
            value=mode.value,
            document=document.name,
            content_hash=document.content_hash,
            **arguments,
        )


class WatchServers(_StepAssociation):
    """Makes the servers watched by the ordered steps of one document: installed, configured, audited, proven.

    The association's name ends with a hash of the document's content, and its parameters are hashes of the
    agent's configuration and of the audit policy: another of them runs it again at once.

    Args:
        scope: The construct to put it under.
        id: Its id there.
        document: The document with the steps.
        parameters: The hashes of what it brings: another one runs it again at once.
        arguments: As ``AssociationArguments``; nine characters are added to ``name``.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        document: ServerDocument,
        parameters: Mapping[str, str],
        **arguments: Unpack[AssociationArguments],
    ) -> None:
        super().__init__(
            scope,
            id,
            "watch_servers",
            document=document.name,
            content_hash=document.content_hash,
            parameters=parameters,
            **arguments,
        )


class ConfigureCloudWatchAgent(_StepAssociation):
    """Has the agent fetch its configuration from Parameter Store and restart (AmazonCloudWatch-ManageAgent).

    Systems Manager does not notice that a parameter's value has changed. The association's name therefore
    ends with a hash of the value: another configuration changes the association, which runs it again at once.
    It fails on a server until the agent is installed there, and succeeds at a later run on its schedule.

    Args:
        scope: The construct to put it under.
        id: Its id there.
        configuration: The parameter that holds the configuration.
        mode: What happens to other configurations on a server. Default: they stay.
        arguments: As ``AssociationArguments``; nine characters are added to ``name``.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        configuration: AgentConfigurationParameter,
        mode: ConfigurationMode = ConfigurationMode.APPEND,
        **arguments: Unpack[AssociationArguments],
    ) -> None:
        super().__init__(
            scope,
            id,
            "configure_agent",
            value=configuration.name,
            parameters={"action": manage_agent_action(mode)},
            content_hash=configuration.content_hash,
            **arguments,
        )
