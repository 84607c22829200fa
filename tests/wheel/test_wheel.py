"""What the built wheel provides, in fresh environments of several Pythons and with each extra by itself."""

import ast
import json
import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.wheel.environments import (
    OWN_VERSION,
    REPOSITORY,
    Installed,
    build,
    environment,
    interpreter,
    library,
    unpack,
)

PYTHONS = ("3.11", "3.12", "3.13")
FOLDERS = ("catalog", "cli", "deployment", "modules", "replay", "verify", "recover")
_VERSION = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
#: What each extra makes importable, and the libraries that only other extras bring.
EXTRAS = {
    "": ("catalog", {"cdktf", "boto3", "pydantic", "rich", "typer", "yaml"}),
    "cli": ("cli.terminal", {"cdktf", "boto3", "evtx", "yaml"}),
    "deployment": ("deployment", {"cdktf", "boto3", "evtx"}),
    "constructs": ("modules", {"boto3", "evtx"}),
    "replay": ("replay.command_line", {"cdktf", "boto3"}),
    "verify": ("verify.__main__", {"cdktf", "evtx"}),
    "recover": ("recover.__main__", {"cdktf", "evtx"}),
}

Environment = Callable[..., Installed]
Command = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """The wheel installed with an extra for a version of Python, where this machine has that version."""
    package = unpack(wheel, tmp_path_factory.mktemp("package"))

    @cache
    def of(extra: str, version: str = OWN_VERSION) -> Installed:
        python = interpreter(version)
        if python is None:
            pytest.skip(f"Python {version} is not installed")
        libraries = (package, library(python, version, requirements()))
        return environment(python, extra, libraries, tmp_path_factory.mktemp(f"{version}-{extra}"))

    return of


def requirements() -> tuple[str, ...]:
    """Everything that some extra requires, as pip reads it."""
    extras = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"][
        "optional-dependencies"
    ]
    return tuple(
        sorted(
            {each for extra in extras.values() for each in extra if not each.startswith("windows-security")}
        )
    )


def modules(wheel: Path) -> Iterator[tuple[str, str]]:
    """Each module of the wheel with its source."""
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            if name.endswith(".py"):
                yield name, archive.read(name).decode()


def test_wheel_provides_one_package(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        top = {name.partition("/")[0] for name in archive.namelist()}
    assert {name for name in top if not name.endswith(".dist-info")} == {"windows_security"}


def test_wheel_holds_every_file_of_its_folders(wheel: Path) -> None:
    tracked = subprocess.run(
        ["git", "ls-files", "--", *FOLDERS], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    with zipfile.ZipFile(wheel) as archive:
        assert {f"windows_security/{name}" for name in tracked.stdout.split()} - {
            *archive.namelist()
        } == set()


def test_no_import_in_the_wheel_names_a_folder_of_the_checkout(wheel: Path) -> None:
    named = [
        (file, name)
        for file, source in modules(wheel)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [node.module or ""] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names]
        )
        if name.partition(".")[0] in FOLDERS
    ]
    assert named == []


def test_no_module_name_in_a_string_of_the_wheel_is_of_the_checkout(wheel: Path) -> None:
    name = re.compile(rf"(import_module|find_spec|__import__|files)\(f?\"({'|'.join(FOLDERS)})\b")
    assert [(file, found[0]) for file, source in modules(wheel) for found in name.finditer(source)] == []


def test_no_message_in_the_wheel_names_a_command_of_the_checkout(wheel: Path) -> None:
    command = re.compile(rf"python -m ({'|'.join(FOLDERS)})\b.*")
    assert [(file, found[0]) for file, source in modules(wheel) for found in command.finditer(source)] == []


@pytest.mark.parametrize("version", PYTHONS)
@pytest.mark.parametrize("extra", EXTRAS)
def test_extra_by_itself_has_what_its_folder_imports(
    extra: str, version: str, installed: Environment, tmp_path: Path
) -> None:
    module, foreign = EXTRAS[extra]
    program = f"""
import importlib.util
import windows_security.{module}
print([name for name in {sorted(foreign)} if importlib.util.find_spec(name)])
"""
    assert installed(extra, version).python(program, folder=tmp_path) == "[]\n"


@pytest.mark.parametrize("version", PYTHONS)
def test_catalog_needs_no_extra(version: str, installed: Environment, tmp_path: Path) -> None:
    program = """
import windows_security
from windows_security.catalog import EVENTS, matches
print(windows_security.__version__, len(EVENTS) > 200, matches('"4624"', "<EventID>4624</EventID>"))
"""
    assert installed("", version).python(program, folder=tmp_path) == f"{_VERSION} True True\n"


COMMAND = """
import sys
from importlib.metadata import entry_points

(command,) = entry_points(group="console_scripts", name="windows-security")
sys.exit(command.load()())
"""
#: Each command with the extra that it needs.
COMMANDS = {
    "catalog": "cli",
    "deployment": "deployment",
    "replay": "replay",
    "verify": "verify",
    "recover": "recover",
}


@pytest.fixture(scope="session")
def console_command(installed: Environment, tmp_path_factory: pytest.TempPathFactory) -> Command:
    """Run the console command of the package, installed with an extra for a version of Python."""
    script = tmp_path_factory.mktemp("bin") / "windows-security"
    script.write_text(COMMAND)

    def run(extra: str, version: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return installed(extra, version).run("python", str(script), *arguments, folder=script.parent)

    return run


@pytest.mark.parametrize("version", PYTHONS)
@pytest.mark.parametrize("name", COMMANDS)
def test_console_command_runs_with_the_extra_of_its_folder(
    name: str, version: str, console_command: Command
) -> None:
    run = console_command(COMMANDS[name], version, name, "--help")
    assert (run.returncode, run.stderr) == (0, "")
    assert f"windows-security {name}" in run.stdout


@pytest.mark.parametrize("name", COMMANDS)
def test_missing_extra_is_named_in_one_sentence(name: str, console_command: Command) -> None:
    run = console_command("", OWN_VERSION, name, "--help")
    assert (run.returncode, run.stdout) == (2, "")
    (line,) = run.stderr.splitlines()
    assert f'pip install "windows-security-monitoring[{COMMANDS[name]}]"' in line


def test_console_command_prints_the_version(console_command: Command) -> None:
    assert console_command("", OWN_VERSION, "--version").stdout == f"{_VERSION}\n"


OWN_PROJECT = """\
from modules.topic import NAME
from catalog import EVENTS as OWN_EVENTS

from windows_security.catalog import EVENTS
from windows_security.deployment import Account, Deployment, resolve
from windows_security.modules import AccountProvider, SecurityMonitoring

from cdktf import App, TerraformStack

assert (NAME, OWN_EVENTS) == ("ours", ()) and EVENTS
settings = {
    "id": "111111111111",
    "regions": ["eu-central-1"],
    "packs": ["article"],
    "notifications": {"subscriptions": [{"protocol": "email", "endpoint": "soc@example.com"}]},
}
(region,) = resolve(Deployment(accounts={"shared": Account.model_validate(settings)}))
app = App(outdir="cdktf.out")
stack = TerraformStack(app, "own")
AccountProvider(stack, "provider", account_id=region.account_id, region=region.region_name)
SecurityMonitoring(stack, "windows", region=region)
app.synth()
"""


@pytest.mark.parametrize("version", PYTHONS)
def test_project_with_modules_and_a_catalog_of_its_own_synthesizes_our_constructs(
    version: str, installed: Environment, tmp_path: Path
) -> None:
    for package, content in (
        ("modules", ""),
        ("modules/topic.py", 'NAME = "ours"\n'),
        ("catalog", "EVENTS = ()\n"),
    ):
        path = tmp_path / package
        if path.suffix:
            path.write_text(content)
        else:
            path.mkdir()
            (path / "__init__.py").write_text(content)
    (tmp_path / "main.py").write_text(OWN_PROJECT)

    run = installed("constructs", version).run("python", "main.py", folder=tmp_path)

    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")
    written = json.loads((tmp_path / "cdktf.out" / "stacks" / "own" / "cdk.tf.json").read_text())
    assert len(written["resource"]["aws_cloudwatch_metric_alarm"]) > 9


def test_own_events_file_imports_the_installed_catalog(installed: Environment, tmp_path: Path) -> None:
    example = (REPOSITORY / "examples" / "own_events" / "my_events.py").read_text(encoding="utf-8")
    renamed = example.replace("from catalog import", "from windows_security.catalog import")
    assert renamed != example
    (tmp_path / "my_events.py").write_text(renamed, encoding="utf-8")
    program = """
from pathlib import Path
from windows_security.deployment.loading.own_events_file import read
print(len(read(Path("my_events.py")).events))
"""
    assert installed("deployment").python(program, folder=tmp_path) == "3\n"


def test_several_processes_build_the_stacks_of_the_installed_package(
    installed: Environment, tmp_path: Path
) -> None:
    (tmp_path / "main.py").write_text(
        """\
from pathlib import Path

from windows_security.modules.app import parallel_build
from windows_security.deployment import load, resolve

if __name__ == "__main__":
    parallel_build.STACKS_IN_THIS_PROCESS = 1
    regions = resolve(load(Path("deployment.yaml")))
    batches = parallel_build.build(regions, Path("new"), continue_on_error=False)
    print(len(batches) > 1, sum(len(batch.manifest["stacks"]) for batch in batches) == len(regions))
"""
    )
    (tmp_path / "new").mkdir()
    (tmp_path / "deployment.yaml").write_text((REPOSITORY / "deployment.yaml").read_text("utf-8"), "utf-8")

    run = installed("constructs").run("python", "main.py", folder=tmp_path)

    assert (run.returncode, run.stdout) == (0, "True True\n"), run.stderr


def test_editable_installation_is_refused_with_a_reason(wheel: Path) -> None:
    sources = wheel.parent / "sources"
    build_it = "from setuptools import build_meta; build_meta.build_editable('.')"
    run = subprocess.run([sys.executable, "-c", build_it], cwd=sources, capture_output=True, text=True)
    assert run.returncode != 0
    assert "The package cannot be installed as editable: in the checkout, run 'make setup'." in run.stderr
