"""The PowerShell that keeps the CloudWatch agent of a server installed, configured and proven.

What each script does stands in its file beside this one.
"""

from collections.abc import Mapping, Sequence
from enum import Enum
from importlib.resources import files

#: The parameter in which the agent's wizard stores what it wrote on Windows.
WIZARD_PARAMETER = "AmazonCloudWatch-windows"


class ConfigurationMode(Enum):
    """What happens to other configurations of the agent on a server."""

    APPEND = "append"
    """They stay; this deployment's is added."""
    REPLACE = "replace"
    """They are removed, as the published procedure does it."""
    REMOVE = "remove"
    """They stay, and this deployment's is taken away: a deployment is about to be destroyed."""


#: What the agent's control script does with the configuration.
_ACTIONS: Mapping[ConfigurationMode, str] = {
    ConfigurationMode.APPEND: "append-config",
    ConfigurationMode.REPLACE: "fetch-config",
    ConfigurationMode.REMOVE: "remove-config",
}


#: The parameter of the document that changes with the agent's configuration. Its value is no part of the
#: content: Systems Manager refuses a content that an earlier version of the document has had.
CONFIGURATION_HASH = "configurationHash"
#: The parameters of the document for what differs between groups of servers: the version of the agent, and
#: the parameter with its configuration.
AGENT_VERSION = "agentVersion"
AGENT_CONFIGURATION = "agentConfiguration"


_CONFIGURATION = f"'{{{{ {AGENT_CONFIGURATION} }}}}'"


def repair_script() -> str:
    """Return the script to run before the installation: an agent whose folder is gone is installed again."""
    return _file("agent_repair.ps1")


def configure_script(
    *,
    deployment: str,
    mode: ConfigurationMode = ConfigurationMode.APPEND,
    replaced: Sequence[str] = (WIZARD_PARAMETER,),
) -> str:
    """Return the script that gives the agent its configuration, or takes it away.

    Args:
        deployment: The deployment's name: what it applied is remembered under it.
        mode: What happens to other configurations. Default: they stay.
        replaced: Parameters whose configuration is removed where a server has it, since it ships the same
            channels. Default: that of the agent's wizard.
    """
    variables = {
        "deployment": f"'{deployment}'",
        "configuration": _CONFIGURATION,
        "hash": f"'{{{{ {CONFIGURATION_HASH} }}}}'",
        "action": f"'{_ACTIONS[mode]}'",
        "replaced": f"@({', '.join(map(repr, replaced))})",
    }
    return _assigned(variables) + _file("agent_configure.ps1")


def proxy_script(proxy: Mapping[str, str], *, deployment: str) -> str:
    """Return the script that writes the agent's proxy where it is not set, as after an upgrade of the agent.

    Args:
        proxy: The settings of the section ``[proxy]`` of common-config.toml: ``http_proxy``,
            ``https_proxy`` and ``no_proxy``.
        deployment: The deployment's name, under which the script has the configuration applied again.
    """
    lines = ["[proxy]", *(f'{name} = "{value}"' for name, value in proxy.items())]
    variables = {"deployment": f"'{deployment}'", "proxy": f"@({', '.join(map(repr, lines))})"}
    return _assigned(variables) + _file("agent_proxy.ps1")


def prove_script() -> str:
    """Return the script that fails, with a sentence, where the agent does not run with the configuration."""
    return _assigned({"configuration": _CONFIGURATION}) + _file("agent_prove.ps1")


def _assigned(variables: dict[str, str]) -> str:
    return "".join(f"${name} = {value}\n" for name, value in variables.items())


def _file(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="ascii")
