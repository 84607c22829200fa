"""The State Manager associations: the steps that Systems Manager runs on the servers."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from catalog.derived.agent_scripts import ConfigurationMode
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
    targets: tuple[str, ...] = ("targets", "ec2config_targets")
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
        "AWS-UpdateSSMAgent", ("targets",), {"allowDowngrade": "false"}, essential=False
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
    """Return the action of AmazonCloudWatch-ManageAgent that applies a configuration in a mode."""
    return "configure (append)" if mode is ConfigurationMode.APPEND else "configure"


@dataclass(frozen=True, slots=True)
class AssociationSpec:
    """A State Manager association: one step on the servers that one setting names.

    Args:
        step: The field of ``Associations`` that sets it, such as ``install_agent``.
        key: Tells it from the others: the step, and ``<step>_ec2config`` where the step has another
            association for the servers of ``ec2config_targets``.
        name: Its name; that of a hashed step goes on with ``-`` and the hash.
        document: The document that it runs.
        parameters: The document's parameters.
        settings: How often it runs, and at what pace.
        targets: The servers: each tag with its values.
    """

    step: str
    key: str
    name: str
    document: str
    parameters: Mapping[str, str]
    settings: AssociationSettings
    targets: Mapping[str, tuple[str, ...]]


def associations(plan: RegionPlan) -> tuple[AssociationSpec, ...]:
    """Return the associations that are enabled and have servers to look for, in the procedure's order."""
    values = {
        "install_agent": plan.settings.agent_version,
        "apply_audit_policy": plan.settings.audit_policy.mode.value,
        "configure_agent": plan.names.agent_parameter,
    }
    own_documents = {
        "apply_audit_policy": plan.names.audit_policy_document,
        "watch_servers": plan.names.server_document,
    }
    action = manage_agent_action(plan.settings.agent_configuration.mode)
    specs = []
    for name in _steps(plan):
        step = STEPS[name]
        settings: AssociationSettings = getattr(plan.settings.associations, name)
        for target_setting in step.targets:
            if settings.enabled and (targets := getattr(plan.settings, target_setting)):
                key = name if target_setting == step.targets[0] else f"{name}_ec2config"
                specs.append(
                    AssociationSpec(
                        step=name,
                        key=key,
                        name=plan.names.association(key),
                        document=step.document or own_documents[name],
                        parameters=step.parameters_with(
                            values.get(name, ""), **({"action": action} if name == "configure_agent" else {})
                        ),
                        settings=settings,
                        targets=targets,
                    )
                )
    return tuple(specs)


def _steps(plan: RegionPlan) -> list[str]:
    """Return the steps of the plan's layout that have something to do."""
    settings = plan.settings.associations
    if settings.layout is Layout.SEPARATE:
        return [name for name in STEPS if name != "watch_servers"]
    watched = any(getattr(settings, name).enabled for name in ORDERED_STEPS)
    return [name for name in STEPS if name not in ORDERED_STEPS and (watched or name != "watch_servers")]
