"""The dashboard of an account."""

import json
from typing import Any

from modules import Dashboard
from tests.modules.synthesis import monitored_region, new_stack, synthesized


def widgets(**settings: Any) -> list[dict[str, Any]]:
    stack = new_stack()
    region = monitored_region(packs=["article"], **settings)
    Dashboard(stack, "dashboard", region=region, log_group_names=region.log_groups)
    body: dict[str, list[dict[str, Any]]] = json.loads(
        synthesized(stack).one("aws_cloudwatch_dashboard")["dashboard_body"]
    )
    return body["widgets"]


def test_it_shows_the_state_of_every_alarm() -> None:
    (widget,) = (w for w in widgets() if w["type"] == "alarm")
    assert len(widget["properties"]["alarms"]) == 10
    assert (
        "arn:aws:cloudwatch:ap-northeast-1:111111111111:alarm:"
        "windows-security-111111111111-ap-northeast-1-logon-failed-network"
    ) in widget["properties"]["alarms"]


def test_it_shows_each_familys_events_over_time_with_their_own_metrics() -> None:
    graphs = {w["properties"]["title"]: w["properties"] for w in widgets() if w["type"] == "metric"}
    assert set(graphs) == {"logon", "account", "group", "privilege"}
    assert ["WindowsSecurity", "Windows-Logon-Fail"] in [m[:2] for m in graphs["logon"]["metrics"]]
    assert all(graph["stat"] == "Sum" for graph in graphs.values())


def test_it_counts_the_busiest_addresses_accounts_and_hosts_of_the_security_log() -> None:
    queries = [w["properties"]["query"] for w in widgets() if w["type"] == "log"]
    assert len(queries) == 3
    assert all(query.startswith("SOURCE 'Security' | parse @message") for query in queries)


def test_the_titles_of_these_are_in_the_language_of_the_account() -> None:
    titles = [
        [w["properties"]["title"] for w in widgets(language=language) if w["type"] == "log"]
        for language in ("en", "ja")
    ]
    assert titles == [
        ["Busiest addresses", "Busiest accounts", "Busiest hosts"],
        ["接続元アドレス上位", "アカウント上位", "ホスト上位"],
    ]


def test_it_tells_the_runbooks_in_the_language_of_the_account() -> None:
    (english,) = (w for w in widgets() if w["type"] == "text" and "Runbooks" in w["properties"]["markdown"])
    (japanese,) = (
        w for w in widgets(language="ja") if w["type"] == "text" and "対応手順" in w["properties"]["markdown"]
    )
    assert "User account locked out" in english["properties"]["markdown"]
    assert "ユーザーアカウントロック" in japanese["properties"]["markdown"]
    assert " | medium | " in english["properties"]["markdown"]
    assert " | 中 | " in japanese["properties"]["markdown"]
    assert "medium" not in japanese["properties"]["markdown"]


def test_no_two_widgets_lie_on_each_other_and_none_leaves_the_grid() -> None:
    taken: set[tuple[int, int]] = set()
    for widget in widgets():
        cells = {
            (x, y)
            for x in range(widget["x"], widget["x"] + widget["width"])
            for y in range(widget["y"], widget["y"] + widget["height"])
        }
        assert not taken & cells
        assert widget["x"] + widget["width"] <= 24
        taken |= cells


def test_it_shows_the_state_of_variants_too() -> None:
    events = {"logon-failed-network": {"variants": {"slow": {"threshold": 100}}}}
    (widget,) = (w for w in widgets(events=events) if w["type"] == "alarm")
    assert widget["properties"]["alarms"][-2].endswith("-logon-failed-network-slow")


def test_it_shows_the_alarm_for_silence_and_those_over_other_alarms() -> None:
    churn = {"title": "Churn", "all_of": ["user-account-created", "user-account-deleted"]}
    (widget,) = (w for w in widgets(composite_alarms={"churn": churn}) if w["type"] == "alarm")
    assert [arn.partition("ap-northeast-1-")[2] for arn in widget["properties"]["alarms"][-2:]] == [
        "silent-security",
        "composite-churn",
    ]
