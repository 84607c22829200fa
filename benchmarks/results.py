"""What was measured, as a page: medians, ratios and goals."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from statistics import median

from benchmarks.whole_process import Cost

#: The fleets and the ways to synthesize them that the goals name.
FULL_CATALOG = "1 account, full catalog"
ONE_ACCOUNT = "1 account"
TEN_ACCOUNTS = "10 accounts"
HUNDRED_ACCOUNTS = "100 accounts"
FAST = "fast start"
ONE_PROCESS = "fast start, in one process"
PLAIN = "fast start off, in one process"
TWIN = "the JavaScript twin"
UNIT_TESTS = "Collecting the unit tests"

_MEGABYTE = 1_000_000

#: What was measured, by fleet and way: a cost a round. The rounds take turns through all of them.
Costs = Mapping[tuple[str, str], Sequence[Cost]]


@dataclass(frozen=True)
class Goal:
    """Something to reach.

    Args:
        text: What is to be reached.
        value: What was measured.
        limit: Where the goal is met.
        at_least: Whether the value must reach the limit rather than stay below it.
    """

    text: str
    value: float
    limit: float
    at_least: bool = False

    @property
    def is_met(self) -> bool:
        """Whether it is reached."""
        return self.value >= self.limit if self.at_least else self.value < self.limit


def goals(costs: Costs) -> Iterator[Goal]:
    """Yield the goals about what was measured."""
    full = FULL_CATALOG, FAST
    if full in costs:
        speedup = _ratio(_walls(costs, FULL_CATALOG, PLAIN), _walls(costs, *full))
        yield Goal("One account: times faster than with fast start off", speedup, 8, at_least=True)
        yield Goal("One account: seconds", median(_walls(costs, *full)), 1.5)
        yield Goal("One account: MB of the largest process", _median(costs[full], _megabytes), 250)
    if (HUNDRED_ACCOUNTS, FAST) in costs:
        growth = {
            way: [
                hundred - one
                for hundred, one in zip(
                    _walls(costs, HUNDRED_ACCOUNTS, way), _walls(costs, ONE_ACCOUNT, way), strict=True
                )
            ]
            for way in (FAST, TWIN)
        }
        yield Goal("99 further accounts: times the twin's seconds", _ratio(growth[FAST], growth[TWIN]), 2.5)
    if (UNIT_TESTS, "pytest") in costs:
        yield Goal(f"{UNIT_TESTS}: seconds", median(_walls(costs, UNIT_TESTS, "pytest")), 5)


def page(costs: Costs, notes: Sequence[str]) -> str:
    """Return the page in Markdown.

    Args:
        costs: What was measured.
        notes: What to know of it: what it ran on, what the fleets are.
    """
    lines = [
        "# How long synthesis takes",
        "",
        "Written by `make benchmark`. Whole processes, start to end: the median of the rounds, and of the",
        "rounds' ratios to fast start. Memory is that of the largest process. On another machine the seconds",
        "differ, the ratios less.",
        "",
        *(f"- {note}" for note in notes),
        "",
        "| Goal | Measured | |",
        "|---|---:|---|",
    ]
    lines += [
        f"| {goal.text}: {'at least' if goal.at_least else 'under'} {goal.limit:g} | {goal.value:.2f} "
        f"| {'met' if goal.is_met else 'missed'} |"
        for goal in goals(costs)
    ]
    for fleet, keys in groupby(costs, key=lambda key: key[0]):
        lines += [
            "",
            f"## {fleet}",
            "",
            "| | Seconds | Ratio | Processor seconds | Ratio | Memory, MB | Ratio |",
            "|---|---:|---:|---:|---:|---:|---:|",
        ]
        lines += [f"| {way} | {' | '.join(_cells(costs, fleet, way))} |" for _, way in keys]
    return "\n".join(lines) + "\n"


def _cells(costs: Costs, fleet: str, way: str) -> Iterator[str]:
    measured, fast = costs[fleet, way], costs.get((fleet, FAST))
    figures: tuple[tuple[Callable[[Cost], float], str], ...] = (
        (lambda each: each.wall, ".2f"),
        (lambda each: each.cpu, ".2f"),
        (_megabytes, ".0f"),
    )
    for figure, form in figures:
        yield format(_median(measured, figure), form)
        yield f"{_ratio([*map(figure, measured)], [*map(figure, fast)]):.2f}" if fast else ""


def _walls(costs: Costs, fleet: str, way: str) -> list[float]:
    return [each.wall for each in costs[fleet, way]]


def _megabytes(measured: Cost) -> float:
    return measured.memory / _MEGABYTE


def _median(measured: Sequence[Cost], figure: Callable[[Cost], float]) -> float:
    return median(map(figure, measured))


def _ratio(values: Sequence[float], others: Sequence[float]) -> float:
    """Return the median of the rounds' ratios: what slows the machine for a while slows both."""
    return median(value / other for value, other in zip(values, others, strict=True))
