"""Which folder may import which, as in CONTRIBUTING.md, and inside a folder which room."""

import ast
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]

LAYERS = {
    "catalog": set[str](),
    "cli": {"catalog.errors", "catalog.docs.markdown"},
    "deployment": {"catalog", "cli"},
    "modules": {"catalog", "deployment"},
    "replay": {"catalog", "cli", "deployment"},
    "verify": {"catalog", "cli", "deployment"},
    "recover": {"catalog", "cli", "deployment", "verify.access"},
    "local_aws": {"catalog.filter_pattern", "cli"},
}
CDKTF = {"cdktf", "cdktf_cdktf_provider_aws", "constructs", "jsii"}
SETTINGS = {"pydantic", "pydantic_core", "yaml"}
TERMINAL = {"rich", "typer"}
AWS = {"boto3", "botocore"}
LIBRARIES = {
    "catalog": set[str](),
    "cli": TERMINAL,
    "deployment": SETTINGS | TERMINAL,
    "modules": CDKTF,
    "replay": TERMINAL | {"defusedxml", "evtx"},
    "verify": TERMINAL | AWS,
    "recover": TERMINAL | AWS,
}
# The command line; some of its commands are about a deployment, and one reads logs.
COMMAND_LINE = {
    "catalog": {("catalog/__main__.py", name) for name in ("cli", "deployment", "replay")},
    "deployment": {("deployment/__main__.py", "verify")},
}
# The catalog itself needs no library: its command line does, and the one module that reads Sigma rules.
CATALOG_LIBRARIES = {
    ("catalog/__main__.py", "typer"),
    *(
        ("catalog/sigma/reading.py", f"sigma.{name}")
        for name in ("collection", "exceptions", "rule", "types")
    ),
    *(("catalog/sigma/rule_file.py", f"sigma.{name}") for name in ("exceptions", "modifiers", "rule")),
}
# The rooms of each folder, which are modules or packages: each imports only rooms before it. Its command line
# (__main__) and its public names (__init__) may import every room, and no room imports these.
ROOMS = {
    "catalog": "errors checkout filter_pattern model events correlations samples derived sigma checks docs "
    "site",
    "cli": "text options tables terminal files lazy parallel errors application windows_security "
    "options_page",
    "deployment": (
        "problem aws settings resolution resources permissions checks plans state_files loading reports "
        "new_file settings_page"
    ),
    "modules": (
        "account_provider terraform logs alarms encryption state notifications security_account servers "
        "security_monitoring account_stack app"
    ),
    "replay": "readers engine report command_line",
    "verify": (
        "result advice access evaluation checks patterns drill state_content taken_names preflight stack "
        "report"
    ),
    "recover": "synthesized_stack lookups recovery",
    "local_aws": (
        "terraform calls insights moto strict servers cloudformation gateway records server "
        "existing_resources demo"
    ),
}
# It imports existing resources of every room.
ABOVE_ITS_ROOM = {"modules/terraform/imports.py"}
# No folder has more modules than these; a folder of records has one a family.
MODULES_IN_A_FOLDER = 15
LARGER_FOLDERS = {
    "deployment/resources": 19,  # a module for each kind of resource
    "deployment/settings": 23,  # a module for each topic of deployment.yaml
    "local_aws/moto": 16,  # a module for each part of AWS
    "verify/checks": 21,  # a module for each kind of resource
}


@cache
def imports(folder: str) -> tuple[tuple[str, str], ...]:
    """Each file below a folder with each module that it names in an import."""
    return tuple(_imports(folder))


def _imports(folder: str) -> Iterator[tuple[str, str]]:
    for file in sorted((REPOSITORY / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                assert not node.level, f"{file} imports relatively"
                is_package = (REPOSITORY / (node.module or "").replace(".", "/")).is_dir()
                names = [
                    f"{node.module}.{alias.name}" if is_package else node.module or "" for alias in node.names
                ]
            else:
                continue
            yield from ((str(file.relative_to(REPOSITORY)), name) for name in names)


def is_part_of(module: str, packages: set[str]) -> bool:
    return any(module == package or module.startswith(f"{package}.") for package in packages)


@pytest.mark.parametrize("folder", LAYERS)
def test_a_folder_imports_of_this_project_only_what_is_below_it(folder: str) -> None:
    above = {
        (file, module)
        for file, module in imports(folder)
        if is_part_of(module, set(LAYERS) | {"main", "benchmarks", "tests"})
        and not is_part_of(module, {folder} | LAYERS[folder])
    }
    assert {(file, module.partition(".")[0]) for file, module in above} == (COMMAND_LINE.get(folder, set()))


@pytest.mark.parametrize("folder", LIBRARIES)
def test_a_folder_imports_only_the_libraries_made_for_its_field(folder: str) -> None:
    assert {
        (file, module)
        for file, module in imports(folder)
        if module.partition(".")[0] not in sys.stdlib_module_names
        and not is_part_of(module, set(LAYERS) | LIBRARIES[folder])
    } == (CATALOG_LIBRARIES if folder == "catalog" else set())


def room_of(module: str) -> str:
    """The room of an imported module, or of a file, of one of the folders."""
    parts = module.removesuffix(".py").replace("/", ".").split(".")
    return parts[1] if len(parts) > 1 else "__init__"


@pytest.mark.parametrize("folder", ROOMS)
def test_every_room_of_a_folder_is_in_the_list(folder: str) -> None:
    found = {path.name.removesuffix(".py") for path in (REPOSITORY / folder).iterdir()}
    rooms = {name for name in found if (REPOSITORY / folder / f"{name}.py").exists()}
    rooms |= {name for name in found if any((REPOSITORY / folder / name).glob("*.py"))}
    assert sorted(rooms - {"__init__", "__main__"}) == sorted(ROOMS[folder].split())


@pytest.mark.parametrize("folder", ROOMS)
def test_a_room_imports_only_rooms_before_it(folder: str) -> None:
    rooms = ROOMS[folder].split()
    above = {
        (file, module)
        for file, module in imports(folder)
        if is_part_of(module, {folder})
        and room_of(file) in rooms
        and file not in ABOVE_ITS_ROOM
        and room_of(module) not in rooms[: rooms.index(room_of(file)) + 1]
    }
    assert above == set()


def test_no_folder_is_too_large() -> None:
    files = [file for folder in ROOMS for file in (REPOSITORY / folder).rglob("*.py")]
    sizes = Counter(
        str(file.parent.relative_to(REPOSITORY)) for file in files if not file.name.startswith("__")
    )
    too_large = {folder: size for folder, size in sizes.items() if size > MODULES_IN_A_FOLDER}
    assert {folder: size for folder, size in too_large.items() if size > LARGER_FOLDERS.get(folder, 0)} == {}
    assert set(LARGER_FOLDERS) <= set(too_large), "an allowance is no longer needed"


def test_a_class_name_occurs_once() -> None:
    files = [file for folder in ROOMS for file in (REPOSITORY / folder).rglob("*.py")]
    names = Counter(
        node.name
        for file in files
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
    )
    assert [name for name, number in names.items() if number > 1] == []
