"""Every command that is printed or documented works as written: it is run here, or by the test that is named.

Commands stand in code blocks and code spans of the pages, in comments of the examples, in workflows, and in
the texts of the program.
"""

import ast
import re
import shlex
import shutil
import subprocess
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import redirect_stdout
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import typer
from botocore.session import Session

from cli.application import GroupWithDefault
from cli.windows_security import COMMANDS

REPOSITORY = Path(__file__).resolve().parents[1]
PAGES = [
    page for pages in ("*.md", "docs/**/*.md", "examples/**/README.md") for page in REPOSITORY.glob(pages)
]
PROGRAMS = [*COMMANDS, "modules", "cli", "local_aws"]

#: What runs a command that needs an AWS, or a build: a test, by its file and name.
RUN_BY = {
    "deployment preflight": "tests/verify/test_preflight.py",
    "recover": "tests/recover/test_main.py",
    "verify checks": "tests/verify/test_main.py",
    "verify drill": "tests/end_to_end/test_drill.py",
    "verify patterns": "tests/verify/test_patterns.py",
    "cdktf apply": "tests/end_to_end/test_cdktf_cli.py",
    "cdktf destroy": "tests/end_to_end/test_cdktf_cli.py",
    "cdktf list": "tests/end_to_end/test_cdktf_cli.py",
    "cdktf output": "tests/end_to_end/test_cdktf_cli.py",
    "cdktf plan": "tests/end_to_end/test_cdktf_cli.py",
    "cdktf synth": "tests/end_to_end/test_cdktf_cli.py",
}
#: What one of cdktf's commands takes: apply and destroy several stacks, by patterns; plan exactly one.
CDKTF_STACKS = {
    "apply": re.compile(r"[\w*-]+"),
    "destroy": re.compile(r"[\w*-]+"),
    "list": None,
    "plan": re.compile(r"[\w-]+"),
    "synth": None,
}
CDKTF_OPTIONS = {"--skip-synth", "--auto-approve", "--terraform-parallelism", "--output", "-o"}
#: Documented commands that check what this folder lacks, and end with status 1 there.
FOUND = {"catalog sigma check", "catalog coverage"}
_NAMES = "|".join(COMMANDS)
_COMMAND = re.compile(
    rf"(?:\.venv/bin/)?python (?:-O )?(?:-m (?:windows_security\.)?(?:{_NAMES})(?![.\w])|main\.py)[^\n`]*"
    rf"|npx cdktf [^\n`]*|make [a-z-]+(?: PYTHON=\S+)?|windows-security (?:{_NAMES})\b[^\n`]*"
)


@dataclass(frozen=True)
class Found:
    """A command, and where it stands.

    Args:
        place: The file.
        text: The command, and what follows it in a text.
        is_whole: Whether nothing but the command is there.
        is_line: Whether it is to be run as it stands: a line of a code block, without placeholders.
    """

    place: str
    text: str
    is_whole: bool = True
    is_line: bool = False

    def __str__(self) -> str:
        return f"{self.place}: {self.text}"


def of_pages() -> Iterator[Found]:
    for page in sorted(PAGES):
        place = str(page.relative_to(REPOSITORY))
        block = ""
        for line in page.read_text(encoding="utf-8").splitlines():
            if line.strip().startswith("```"):
                block = "" if block else line.strip().removeprefix("```") or "text"
            elif block in ("sh", "bash", "text") or line.startswith("    "):
                if match := _COMMAND.match(re.sub(r"^\s*(?:[A-Z]+=\S+ )*", "", line)):
                    yield Found(place, match[0], is_line=True)
            else:
                for span in re.findall(r"`([^`]+)`", line):
                    if match := _COMMAND.match(span):
                        yield Found(place, match[0])


def of_examples_and_workflows() -> Iterator[Found]:
    files = [*REPOSITORY.glob("examples/**/*.yaml"), *REPOSITORY.glob(".github/workflows/*.yml")]
    for file in sorted(files):
        for line in file.read_text(encoding="utf-8").splitlines():
            text = re.sub(r"^(?:#     (?:[A-Z]+=\S+ )*| *(?:- run: )?)", "", line)
            if match := _COMMAND.match(text):
                yield Found(str(file.relative_to(REPOSITORY)), match[0], is_line=line.startswith("#"))


def of_texts() -> Iterator[Found]:
    """The commands in the strings of the program; what is filled in later is NAME."""
    files = [file for program in PROGRAMS for file in (REPOSITORY / program).rglob("*.py")]
    for file in [*files, REPOSITORY / "main.py"]:
        tree = ast.parse(file.read_text(encoding="utf-8"))
        parts = {
            id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values
        }
        for node in ast.walk(tree):
            if id(node) not in parts and (text := _text(node)):
                for quote, command in re.findall(rf"(['`]*)({_COMMAND.pattern})", text):
                    if not command.startswith("make "):
                        whole = command.partition(quote)[0] if quote else command
                        place = f"{file.relative_to(REPOSITORY)}:{getattr(node, 'lineno', 0)}"
                        yield Found(place, whole, is_whole=bool(quote))


def _text(node: ast.AST) -> str:
    match node:
        case ast.Call(func=ast.Name("command"), args=[ast.Constant(str(line)), *_]):
            # The helper puts the name of the program before it.
            return f"windows-security {line}"
        case ast.JoinedStr(values=values):
            return "".join(str(part.value) if isinstance(part, ast.Constant) else "NAME" for part in values)
        case ast.Constant(str(text)):
            return text
    return ""


ALL = [*of_pages(), *of_examples_and_workflows(), *of_texts()]


def words(text: str) -> list[str]:
    text = text.partition(" > ")[0]  # where the shell puts the output
    try:
        return shlex.split(text, comments=True)
    except ValueError:
        return text.split()


def resolved(text: str) -> tuple[str, Any, list[str]] | None:
    """The name of a command of the project, the command, and its arguments; None for a command of others."""
    _, is_module, rest = text.partition("-m ")
    if not is_module and not text.startswith("windows-security "):
        return None
    name, *arguments = words(
        (rest or text.removeprefix("windows-security ")).removeprefix("windows_security.")
    )
    command: Any = typer.main.get_command(import_module(_module(name)).application)
    while subcommands := getattr(command, "commands", None):
        if arguments and arguments[0] in subcommands:
            name, command = f"{name} {arguments[0]}", subcommands[arguments.pop(0)]
        elif isinstance(command, GroupWithDefault):
            name, command = next((f"{name} {key}", each) for key, each in subcommands.items())
        else:
            break
    return name, command, arguments


def _module(name: str) -> str:
    return f"{name}.__main__" if name in COMMANDS else name


def problem(found: Found) -> str:
    """What is wrong with a command of the project; empty where nothing is."""
    if (project := resolved(found.text)) is None:
        return ""
    name, command, arguments = project
    if hasattr(command, "commands"):
        return f"no command {arguments[0]}" if arguments and found.is_whole else ""
    options = {flag for each in command.params for flag in (*each.opts, *each.secondary_opts)} | {"--help"}
    given = {each.partition("=")[0].rstrip(".,;:)") for each in arguments if re.match("--?[a-z]", each)}
    if unknown := given - options:
        return f"{name} has no {', '.join(unknown)}"
    # A stack's name or pattern is no plain word.
    if found.is_whole and name == "verify checks" and any(re.fullmatch("[a-z]+", each) for each in arguments):
        return f"verify has no command {arguments[0]}"
    return ""


def test_every_command_of_the_project_exists_with_its_options() -> None:
    assert len(ALL) > 100
    assert [f"{found}: {text}" for found in ALL if (text := problem(found))] == []


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the documented commands can run: a deployment, a log and a rule of those names."""
    folder = tmp_path_factory.mktemp("commands")
    (folder / "deployment.yaml").symlink_to(REPOSITORY / "deployment.yaml")
    (folder / "examples").symlink_to(REPOSITORY / "examples")
    log = (REPOSITORY / "examples" / "sample_events" / "web-01.xml").read_text(encoding="utf-8")
    log = re.sub(r"<EventRecordID>\d+<", "<EventRecordID>694674<", log, count=1)
    for name in ("FILE.evtx", "Security.evtx", "LOGS"):
        (folder / name).write_text(log, encoding="utf-8")
    # What docs/how-to/replay.md has a replay write first, for a later one to be compared with.
    with (folder / "before.json").open("w", encoding="utf-8") as file, redirect_stdout(file):
        assert import_module("replay.__main__").main([str(folder / "Security.evtx"), "--json"]) == 0
    rules = REPOSITORY / "examples" / "sigma_rules" / "rules"
    (folder / "rules").mkdir()
    shutil.copy(rules / "new_administrator.yml", folder / "rules" / "administrators.yml")
    shutil.copytree(rules / "new_administrator.samples", folder / "rules" / "administrators.samples")
    return folder


def lines() -> list[str]:
    """The lines that are run here, each once."""
    project = {shlex.join(words(found.text)): resolved(found.text) for found in ALL if found.is_line}
    return sorted(text for text, command in project.items() if command and command[0] not in RUN_BY)


@pytest.mark.parametrize("text", lines())
def test_documented_line_is_run(
    text: str, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    name, _, arguments = resolved(text) or ("", None, [])
    monkeypatch.chdir(folder)
    main = import_module(f"{name.split()[0]}.__main__").main
    status = main([*name.split()[1:], *arguments])
    output = capsys.readouterr()
    assert status == 0 or (status == 1 and name in FOUND), output.err
    assert output.out


@pytest.mark.parametrize("reference", sorted(set(RUN_BY.values())))
def test_test_that_runs_a_command_exists(reference: str) -> None:
    file, _, name = reference.partition("::")
    assert f"def {name or 'test_'}" in (REPOSITORY / file).read_text(encoding="utf-8")


def cdktf_problem(found: Found) -> str:
    command, *arguments = words(found.text)[2:]
    given = [each for each in arguments if each.startswith("-")]
    stacks = [each for each in arguments if not each.startswith("-") and not each.isdigit()]
    if command not in CDKTF_STACKS or not set(given) <= CDKTF_OPTIONS:
        return "cdktf has no such command or option"
    if not found.is_line:
        return ""
    if (pattern := CDKTF_STACKS[command]) is None:
        return "takes no stack" if stacks else ""
    if not stacks or not all(map(pattern.fullmatch, stacks)) or (command == "plan" and len(stacks) > 1):
        return "plan takes one stack, apply and destroy names or patterns"
    return ""


def test_cdktf_takes_the_stacks_of_every_command() -> None:
    of_cdktf = [found for found in ALL if found.text.startswith("npx")]
    assert [f"{found}: {text}" for found in of_cdktf if (text := cdktf_problem(found))] == []


def test_make_has_every_target() -> None:
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    for found in ALL:
        if found.text.startswith("make "):
            target, *variables = found.text.split()[1:]
            assert re.search(rf"^{target}:", makefile, re.MULTILINE), found
            names = [each.partition("=")[0] for each in variables]
            assert all(re.search(rf"^{name} \?=", makefile, re.MULTILINE) for name in names), found


def test_extras_that_are_to_be_installed_exist() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = set(re.findall(rf"{project['name']}\[(\w+)\]", "".join(p.read_text("utf-8") for p in PAGES)))
    assert extras
    assert extras <= set(project["optional-dependencies"])


def aws_calls() -> list[str]:
    texts = {page: page.read_text(encoding="utf-8") for page in PAGES}
    found = (re.findall(r"\baws ([a-z]+ [a-z]+(?:-[a-z]+)+(?: --[a-z-]+)*)", text) for text in texts.values())
    return sorted({call for calls in found for call in calls})


@pytest.mark.parametrize("call", aws_calls())
def test_call_of_the_aws_command_line_exists(call: str) -> None:
    service, operation, *given = call.split()
    if service == "logs" and operation == "tail":
        return
    model = Session().get_service_model(service)
    name = "".join(part.capitalize() for part in operation.split("-"))
    shape = model.operation_model(name).input_shape
    members: Mapping[str, Any] = shape.members if shape else {}
    known = {re.sub("(?<!^)([A-Z])", r"-\1", each).lower() for each in members}
    assert {each.removeprefix("--") for each in given} <= known | {"query", "output"}


def test_terraform_has_the_documented_commands() -> None:
    texts = "".join(page.read_text(encoding="utf-8") for page in PAGES)
    commands = set(re.findall(r"`terraform ([a-z-]+)", texts))
    assert commands
    listed = subprocess.run(["terraform", "-help"], capture_output=True, text=True).stdout
    assert [each for each in commands if f"\n  {each} " not in listed] == []
