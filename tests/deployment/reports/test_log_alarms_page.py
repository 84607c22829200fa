"""What docs/explanation/log-alarms.md says of costs and correlations."""

from pathlib import Path
from typing import Any

import pytest

from catalog.correlations import CORRELATIONS
from catalog.model.correlation import Correlation
from deployment.reports.cost import cost
from tests.modules.synthesis import monitored_region

PAGE = (Path(__file__).parents[3] / "docs" / "explanation" / "log-alarms.md").read_text(encoding="utf-8")
PACKS: dict[str, Any] = {
    "baseline": ["baseline"],
    "five packs": [
        *("baseline", "domain-controller", "ransomware-precursors", "privileged-access"),
        "certificate-services",
    ],
}


@pytest.mark.parametrize("correlation", CORRELATIONS, ids=lambda each: each.key)
def test_each_correlation_has_its_row(correlation: Correlation) -> None:
    cells = (correlation.title, correlation.type.value, correlation.severity.value, correlation.approximation)
    assert f"| `{correlation.key}` | {' | '.join(cells)} |" in PAGE


@pytest.mark.parametrize("packs", PACKS)
def test_the_costs_are_those_of_the_command(packs: str) -> None:
    region = monitored_region(regions=["us-east-1"], packs=PACKS[packs], engine="log")
    for way in cost(region, (1, 20, 200)).ways[1:]:
        dollars = " | ".join(f"{each:,.0f}" for each in way.dollars)
        if way.filters > 100:
            dollars = f"refused: {way.filters} filters | refused | refused"
        assert f"| {packs} | `{way.way}` | {dollars} |" in PAGE
