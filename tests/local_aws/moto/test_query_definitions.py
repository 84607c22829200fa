from collections.abc import Callable
from typing import Any

import pytest

Refusal = Callable[..., tuple[str, str]]

NOWHERE = "00000000-0000-0000-0000-000000000000"


@pytest.fixture
def logs(client: Callable[[str], Any]) -> Any:
    return client("logs")


def test_a_saved_query_is_read_back_as_it_was_made(logs: Any) -> None:
    settings = {
        "name": "windows/logon failed",
        "queryString": "fields @timestamp\n| limit 20",
        "logGroupNames": ["Security"],
    }
    identifier = logs.put_query_definition(**settings)["queryDefinitionId"]

    (found,) = logs.describe_query_definitions()["queryDefinitions"]

    assert {name: found[name] for name in settings} == settings
    assert found["queryDefinitionId"] == identifier


def test_a_saved_query_is_replaced_by_its_identifier(logs: Any) -> None:
    identifier = logs.put_query_definition(name="a", queryString="one")["queryDefinitionId"]
    logs.put_query_definition(name="b", queryString="two", queryDefinitionId=identifier)

    found = logs.describe_query_definitions()["queryDefinitions"]

    assert [(each["name"], each["queryString"]) for each in found] == [("b", "two")]


def test_a_call_that_is_repeated_makes_one_saved_query(logs: Any) -> None:
    for _ in range(2):
        logs.put_query_definition(name="a", queryString="limit 1", clientToken="repeated-" + 27 * "0")
    assert len(logs.describe_query_definitions()["queryDefinitions"]) == 1


def test_saved_queries_are_described_by_the_start_of_their_names(logs: Any) -> None:
    for name in ("windows/b", "linux/a", "windows/a"):
        logs.put_query_definition(name=name, queryString="limit 1")

    found = logs.describe_query_definitions(queryDefinitionNamePrefix="windows/")["queryDefinitions"]

    assert [each["name"] for each in found] == ["windows/a", "windows/b"]


def test_a_deleted_query_is_gone(logs: Any) -> None:
    identifier = logs.put_query_definition(name="a", queryString="limit 1")["queryDefinitionId"]

    assert logs.delete_query_definition(queryDefinitionId=identifier)["success"]
    assert logs.describe_query_definitions()["queryDefinitions"] == []


def test_a_query_that_is_not_there_can_be_neither_changed_nor_deleted(logs: Any, refusal: Refusal) -> None:
    for call in (
        lambda: logs.put_query_definition(name="a", queryString="limit 1", queryDefinitionId=NOWHERE),
        lambda: logs.delete_query_definition(queryDefinitionId=NOWHERE),
    ):
        assert refusal(call)[0] == "ResourceNotFoundException"
