"""Every event goes to a central destination."""

from modules import EventLogGroup, LogForwarding, SecurityMonitoring
from tests.modules.synthesis import monitored_region, new_stack, synthesized

DESTINATION = "arn:aws:logs:ap-northeast-1:999999999999:destination:security"


def test_each_log_group_sends_everything_it_gets_in_the_order_of_each_server() -> None:
    stack = new_stack()
    groups = {name: EventLogGroup(stack, name, name=name) for name in ("Security", "System")}
    LogForwarding(stack, "forwarding", name="central", log_groups=groups, destination_arn=DESTINATION)
    filters = synthesized(stack).all_of("aws_cloudwatch_log_subscription_filter")
    assert len({each["log_group_name"] for each in filters}) == 2
    for each in filters:
        assert each["filter_pattern"] == ""
        assert each["destination_arn"] == DESTINATION
        assert each["distribution"] == "ByLogStream"


def test_a_stack_forwards_the_log_groups_of_somebody_else_too() -> None:
    stack = new_stack()
    region = monitored_region(
        central={"log_destination": DESTINATION},
        collection="levels",
        existing_log_groups={"System": "/their/System"},
    )
    SecurityMonitoring(stack, "monitoring", region=region)
    filters = synthesized(stack).all_of("aws_cloudwatch_log_subscription_filter")
    assert len(filters) == 2
    assert "/their/System" in {each["log_group_name"] for each in filters}
