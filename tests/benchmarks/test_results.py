import pytest

from benchmarks.results import (
    FAST,
    FULL_CATALOG,
    HUNDRED_ACCOUNTS,
    ONE_ACCOUNT,
    PLAIN,
    TEN_ACCOUNTS,
    TWIN,
    Goal,
    goals,
    page,
)
from benchmarks.whole_process import Cost


def costs(*walls: float, memory: int = 100_000_000) -> list[Cost]:
    return [Cost(wall, wall / 2, memory) for wall in walls]


def rows(text: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")[1:-1]] for line in text.splitlines() if "|" in line]


@pytest.mark.parametrize(
    ("value", "at_least", "is_met"),
    [(7.9, True, False), (8, True, True), (7.9, False, True), (8, False, False)],
)
def test_a_goal_is_met_at_or_above_its_limit_or_below_it(value: float, at_least: bool, is_met: bool) -> None:
    assert Goal("text", value, 8, at_least=at_least).is_met is is_met


def test_the_goals_of_one_account_are_speed_time_and_memory() -> None:
    measured = {
        (FULL_CATALOG, FAST): costs(1.0, 2.0, 1.2, memory=200_000_000),
        (FULL_CATALOG, PLAIN): costs(10.0, 12.0, 18.0),
    }

    # The median of 10 / 1, 12 / 2 and 18 / 1.2: rounds are compared with themselves.
    assert [(goal.value, goal.is_met) for goal in goals(measured)] == [
        (pytest.approx(10), True),
        (1.2, True),
        (200, True),
    ]


def test_growth_is_what_further_accounts_add() -> None:
    measured = {
        (ONE_ACCOUNT, FAST): costs(1.0),
        (ONE_ACCOUNT, TWIN): costs(0.5),
        (HUNDRED_ACCOUNTS, FAST): costs(11.0),
        (HUNDRED_ACCOUNTS, TWIN): costs(4.5),
    }

    (growth,) = goals(measured)

    assert growth.value == pytest.approx(2.5)
    assert not growth.is_met


def test_the_page_shows_medians_with_their_ratios_to_fast_start() -> None:
    measured = {
        (TEN_ACCOUNTS, FAST): costs(2.0, 3.0, 4.0),
        (TEN_ACCOUNTS, TWIN): costs(1.0, 1.2, 4.0, memory=50_000_000),
        ("the unit tests", "pytest"): costs(4.0),
    }

    text = page(measured, ["2 processors"])

    assert "- 2 processors" in text.splitlines()
    assert [FAST, "3.00", "1.00", "1.50", "1.00", "100", "1.00"] in rows(text)
    assert [TWIN, "1.20", "0.50", "0.60", "0.50", "50", "0.50"] in rows(text)
    assert ["pytest", "4.00", "", "2.00", "", "100", ""] in rows(text)
