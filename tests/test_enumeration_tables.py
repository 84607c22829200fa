"""Tables by the members of an enumeration have an entry for each: a new member must not end in a KeyError."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
FOLDERS = ("catalog", "cli", "deployment", "modules", "replay", "verify", "recover", "local_aws")
# Tables for some members on purpose, which are asked first whether they have one.
PARTIAL = {
    ("catalog/sigma/rule_event.py", "Place"),  # data without a name is said beside the markup
    ("catalog/model/prerequisite.py", "AuditSubcategory"),  # most subcategories need nothing else
    ("deployment/resources/topics.py", "Protocol"),  # only queues and functions have a policy
    ("verify/checks/subscriptions.py", "Protocol"),
}


@cache
def _modules() -> dict[str, ast.Module]:
    """Return each module, by its file; read where a test asks for it, and not in every process of a run."""
    return {
        str(file.relative_to(REPOSITORY)): ast.parse(file.read_text(encoding="utf-8"))
        for folder in FOLDERS
        for file in sorted((REPOSITORY / folder).rglob("*.py"))
    }


@cache
def _enumerations() -> dict[str, set[str]]:
    """Return the members of each enumeration, by its name."""
    return {
        node.name: {
            target.id
            for statement in node.body
            if isinstance(statement, ast.Assign)
            for target in statement.targets
            if isinstance(target, ast.Name)
        }
        for module in _modules().values()
        for node in ast.walk(module)
        if isinstance(node, ast.ClassDef)
        and any(isinstance(base, ast.Name) and base.id.endswith("Enum") for base in node.bases)
    }


def _tables() -> Iterator[tuple[str, str, set[str]]]:
    """Yield each table by an enumeration: its file, the enumeration, and the members that have an entry."""
    for file, module in _modules().items():
        names = {
            alias.asname: alias.name
            for node in ast.walk(module)
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
            if alias.asname
        }
        for node in ast.walk(module):
            keys = node.keys if isinstance(node, ast.Dict) else []
            members = [
                (names.get(key.value.id, key.value.id), key.attr)
                for key in keys
                if isinstance(key, ast.Attribute) and isinstance(key.value, ast.Name)
            ]
            enumeration = members[0][0] if members else ""
            if len(members) == len(keys) and enumeration in _enumerations():
                yield file, enumeration, {member for _, member in members}


def test_every_table_by_an_enumeration_has_an_entry_for_each_member() -> None:
    missing = {
        (file, enumeration): sorted(_enumerations()[enumeration] - members)
        for file, enumeration, members in _tables()
        if _enumerations()[enumeration] - members and (file, enumeration) not in PARTIAL
    }
    assert missing == {}


def test_the_tables_are_found() -> None:
    found = {enumeration for _, enumeration, _ in _tables()}
    assert {"AuditSubcategory", "Pack", "Protocol", "Severity"} <= found
