"""Packages whose public names are imported when they are used: ``--help`` does not wait for libraries."""

import ast
from collections.abc import Callable
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any


def lazy_names(package: str) -> Callable[[str], Any]:
    """Return the ``__getattr__`` of a package whose names are those that it imports ``if TYPE_CHECKING:``.

    No name may be that of a module in the package, which Python would take for it.

    Args:
        package: Its ``__name__``.
    """

    @cache
    def modules() -> dict[str, str]:
        spec = find_spec(package)
        source = spec.loader.get_source(package) if spec else ""  # type: ignore[union-attr]
        imports = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ImportFrom))
        return {alias.asname or alias.name: node.module or "" for node in imports for alias in node.names}

    def name_of(name: str) -> Any:
        # Python looks for names of its own: they need not be searched for.
        if name.startswith("__") or name not in modules():
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return getattr(import_module(modules()[name]), name)

    return name_of
