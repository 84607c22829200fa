"""The parameter that holds the CloudWatch agent's configuration."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from catalog.derived.agent_configuration import PARAMETER_PREFIX, Collection, agent_configuration, minified
from deployment.aws.limits import ADVANCED_PARAMETER_BYTES, STANDARD_PARAMETER_BYTES
from deployment.resolution.region_plan import RegionPlan

#: The key of AWS that encrypts parameters. Its policy admits whoever may read the parameter.
PARAMETER_STORE_KEY = "alias/aws/ssm"


@dataclass(frozen=True, slots=True)
class ParameterSpec:
    """A parameter in Parameter Store, in the words of PutParameter."""

    name: str
    value: str
    type: str
    tier: str
    key_id: str | None = None
    description: str = "Configuration of the CloudWatch agent on monitored Windows servers"


def region_agent_configuration(
    plan: RegionPlan, log_group_names: Mapping[str, str] | None = None, *, is_2012: bool = False
) -> dict[str, Any]:
    """Return the agent's configuration of a region.

    Args:
        plan: The region.
        log_group_names: The log group of each channel. Default: those of the plan.
        is_2012: Whether it is for Windows Server 2012 R2, whose agent knows no event ids: it ships the event
            logs of the events whole. Default: false.
    """
    chosen = plan.settings.agent_configuration.extra
    extra = chosen.configuration if chosen else {}
    configuration = agent_configuration(
        plan.collected_events,
        collection=Collection.LEVELS if is_2012 else plan.settings.collection,
        host_metrics=plan.settings.host_metrics,
        log_groups=log_group_names or plan.log_groups,
        extra=extra,
    )
    if is_2012:
        # No log group is created for a channel of the wizard's without events.
        for entry in [*_event_logs(configuration)]:
            if entry["event_name"] not in plan.log_groups and entry not in _event_logs(extra):
                _event_logs(configuration).remove(entry)
    return configuration


def _event_logs(configuration: Mapping[str, Any]) -> list[dict[str, Any]]:
    collected: Mapping[str, Any] = configuration.get("logs", {}).get("logs_collected", {})
    entries: list[dict[str, Any]] = collected.get("windows_events", {}).get("collect_list", [])
    return entries


def agent_parameters(plan: RegionPlan) -> dict[str, bool]:
    """Return the parameters with configurations, each with whether it is for Windows Server 2012 R2."""
    names = {plan.names.agent_parameter: False}
    return {**names, plan.names.agent_parameter_2012: True} if plan.settings.ec2config_targets else names


def parameter_of(
    configuration: Mapping[str, Any], *, name: str, kms_key_arn: str | None = None, adopted: bool = False
) -> ParameterSpec:
    """Return the parameter of an agent's configuration, minified, in the cheapest tier it fits.

    Args:
        configuration: The configuration.
        name: The parameter's name.
        kms_key_arn: A key to encrypt with. Default: that of AWS for Parameter Store.
        adopted: Whether the parameter exists already and is imported.

    Raises:
        ValueError: The name lacks the prefix, or the configuration does not fit or cannot be stored.
    """
    value = minified(configuration)
    size = len(value.encode())
    if not name.startswith(PARAMETER_PREFIX):
        raise ValueError(
            f"parameter {name}: the name must begin with {PARAMETER_PREFIX}, or no agent may read it"
        )
    if size > ADVANCED_PARAMETER_BYTES:
        raise ValueError(
            f"parameter {name}: the agent's configuration has {size:,} bytes, over the "
            f"{ADVANCED_PARAMETER_BYTES:,} that Parameter Store takes; watch fewer events, shorten the "
            "prefix of the log groups, or collect less under agent_configuration.extra"
        )
    if "{{" in value:
        raise ValueError(f"parameter {name}: Parameter Store takes no value with {{{{ in it")
    if adopted:
        # An advanced parameter cannot become a standard one: this tier leaves either as it is, and grows
        # where it must. Parameter Store does not turn a String into a SecureString.
        return ParameterSpec(name, value, "String", "Intelligent-Tiering")
    tier = "Standard" if size <= STANDARD_PARAMETER_BYTES else "Advanced"
    # With any key a SecureString: another type would take another parameter, and one of the same name cannot
    # be created until 30 seconds after the former was deleted (DeleteParameter).
    return ParameterSpec(name, value, "SecureString", tier, kms_key_arn or PARAMETER_STORE_KEY)
