"""The package in fresh environments: built once, and installed for several Pythons with chosen extras."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import Distribution, distributions
from pathlib import Path

from packaging.requirements import Requirement

REPOSITORY = Path(__file__).resolve().parents[2]
DISTRIBUTION = "windows-security-monitoring"
OWN_VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"
PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet")


@dataclass(frozen=True)
class Installed:
    """An environment that holds the package and what some extras of it need, and nothing else.

    Args:
        folder: Its folder.
    """

    folder: Path

    def run(self, command: str, *arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
        """Run a program of the environment in a folder."""
        # The libraries are shared: their bytecode is written once.
        foreign = ("PYTHONPATH", "PYTHONDONTWRITEBYTECODE")
        environment = {name: value for name, value in os.environ.items() if name not in foreign}
        return subprocess.run(
            [self.folder / "bin" / command, *arguments],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
        )

    def python(self, program: str, *, folder: Path) -> str:
        """Run a Python program in a folder, and return what it prints."""
        run = self.run("python", "-c", program, folder=folder)
        assert run.returncode == 0, run.stderr
        return run.stdout


def interpreter(version: str) -> Path | None:
    """Return an interpreter of a Python version (3.12), if this machine has one."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"), "versions")
    found = sys._base_executable if version == OWN_VERSION else shutil.which(f"python{version}")  # type: ignore[attr-defined]
    for candidate in (found, *sorted(pyenv.glob(f"{version}.*/bin/python"))):
        # pyenv puts a program of this name on the path also where no such version is switched on.
        program = "import sys; print('{}.{}'.format(*sys.version_info))"
        if candidate and _output(str(candidate), "-c", program) == f"{version}\n":
            return Path(candidate)
    return None


def _output(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True).stdout


def build(folder: Path) -> Path:
    """Build the wheel from a copy of the checkout's files, and return it."""
    sources = folder / "sources"
    ignored = shutil.ignore_patterns("__pycache__")
    for name in re.findall(r'"(\w+)"', _folders_line()):
        shutil.copytree(REPOSITORY / name, sources / name, ignore=ignored)
    for name in ("pyproject.toml", "setup.py", "README.md", "LICENSE"):
        shutil.copy(REPOSITORY / name, sources)
    wheel = ("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), str(sources))
    subprocess.run([*PIP, *wheel], check=True)
    (built,) = folder.glob("*.whl")
    return built


def _folders_line() -> str:
    (line,) = re.findall(
        "^FOLDERS = .*$", (REPOSITORY / "setup.py").read_text(encoding="utf-8"), re.MULTILINE
    )
    return str(line)


def library(python: Path, version: str, requirements: Sequence[str]) -> Path:
    """Return a folder with packages for a Python; the project's own environment holds them for its own.

    For another Python they are downloaded once, to ``.wheel``, in the versions that the project is tested
    with: of others, the bindings of the AWS provider do not start quickly.
    """
    if version == OWN_VERSION:
        return Path(sys.prefix, "lib", f"python{version}", "site-packages")
    folder = REPOSITORY / ".wheel" / version
    stamp = folder / ".installed"
    tested = sorted(f"{each.name}=={each.version}" for each in distributions())
    text = "\n".join((str(python), *requirements, *tested))
    if not stamp.is_file() or stamp.read_text(encoding="utf-8") != text:
        shutil.rmtree(folder, ignore_errors=True)
        venv = folder.with_name(f"{version}-environment")
        subprocess.run([python, "-m", "venv", "--clear", "--without-pip", venv], check=True)
        constraints = folder.with_name(f"{version}-constraints.txt")
        constraints.write_text("\n".join(tested), encoding="utf-8")
        install = ("install", "--no-compile", "--target", str(folder), "--constraint", str(constraints))
        subprocess.run([*PIP, "--python", str(venv), *install, *requirements], check=True)
        stamp.write_text(text, encoding="utf-8")
    return folder


def unpack(wheel: Path, folder: Path) -> Path:
    """Install the wheel by itself into a folder, and return the folder."""
    subprocess.run([*PIP, "install", "--no-deps", "--no-compile", "--target", folder, wheel], check=True)
    return folder


def environment(python: Path, extra: str, libraries: Sequence[Path], folder: Path) -> Installed:
    """Make an environment with links to the package, and to what it requires with an extra."""
    subprocess.run([python, "-m", "venv", "--without-pip", folder], check=True)
    (packages,) = folder.glob("lib/python3*/site-packages")
    markers = {"python_version": packages.parent.name.removeprefix("python")}
    available = {
        _normal(distribution.name): distribution
        for library in libraries
        for distribution in distributions(path=[str(library)])
    }
    for distribution in _with_requirements(DISTRIBUTION, extra, available, markers):
        for name in {file.parts[0] for file in distribution.files or ()} - {"..", "bin", "__pycache__"}:
            link = packages / name
            if not link.exists():
                link.symlink_to(Path(str(distribution.locate_file(name))))
    return Installed(folder)


def _with_requirements(
    name: str, extra: str, available: Mapping[str, Distribution], markers: Mapping[str, str]
) -> Iterator[Distribution]:
    """Yield a distribution, and each that it requires with an extra, directly or not."""
    seen: set[tuple[str, str]] = set()
    todo = [(name, ""), (name, extra)]
    while todo:
        name, extra = todo.pop()
        if (name, extra) in seen:
            continue
        seen.add((name, extra))
        distribution = available[name]
        yield distribution
        for requirement in map(Requirement, distribution.requires or ()):
            if requirement.marker is None or requirement.marker.evaluate({**markers, "extra": extra}):
                todo += [(_normal(requirement.name), each) for each in ("", *requirement.extras)]


def _normal(name: str) -> str:
    return re.sub("[-_.]+", "-", name).lower()
