"""The dashboard of a region: its alarms, what happened when, who and where from, what to do."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from catalog.model.correlation import Correlation
from catalog.model.security_event import SecurityEvent
from deployment.resolution.region_plan import RegionPlan
from deployment.resources import localised
from deployment.resources.alarms import alarms
from deployment.settings.deployment import Language

_WIDTH = 24
#: The most alarms that one widget shows (CloudWatch dashboards).
_ALARMS_A_WIDGET = 100
#: The fields worth counting in the Security channel, with the titles of their widgets.
_TOP = {
    "IpAddress": {Language.ENGLISH: "Busiest addresses", Language.JAPANESE: "接続元アドレス上位"},
    "TargetUserName": {Language.ENGLISH: "Busiest accounts", Language.JAPANESE: "アカウント上位"},
    "Computer": {Language.ENGLISH: "Busiest hosts", Language.JAPANESE: "ホスト上位"},
}
_TITLES = {
    Language.ENGLISH: {
        "alarms": "Alarms",
        "runbooks": "Runbooks",
        "event": "Event",
        "severity": "Severity",
        "do": "What to do",
    },
    Language.JAPANESE: {
        "alarms": "アラーム",
        "runbooks": "対応手順",
        "event": "イベント",
        "severity": "重大度",
        "do": "対応",
    },
}


@dataclass(frozen=True, slots=True)
class DashboardSpec:
    """A CloudWatch dashboard; ``body`` is JSON."""

    name: str
    body: str


def dashboard_of(plan: RegionPlan, log_group_names: Mapping[str, str]) -> DashboardSpec:
    """Return the dashboard of a region; ``log_group_names`` has the log group of each channel."""
    widgets = _widgets(plan, log_group_names)
    return DashboardSpec(plan.names.dashboard, json.dumps({"widgets": widgets}, ensure_ascii=False))


def dashboard(plan: RegionPlan) -> DashboardSpec | None:
    """Return the dashboard of a region; None where its settings ask for none."""
    return dashboard_of(plan, plan.log_groups) if plan.settings.dashboard else None


def _widgets(plan: RegionPlan, log_group_names: Mapping[str, str]) -> list[dict[str, Any]]:
    rows = [
        [_heading(plan)],
        *([widget] for widget in _alarms(plan)),
        *([widget] for widget in _families(plan)),
        _top(plan, log_group_names),
        [_runbooks(plan)],
    ]
    widgets, y = [], 0
    for row in filter(None, rows):
        width = _WIDTH // len(row)
        for number, widget in enumerate(row):
            widgets.append(widget | {"x": number * width, "y": y, "width": width})
        y += max(widget["height"] for widget in row)
    return widgets


def _heading(plan: RegionPlan) -> dict[str, Any]:
    text = f"# {plan.account} ({plan.account_id}), {plan.region_name}"
    return {"type": "text", "height": 1, "properties": {"markdown": text}}


def _alarms(plan: RegionPlan) -> list[dict[str, Any]]:
    arns = [plan.arn("cloudwatch", f"alarm:{alarm.name}") for alarm in alarms(plan)]
    return [
        {
            "type": "alarm",
            "height": 4,
            "properties": {
                "title": _TITLES[plan.settings.language]["alarms"],
                "alarms": arns[start : start + _ALARMS_A_WIDGET],
            },
        }
        for start in range(0, len(arns), _ALARMS_A_WIDGET)
    ]


def _families(plan: RegionPlan) -> list[dict[str, Any]]:
    families = dict.fromkeys(event.family for event in plan.metric_events)
    language = plan.settings.language
    return [
        {
            "type": "metric",
            "height": 6,
            "properties": {
                "title": family.value.replace("_", " "),
                "region": plan.region_name,
                "view": "timeSeries",
                "stacked": True,
                "stat": "Sum",
                "period": 300,
                "metrics": [
                    [plan.settings.metric_namespace, e.metric_name, {"label": localised.title(e, language)}]
                    for e in plan.metric_events
                    if e.family is family
                ],
            },
        }
        for family in families
    ]


def _top(plan: RegionPlan, log_group_names: Mapping[str, str]) -> list[dict[str, Any]]:
    group = log_group_names.get("Security")
    if group is None:
        return []
    return [
        {
            "type": "log",
            "height": 6,
            "properties": {
                "title": titles[plan.settings.language],
                "region": plan.region_name,
                "view": "table",
                "query": f"SOURCE '{group}' | {_count(name)}",
            },
        }
        for name, titles in _TOP.items()
    ]


def _count(name: str) -> str:
    element = "<Computer>" if name == "Computer" else f"<Data Name='{name}'>"
    return (
        f"parse @message /{element}(?<{name}>[^<]+)</ | filter ispresent({name}) and {name} != '-' "
        f"| stats count(*) as events by {name} | sort events desc | limit 10"
    )


def _runbooks(plan: RegionPlan) -> dict[str, Any]:
    language = plan.settings.language
    words = _TITLES[language]
    lines = [
        f"## {words['runbooks']}",
        f"{words['event']} | {words['severity']} | {words['do']}",
        "---|---|---",
    ]
    alarming = [event for event in plan.events if event.alarm]
    explained: list[SecurityEvent | Correlation] = [*alarming, *plan.correlations]
    lines += [
        f"{localised.title(e, language)} | {localised.severity(e, language)} | "
        f"{_cell(localised.runbook(e, language))}"
        for e in explained
    ]
    return {"type": "text", "height": 12, "properties": {"markdown": "\n".join(lines)}}


def _cell(text: str) -> str:
    """Return a text as it may stand in a table of Markdown."""
    return text.replace("|", "\\|").replace("\n", " ")
