"""docs/reference/constructs.md has every public construct, at the module that defines it."""

import ast
import re
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
PAGE = (REPOSITORY / "docs" / "reference" / "constructs.md").read_text(encoding="utf-8")
#: A former name, and a word that one construct takes.
NO_CONSTRUCTS = {"SilenceAlarm", "Combination"}


def public_names() -> dict[str, str]:
    """The module of each name that ``modules`` has for others."""
    tree = ast.parse((REPOSITORY / "modules" / "__init__.py").read_text(encoding="utf-8"))
    return {
        alias.name: str(node.module)
        for node in tree.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if alias.name[0].isupper()
    }


def test_every_public_construct_is_described() -> None:
    described = {
        f"{module}.{name}" for module, name in re.findall(r"^::: ([\w.]+)\.(\w+)$", PAGE, re.MULTILINE)
    }
    names = public_names().items()
    assert described == {f"{module}.{name}" for name, module in names if name not in NO_CONSTRUCTS}
