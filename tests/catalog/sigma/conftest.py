"""Rules written for the tests, and the public ones where they are beside the repository."""

import tarfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from textwrap import dedent, indent

import pytest

from catalog.sigma.located import LocatedRule, located
from catalog.sigma.reading import CorrelationRule, DetectionRule, SigmaError, read_rules

_ARCHIVE = Path(__file__).resolve().parents[4] / "shared" / "sigma" / "rules.tar.xz"

RuleOf = Callable[..., LocatedRule]


@pytest.fixture
def write_rule(tmp_path: Path) -> Callable[..., Path]:
    """Write a rule with this detection, for a service of Windows or a category."""

    def write(detection: str, *, service: str = "security", category: str = "") -> Path:
        source = f"category: {category}" if category else f"service: {service}"
        path = tmp_path / "rule.yml"
        head = f"title: A rule\nlevel: high\nlogsource:\n  product: windows\n  {source}\ndetection:\n"
        path.write_text(head + indent(dedent(detection).strip(), "  ") + "\n", encoding="utf-8")
        return path

    return write


@pytest.fixture
def rule_of(write_rule: Callable[..., Path]) -> RuleOf:
    """Read a rule with this detection and locate its fields."""

    def read(
        detection: str,
        *,
        sysmon: bool = False,
        placeholders: Mapping[str, Sequence[str]] | None = None,
        **source: str,
    ) -> LocatedRule:
        (rule,) = read_rules(write_rule(detection, **source), placeholders)
        if isinstance(rule, SigmaError):
            raise rule
        assert isinstance(rule, DetectionRule)
        return located(rule, sysmon=sysmon)

    return read


@pytest.fixture(scope="session")
def public_rules(tmp_path_factory: pytest.TempPathFactory) -> list[DetectionRule | SigmaError]:
    """The public rules for Windows, or why one cannot be read."""
    if not _ARCHIVE.is_file():
        pytest.skip("the public Sigma rules are not beside the repository")
    folder = tmp_path_factory.mktemp("sigma")
    with tarfile.open(_ARCHIVE) as archive:
        archive.extractall(folder, filter="data")
    found = [rule for path in sorted(folder.rglob("*.yml")) for rule in read_rules(path)]
    return [rule for rule in found if not isinstance(rule, CorrelationRule)]
