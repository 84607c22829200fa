"""The dashboard of an account: which alarms ring, what happened when, who and where from, what to do."""

import json
from collections.abc import Mapping
from typing import Any

from cdktf_cdktf_provider_aws.cloudwatch_dashboard import CloudwatchDashboard
from constructs import Construct

from deployment import Language, RegionPlan
from deployment.resources import localised
from deployment.resources.alarms import alarms
from modules.terraform.escape_template import escape_template

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


class Dashboard(Construct):
    """A CloudWatch dashboard over one account and region.

    Args:
        scope: The construct to put it under.
        id: Its id there.
        region: The account and region, with its events.
        log_group_names: The name of each channel's log group.
    """

    def __init__(
        self, scope: Construct, id: str, *, region: RegionPlan, log_group_names: Mapping[str, str]
    ) -> None:
        super().__init__(scope, id)
        CloudwatchDashboard(
            self,
            "dashboard",
            dashboard_name=region.names.dashboard,
            dashboard_body=escape_template(
                json.dumps({"widgets": _widgets(region, log_group_names)}, ensure_ascii=False)
            ),
        )


def _widgets(region: RegionPlan, log_group_names: Mapping[str, str]) -> list[dict[str, Any]]:
    rows = [
        [_heading(region)],
        *([widget] for widget in _alarms(region)),
        *([widget] for widget in _families(region)),
        _top(region, log_group_names),
        [_runbooks(region)],
    ]
    widgets, y = [], 0
    for row in filter(None, rows):
        width = _WIDTH // len(row)
        for number, widget in enumerate(row):
            widgets.append(widget | {"x": number * width, "y": y, "width": width})
        y += max(widget["height"] for widget in row)
    return widgets


def _heading(region: RegionPlan) -> dict[str, Any]:
    text = f"# {region.account} ({region.account_id}), {region.region_name}"
    return {"type": "text", "height": 1, "properties": {"markdown": text}}


def _alarms(region: RegionPlan) -> list[dict[str, Any]]:
    arns = [region.arn("cloudwatch", f"alarm:{alarm.name}") for alarm in alarms(region)]
    return [
        {
            "type": "alarm",
            "height": 4,
            "properties": {
                "title": _TITLES[region.settings.language]["alarms"],
                "alarms": arns[start : start + _ALARMS_A_WIDGET],
            },
        }
        for start in range(0, len(arns), _ALARMS_A_WIDGET)
    ]


def _families(region: RegionPlan) -> list[dict[str, Any]]:
    families = dict.fromkeys(event.family for event in region.events)
    language = region.settings.language
    return [
        {
            "type": "metric",
            "height": 6,
            "properties": {
                "title": family.value.replace("_", " "),
                "region": region.region_name,
                "view": "timeSeries",
                "stacked": True,
                "stat": "Sum",
                "period": 300,
                "metrics": [
                    [region.settings.metric_namespace, e.metric_name, {"label": localised.title(e, language)}]
                    for e in region.events
                    if e.family is family
                ],
            },
        }
        for family in families
    ]


def _top(region: RegionPlan, log_group_names: Mapping[str, str]) -> list[dict[str, Any]]:
    group = log_group_names.get("Security")
    if group is None:
        return []
    return [
        {
            "type": "log",
            "height": 6,
            "properties": {
                "title": titles[region.settings.language],
                "region": region.region_name,
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


def _runbooks(region: RegionPlan) -> dict[str, Any]:
    language = region.settings.language
    words = _TITLES[language]
    lines = [
        f"## {words['runbooks']}",
        f"{words['event']} | {words['severity']} | {words['do']}",
        "---|---|---",
    ]
    lines += [
        f"{localised.title(e, language)} | {localised.severity(e, language)} | "
        f"{_cell(localised.runbook(e, language))}"
        for e in region.events
        if e.alarm
    ]
    return {"type": "text", "height": 12, "properties": {"markdown": "\n".join(lines)}}


def _cell(text: str) -> str:
    """Return a text as it may stand in a table of Markdown."""
    return text.replace("|", "\\|").replace("\n", " ")
