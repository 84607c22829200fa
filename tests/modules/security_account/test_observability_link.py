"""A security account sees what monitoring keeps, and nothing else of the account."""

import pytest

from modules import SecurityMonitoring
from tests.modules.synthesis import monitored_region, new_stack, synthesized

SINK = "arn:aws:oam:ap-northeast-1:999999999999:sink/11111111-2222-3333-4444-555555555555"


@pytest.mark.parametrize(
    ("host_metrics", "namespaces"), [("none", "'WindowsSecurity'"), ("basic", "'CWAgent', 'WindowsSecurity'")]
)
def test_the_link_shows_these_log_groups_and_metrics_only(host_metrics: str, namespaces: str) -> None:
    stack = new_stack()
    region = monitored_region(
        central={"oam_sink": SINK},
        collection="levels",
        existing_log_groups={"System": "/their/System"},
        host_metrics=host_metrics,
    )
    SecurityMonitoring(stack, "monitoring", region=region)
    link = synthesized(stack).one("aws_oam_link")
    assert link["sink_identifier"] == SINK
    assert link["label_template"] == "$AccountName"
    assert link["resource_types"] == ["AWS::CloudWatch::Metric", "AWS::Logs::LogGroup"]
    assert link["link_configuration"] == {
        "log_group_configuration": {"filter": "LogGroupName IN ('/their/System', 'Security')"},
        "metric_configuration": {"filter": f"Namespace IN ({namespaces})"},
    }


def test_without_central_settings_nothing_leaves_the_account() -> None:
    stack = new_stack()
    region = monitored_region(association_failures={"enabled": False})
    SecurityMonitoring(stack, "monitoring", region=region)
    written = synthesized(stack)
    for kind in ("aws_oam_link", "aws_cloudwatch_log_subscription_filter", "aws_cloudwatch_event_rule"):
        assert written.all_of(kind) == []
