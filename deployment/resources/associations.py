"""The State Manager associations: the steps that Systems Manager runs on the servers."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from catalog.derived.agent_scripts import AGENT_CONFIGURATION, AGENT_VERSION, ConfigurationMode
from deployment.resolution.region_plan import RegionPlan
from deployment.settings.associations import ORDERED_STEPS, AssociationSettings, Layout

#: The version of its document that an association runs: with a fixed one, servers would miss every change.
DEFAULT_VERSION = "$DEFAULT"


@dataclass(frozen=True, slots=True)
class AssociationStep:
    """One step of the procedure, in its order.

    Args:
        document: The document that it runs; None for one of the deployment's own.
        targets: The settings that name its servers. It takes an association for each, since a server must
            have all the tags of one.
        parameters: The parameters of the document: those that every published version of it knows.
        variable: The parameter whose value the deployment decides; empty for none.
        essential: Whether alarms may not fire for a server on which it fails.
        hashed: Whether the association's name ends with a hash of what it brings to the servers, so that
            other content runs it again at once.
    """

    document: str | None
    targets: tuple[str, ...] = ("targets", "canary_targets", "ec2config_targets")
    parameters: Mapping[str, str] = field(default_factory=dict)
    variable: str = ""
    essential: bool = True
    hashed: bool = False

    def parameters_with(self, value: str, **others: str) -> dict[str, str]:
        """Return the parameters with a value for the variable one; without it where the value is empty.

        Args:
            value: The value.
            others: Values in place of those of the step.
        """
        return {**self.parameters, **others, **({self.variable: value} if value else {})}


#: The steps by the field of ``Associations`` that sets each.
STEPS: Mapping[str, AssociationStep] = {
    "update_ssm_agent": AssociationStep(
        "AWS-UpdateSSMAgent", ("targets", "canary_targets"), {"allowDowngrade": "false"}, essential=False
    ),
    "update_ec2config": AssociationStep(
        "AWS-UpdateEC2Config", ("ec2config_targets",), {"allowDowngrade": "false"}, essential=False
    ),
    "watch_servers": AssociationStep(None, hashed=True),
    "install_agent": AssociationStep(
        "AWS-ConfigureAWSPackage",
        parameters={
            "action": "Install",
            "installationType": "Uninstall and reinstall",
            "name": "AmazonCloudWatchAgent",
        },
        variable="version",
    ),
    "apply_audit_policy": AssociationStep(None, variable="mode", hashed=True),
    "configure_agent": AssociationStep(
        "AmazonCloudWatch-ManageAgent",
        parameters={
            "action": "configure",
            "mode": "ec2",
            "optionalConfigurationSource": "ssm",
            "optionalRestart": "yes",
        },
        variable="optionalConfigurationLocation",
        hashed=True,
    ),
}


def manage_agent_action(mode: ConfigurationMode) -> str:
    """Return the action of AmazonCloudWatch-ManageAgent that does with a configuration what a mode says."""
    return "configure" if mode is ConfigurationMode.REPLACE else f"configure ({mode.value})"


@dataclass(frozen=True, slots=True)
class AssociationSpec:
    """A State Manager association: one step on the servers that one setting names.

    Args:
        step: The field of ``Associations`` that sets it, such as ``install_agent``.
        key: Tells it from the others: the step, and ``<step>_canary`` and ``<step>_ec2config`` where the step
            has other associations for the servers of ``canary_targets`` and ``ec2config_targets``.
        name: Its name; that of a hashed step goes on with ``-`` and the hash.
        document: The document that it runs.
        parameters: The document's parameters.
        settings: How often it runs, and at what pace.
        targets: The servers: each tag with its values.
        is_2012: Whether they have Windows Server 2012 R2, and an agent that knows no event ids.
    """

    step: str
    key: str
    name: str
    document: str
    parameters: Mapping[str, str]
    settings: AssociationSettings
    targets: Mapping[str, tuple[str, ...]]
    is_2012: bool = False


def associations(plan: RegionPlan) -> tuple[AssociationSpec, ...]:
    """Return the associations that are enabled and have servers to look for, in the procedure's order."""
    own_documents = {
        "apply_audit_policy": plan.names.audit_policy_document,
        "watch_servers": plan.names.server_document,
    }
    mode = plan.settings.agent_configuration.mode
    if mode is not ConfigurationMode.REPLACE:
        # AWS's document knows no former parameter, and leaves the wizard's configuration beside this one.
        own_documents["configure_agent"] = plan.names.server_document
    specs = []
    for name in _steps(plan):
        step = STEPS[name]
        settings: AssociationSettings = getattr(plan.settings.associations, name)
        for target_setting in step.targets:
            if settings.enabled and (targets := getattr(plan.settings, target_setting)):
                servers = target_setting.removesuffix("targets")
                key = name if target_setting == step.targets[0] else f"{name}_{servers.rstrip('_')}"
                is_2012 = target_setting == "ec2config_targets"
                version = agent_version(plan, target_setting)
                configuration = plan.names.agent_parameter_2012 if is_2012 else plan.names.agent_parameter
                values = {
                    "install_agent": version,
                    "apply_audit_policy": plan.settings.audit_policy.mode.value,
                    "configure_agent": configuration,
                }
                document = own_documents.get(name) or step.document or ""
                parameters = step.parameters_with(values.get(name, ""))
                if document == plan.names.server_document:
                    parameters = {AGENT_CONFIGURATION: configuration}
                    if version and name == "watch_servers":
                        parameters[AGENT_VERSION] = version
                specs.append(
                    AssociationSpec(
                        step=name,
                        key=key,
                        name=plan.names.association(key),
                        document=document,
                        parameters=parameters,
                        settings=settings,
                        targets=targets,
                        is_2012=is_2012,
                    )
                )
    return tuple(specs)


def agent_version(plan: RegionPlan, target_setting: str) -> str:
    """Return the version of the agent on the servers of a setting such as ``targets``; empty: the newest."""
    settings = plan.settings
    if target_setting == "ec2config_targets":
        return settings.ec2config_agent_version
    if target_setting == "canary_targets" and settings.canary_agent_version is not None:
        return settings.canary_agent_version
    return settings.agent_version


def _steps(plan: RegionPlan) -> list[str]:
    """Return the steps of the plan's layout that have something to do."""
    settings = plan.settings.associations
    if settings.layout is Layout.SEPARATE:
        return [name for name in STEPS if name != "watch_servers"]
    watched = any(getattr(settings, name).enabled for name in ORDERED_STEPS)
    return [name for name in STEPS if name not in ORDERED_STEPS and (watched or name != "watch_servers")]
