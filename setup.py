"""Builds the package `windows_security` from the folders of the checkout.

In the checkout the folders are imported as `catalog`, `modules` and so on. A project that installs the
package may have folders of such names itself: in the package they are `windows_security.catalog` and so on.
"""

import ast
import re
from pathlib import Path

from setuptools import find_packages, setup
from setuptools.command.build_py import build_py
from setuptools.command.editable_wheel import editable_wheel
from setuptools.errors import SetupError

PACKAGE = "windows_security"
FOLDERS = ("catalog", "cli", "deployment", "modules", "replay", "verify", "recover")
COMMAND = re.compile(rf"\bpython -m (?={'|'.join(FOLDERS)}\b)")


def renamed(source: str, file: str) -> str:
    """Return a module's source, as it is in the package: the names in its imports, and its command lines.

    Raises:
        SetupError: An import binds the name of a folder, which the package cannot have it do.
    """
    lines = source.split("\n")
    for node in ast.walk(ast.parse(source, file)):
        match node:
            case ast.ImportFrom(module=str(name), level=0):
                pass
            case ast.Import(names=[ast.alias(name=name, asname=alias)]):
                if name.partition(".")[0] in FOLDERS and not alias:
                    raise SetupError(f"{file}:{node.lineno}: write 'from ... import' or 'import ... as'")
            case _:
                continue
        if name.partition(".")[0] in FOLDERS:
            line = lines[node.lineno - 1]
            lines[node.lineno - 1] = line.replace(f" {name} ", f" {PACKAGE}.{name} ", 1)
    return COMMAND.sub("windows-security ", "\n".join(lines))


class BuildRenamed(build_py):
    """Copies the folders into the package, which it gives its version and its mark as typed."""

    def run(self) -> None:
        """Build the package."""
        super().run()
        folder = Path(self.build_lib, PACKAGE)
        version = self.distribution.get_version()
        description = self.distribution.get_description()
        (folder / "__init__.py").write_text(f'"""{description}."""\n\n__version__ = "{version}"\n')
        (folder / "py.typed").touch()

    def build_module(self, module: str, module_file: str, package: str) -> tuple[str, bool]:
        """Copy one module, renamed."""
        target, copied = super().build_module(module, module_file, package)  # type: ignore[no-untyped-call]
        Path(target).write_text(renamed(Path(module_file).read_text("utf-8"), module_file), "utf-8")
        return target, copied


class RefuseEditable(editable_wheel):
    """Refuses what would import the folders under names that they do not have."""

    def run(self) -> None:
        """Refuse."""
        raise SetupError("The package cannot be installed as editable: in the checkout, run 'make setup'.")


packages = find_packages(include=[pattern for folder in FOLDERS for pattern in (folder, f"{folder}.*")])
setup(
    packages=[f"{PACKAGE}.{package}" for package in packages],
    package_dir={f"{PACKAGE}.{folder}": folder for folder in FOLDERS},
    cmdclass={"build_py": BuildRenamed, "editable_wheel": RefuseEditable},
)
