import io

from rich.console import Console

from deployment import RegionPlan
from verify import Check, Status
from verify.report import as_json, summary, table

CHECKS = [
    Check("alarm", "a", Status.OK, "as deployed"),
    Check("alarm", "b", Status.WARNING, "look [there]"),
    Check("topic", "t", Status.OK, "tells 1"),
    Check("alarm", "c", Status.FAILED, "notifies nobody: [bold]x[/bold]"),
    Check("alarm", "d", Status.OK, "as deployed"),
]


def written(region: RegionPlan, **options: bool) -> list[str]:
    console = Console(file=io.StringIO(), width=120)
    console.print(table(region, CHECKS, **options))
    assert isinstance(console.file, io.StringIO)
    lines = [" ".join(line.split()) for line in console.file.getvalue().splitlines()]
    return [line for line in lines if line.startswith(("failed", "warning", "ok"))]


def test_failures_come_before_warnings_and_what_is_right_is_one_line_a_kind(region: RegionPlan) -> None:
    assert written(region) == [
        "failed alarm c notifies nobody: [bold]x[/bold]",
        "warning alarm b look [there]",
        "ok alarm 2 of 4 in order",
        "ok topic t tells 1",
    ]


def test_everything_has_a_line_where_it_is_asked_for(region: RegionPlan) -> None:
    assert written(region, everything=True)[2:] == [
        "ok alarm a as deployed",
        "ok topic t tells 1",
        "ok alarm d as deployed",
    ]


def test_json_keeps_the_words_of_every_language() -> None:
    text = as_json({"tokyo": [Check("log group", "大切", Status.OK, "")]})

    assert "大切" in text


def test_the_summary_counts_each_status() -> None:
    assert summary(CHECKS) == "1 failed, 1 warning, 3 ok"
    assert summary([]) == "0 failed, 0 warnings, 0 ok"
