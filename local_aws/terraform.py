"""Runs terraform over a synthesized stack, unchanged, against the local AWS.

A stack is a folder that holds `cdk.tf.json`, as cdktf writes one for each stack under `cdktf.out/stacks`.
"""

import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROVIDER = "registry.terraform.io/hashicorp/aws"

# Where else a mirror may lie: the folders that terraform knows, and those of an image that brings one.
SYSTEM_MIRRORS = ("usr/local/share/terraform/plugins", "usr/share/terraform/plugins", "opt/*")

OVERRIDE_FILE = "local_aws_override.tf.json"
"""Terraform merges a file of such a name into `cdk.tf.json`; it holds what only a test needs."""

# Terraform runs here in the caller's place, so these of the caller's variables must not reach it:
# credentials, arguments, and where it keeps its data.
_FOREIGN = ("AWS_", "TF_CLI_ARGS", "TF_DATA_DIR", "TF_WORKSPACE", "TF_VAR_")


class TerraformError(Exception):
    """A terraform command failed: the command, its exit code, and terraform's own words."""

    def __init__(self, command: str, exit_code: int, message: str) -> None:
        super().__init__(f"{command} failed with exit code {exit_code}:\n{message}")
        self.command = command
        self.exit_code = exit_code
        self.message = message


@dataclass(frozen=True)
class Change:
    """What a plan does to one resource: its address, and "create", "update", "delete" or "import".

    A replacement is "delete" and "create", in the order in which they happen.
    """

    address: str
    actions: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """A plan, and the changes to resources in it. `is_empty` also says that no output changes."""

    is_empty: bool
    changes: tuple[Change, ...]


def binary_name() -> str:
    """The command to run: what TERRAFORM_BINARY_NAME names ("tofu", for one), or terraform."""
    return os.environ.get("TERRAFORM_BINARY_NAME") or "terraform"


def find_provider_mirror() -> Path | None:
    """The folder on this machine that holds the AWS provider as a filesystem mirror, if there is one.

    It is looked for in TF_PLUGIN_MIRROR, in the user's own plugin folder, and in those of SYSTEM_MIRRORS.
    """
    named = os.environ.get("TF_PLUGIN_MIRROR")
    candidates = [
        *([Path(named)] if named else []),
        Path.home() / ".terraform.d" / "plugins",
        *(folder for pattern in SYSTEM_MIRRORS for folder in sorted(Path("/").glob(pattern))),
    ]
    return next((folder for folder in candidates if (folder / PROVIDER).is_dir()), None)


def terraform_environment(directory: Path) -> dict[str, str]:
    """The variables with which terraform, or cdktf above it, finds the provider and asks nothing.

    With a mirror on this machine, a CLI configuration that names it is written into `directory`. Without one
    terraform uses its registry, by the user's own configuration.
    """
    # Each command builds the schema of every resource type of AWS: a quarter less processor time where Go
    # collects garbage less often.
    environment = {"CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1", "GOGC": os.environ.get("GOGC", "400")}
    mirror = find_provider_mirror()
    if mirror is None:
        # A configuration that is named but missing is an error to terraform, an empty name is not.
        if not Path(os.environ.get("TF_CLI_CONFIG_FILE", os.devnull)).exists():
            environment["TF_CLI_CONFIG_FILE"] = ""
        return environment
    configuration = directory / "terraform.rc"
    configuration.write_text(
        "disable_checkpoint = true\n"
        "provider_installation {\n"
        "  filesystem_mirror {\n"
        f"    path    = {json.dumps(str(mirror))}\n"
        f"    include = [{json.dumps(PROVIDER)}]\n"
        "  }\n"
        "  direct {\n"
        f"    exclude = [{json.dumps(PROVIDER)}]\n"
        "  }\n"
        "}\n"
    )
    return {
        **environment,
        "TF_CLI_CONFIG_FILE": str(configuration),
        # cdktf runs `terraform providers lock`, which asks the registry unless it is told otherwise.
        "TF_CLI_ARGS_providers_lock": f"-fs-mirror={mirror}",
    }


class Terraform:
    """A stack's folder, and the terraform commands that run in it.

    Args:
        stack_directory: The folder that holds `cdk.tf.json`.
        environment: The variables that point terraform at an AWS: those of `LocalAws.environment`. They come
            on top of the caller's own, without its credentials and its settings of terraform.
        working_directory: The folder to run in; the stack is copied there first. Default: the stack's own, as
            cdktf does. A relative path of a local backend starts here.
        override: What terraform merges into the stack, for what only a test needs:
            `{"provider": {"aws": {"max_retries": 1}}}`.
        progress: Called with each line that terraform writes.
    """

    def __init__(
        self,
        stack_directory: Path,
        environment: Mapping[str, str],
        working_directory: Path | None = None,
        *,
        override: Mapping[str, Any] | None = None,
        progress: Callable[[str], None] | None = None,
    ) -> None:
        stack_directory = stack_directory.resolve()
        self.directory = (working_directory or stack_directory).resolve()
        if self.directory != stack_directory:
            shutil.copytree(stack_directory, self.directory, dirs_exist_ok=True)
        data = self.directory / ".terraform"
        data.mkdir(parents=True, exist_ok=True)
        own = {name: value for name, value in os.environ.items() if not name.startswith(_FOREIGN)}
        self.environment = {**own, **terraform_environment(data), **environment}
        self._plan_file = data / "local-aws.tfplan"
        self._progress = progress
        override_file = self.directory / OVERRIDE_FILE
        override_file.unlink(missing_ok=True)
        if override is not None:
            override_file.write_text(json.dumps(override))

    def init(self, *options: str) -> None:
        """Set up the backend and the providers; `options` such as "-reconfigure" or "-backend=false"."""
        self._run("init", "-input=false", "-no-color", *options)

    def validate(self) -> None:
        """Check the stack against the provider's schema, without any AWS."""
        self._run("validate", "-no-color")

    def plan(self, *options: str) -> Plan:
        """What an apply would change; `options` such as "-destroy" or "-target=ADDRESS"."""
        exit_code, _ = self._run(
            *("plan", "-input=false", "-no-color", "-detailed-exitcode", f"-out={self._plan_file}"),
            *options,
            accepted=(0, 2),
        )
        if exit_code == 0:
            return Plan(is_empty=True, changes=())
        plan = self._json("show", "-json", str(self._plan_file))
        changes = [_change(each) for each in plan.get("resource_changes", []) if each["mode"] == "managed"]
        return Plan(is_empty=False, changes=tuple(change for change in changes if change.actions))

    def apply(self, *options: str, planned: bool = False) -> None:
        """Make AWS what the stack says, without asking; `planned`: what the last plan says, as it is."""
        plan = [str(self._plan_file)] if planned else []
        self._run("apply", "-input=false", "-no-color", "-auto-approve", *options, *plan)

    def destroy(self, *options: str) -> None:
        """Delete everything that the stack made, without asking."""
        self._run("destroy", "-input=false", "-no-color", "-auto-approve", *options)

    def output(self) -> dict[str, Any]:
        """The values of the stack's outputs, by their names."""
        return {name: output["value"] for name, output in self._json("output", "-json").items()}

    def start(self, *arguments: str, **options: Any) -> subprocess.Popen[str]:
        """Start a terraform command without waiting for it, for those who mean to interrupt it.

        `options` are those of `subprocess.Popen`.
        """
        command = [binary_name(), *arguments]
        try:
            return subprocess.Popen(command, cwd=self.directory, env=self.environment, text=True, **options)
        except FileNotFoundError:
            message = f"{binary_name()} is not installed (TERRAFORM_BINARY_NAME can name another binary)"
            raise TerraformError(" ".join(command), 127, message) from None

    def _json(self, *arguments: str) -> Any:
        _, text = self._run(*arguments, quiet=True)
        return json.loads(text)

    def _run(self, *arguments: str, accepted: tuple[int, ...] = (0,), quiet: bool = False) -> tuple[int, str]:
        """The exit code and the standard output of a command."""
        lines: list[str] = []
        with tempfile.TemporaryFile("w+") as errors:
            with self.start(*arguments, stdout=subprocess.PIPE, stderr=errors) as process:
                assert process.stdout is not None
                for line in process.stdout:
                    lines.append(line)
                    if self._progress is not None and not quiet:
                        self._progress(line.rstrip())
            errors.seek(0)
            message = errors.read() or "".join(lines)
        if process.returncode not in accepted:
            command = f"{binary_name()} {arguments[0]} in {self.directory}"
            raise TerraformError(command, process.returncode, _unframed(message))
        return process.returncode, "".join(lines)


def _change(resource: Mapping[str, Any]) -> Change:
    change = resource["change"]
    actions = [action for action in change["actions"] if action != "no-op"]
    return Change(resource["address"], tuple((["import"] if "importing" in change else []) + actions))


def _unframed(message: str) -> str:
    """Terraform's message without the frame that it draws around it."""
    return re.sub(r"^[╷│╵] ?", "", message, flags=re.MULTILINE).strip()
