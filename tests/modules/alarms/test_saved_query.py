"""The saved query of an event."""

from catalog import event
from catalog.derived.insights_query import insights_query
from deployment import Names
from modules import EventLogGroup, SavedQuery
from tests.modules.synthesis import new_stack, synthesized


def test_it_stands_in_a_folder_of_its_family_and_reads_the_events_log_group() -> None:
    stack = new_stack()
    chosen = event("logon-failed-network")
    SavedQuery(
        stack,
        "query",
        event=chosen,
        log_group=EventLogGroup(stack, "group", name="Security"),
        names=Names("windows-security", "111111111111", "eu-west-1"),
    )
    written = synthesized(stack)
    query = written.one("aws_cloudwatch_query_definition")
    (group,) = written.resources("aws_cloudwatch_log_group")
    assert query["name"] == "windows-security/logon/logon-failed-network"
    assert query["query_string"] == insights_query(chosen)
    assert query["log_group_names"] == [f"${{aws_cloudwatch_log_group.{group}.name}}"]
