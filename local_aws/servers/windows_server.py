"""A Windows server with a Systems Manager agent and a CloudWatch agent, as far as documents can see it.

What the two agents do follows their sources: a recorded version of the package is not installed again,
fetch-config removes every other configuration, append-config keeps them, and an agent that starts without a
configuration takes a default one.
"""

import fnmatch
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from local_aws.servers.powershell import Machine, ScriptObject, run

_PROGRAM_FILES = "C:\\Program Files"
_PROGRAM_DATA = "C:\\ProgramData"
_CONTROL = f"{_PROGRAM_FILES}\\Amazon\\AmazonCloudWatchAgent\\amazon-cloudwatch-agent-ctl.ps1"
_CONFIGS = f"{_PROGRAM_DATA}\\Amazon\\AmazonCloudWatchAgent\\Configs\\ssm_"
_DEFAULT = _CONFIGS.removesuffix("ssm_") + "default"
_COMMON = f"{_PROGRAM_DATA}\\Amazon\\AmazonCloudWatchAgent\\common-config.toml"
_RECORD = f"{_PROGRAM_DATA}\\Amazon\\SSM\\Packages\\_arnawsssmpackageamazoncloudwatchagent_24_HASH"


@dataclass
class WindowsServer:
    """One server.

    Args:
        tags: Its tags.
        node_id: Its id in Systems Manager: ``mi-...`` for a hybrid node.
        files: The files and folders that documents look at, by path, with their content.
        registry: Values by key and name.
        running: Whether the service of the CloudWatch agent runs.
        documents: What the documents that a step names come to on it, by name: lines and exit code.
    """

    tags: Mapping[str, str] = field(default_factory=dict)
    node_id: str = "i-0123456789abcdef0"
    files: dict[str, str] = field(default_factory=dict)
    registry: dict[tuple[str, str], Any] = field(default_factory=dict)
    running: bool = False
    documents: dict[str, tuple[list[str], int]] = field(default_factory=dict)

    @property
    def configurations(self) -> set[str]:
        """The names of the parameters whose configuration the agent holds."""
        return {path.removeprefix(_CONFIGS) for path in self.files if path.startswith(_CONFIGS)}

    @property
    def starts(self) -> int:
        """How often the agent was started."""
        return int(self.registry.get(("", "starts"), 0))

    def configure(self, parameter: str) -> None:
        """Give the agent a configuration, as somebody else would."""
        self.files[_CONFIGS + parameter] = ""
        self._start()

    def delete_agent(self) -> None:
        """Delete the agent's folder and stop it, as an intruder would; the record of the package stays."""
        self.files = {path: text for path, text in self.files.items() if "AmazonCloudWatchAgent" not in path}
        self.running = False

    def install(self, version: str = "newest") -> None:
        """Do what aws:configurePackage does: nothing where the version is recorded."""
        if self.files.get(_RECORD) != version:
            self.files[_RECORD] = version
            self.files[_CONTROL] = ""
            self.files[_COMMON] = "# common-config.toml of the package"

    @property
    def proxy(self) -> str:
        """What the agent's common-config.toml holds."""
        return self.files.get(_COMMON, "")

    def control(self, action: str, parameter: str) -> tuple[list[str], int]:
        """Run the agent's control script, as AmazonCloudWatch-ManageAgent does; lines and exit code."""
        return self._control(_CONTROL, ["-a", action, "-m", "ec2", "-c", f"ssm:{parameter}", "-s"])

    def execute(self, content: Mapping[str, Any]) -> tuple[list[str], int]:
        """Run a Command document and return what its steps print, and 1 where one of them failed.

        A step that fails does not keep the later ones from running.
        """
        printed: list[str] = []
        failed = 0
        for step in content["mainSteps"]:
            lines, status = self._step(step)
            printed += lines
            failed |= int(status != 0)
        return printed, failed

    def _step(self, step: Mapping[str, Any]) -> tuple[list[str], int]:
        inputs = step["inputs"]
        match step["action"]:
            case "aws:configurePackage":
                self.install(inputs.get("version", "newest"))
                return [], 0
            case "aws:runDocument":
                return self.documents.get(inputs["documentPath"], ([], 0))
            case "aws:runPowerShellScript":
                return run("\n".join(inputs["runCommand"]) + "\n", self._machine())
            case other:
                raise NotImplementedError(other)

    @property
    def has_default_configuration(self) -> bool:
        """Whether the agent runs with the configuration that it takes when it starts without any."""
        return _DEFAULT in self.files

    def _start(self) -> None:
        if not self.configurations:
            self.files[_DEFAULT] = ""
        self.running = True
        self.registry["", "starts"] = self.starts + 1

    def _machine(self) -> Machine:
        def exists(*, LiteralPath: str = "", Path: str = "") -> list[Any]:  # noqa: N803 - as the cmdlet's
            return [any(fnmatch.fnmatch(path, Path or LiteralPath) for path in self.files)]

        def remove(*, Path: str, **_: Any) -> list[Any]:  # noqa: N803
            self.files = {path: text for path, text in self.files.items() if not fnmatch.fnmatch(path, Path)}
            return []

        def service(**_: Any) -> list[Any]:
            status = "Running" if self.running else "Stopped"
            return [ScriptObject({"Status": status})] if _CONTROL in self.files else []

        def read(*, LiteralPath: str) -> list[Any]:  # noqa: N803
            return self.files[LiteralPath].splitlines()

        def write_file(*, LiteralPath: str, Value: Any, **_: Any) -> list[Any]:  # noqa: N803
            self.files[LiteralPath] = "\n".join(Value)
            return []

        def write(key: str, name: str, value: Any, kind: str = "String") -> None:
            self.registry[key, name] = value

        return Machine(
            commands={
                "Join-Path": lambda parent, child: [f"{parent}\\{child}"],
                "Test-Path": exists,
                "Remove-Item": remove,
                "Get-Service": service,
                "Get-Content": read,
                "Set-Content": write_file,
            },
            program=self._control,
            statics={
                "Microsoft.Win32.Registry::GetValue": lambda key, name, default: self.registry.get(
                    (key, name), default
                ),
                "Microsoft.Win32.Registry::SetValue": write,
            },
            variables={
                "env:programfiles": _PROGRAM_FILES,
                "env:programdata": _PROGRAM_DATA,
                "env:aws_ssm_instance_id": self.node_id,
            },
        )

    def _control(self, path: str, arguments: list[str]) -> tuple[list[str], int]:
        if path not in self.files:
            return [f"{path} is not there"], 1
        given = dict(re.findall(r"-([amc]) (\S+)", " ".join(arguments)))
        name = given["c"].removeprefix("ssm:")
        match given["a"]:
            case "remove-config":
                if self.files.pop(_CONFIGS + name, None) is None:
                    return ["There is no such configuration."], 1
            case "fetch-config":
                for other in self.configurations:
                    del self.files[_CONFIGS + other]
                self.files[_CONFIGS + name] = ""
            case "append-config":
                self.files[_CONFIGS + name] = ""
            case "stop":
                self.running = False
            case "start":
                self._start()
        if "-s" in arguments:
            self._start()
        return [], 0
