import json
from collections.abc import Callable
from typing import Any

import pytest

from local_aws import LocalAws

Refusal = Callable[..., tuple[str, str]]

CENTRAL, SOURCE = "999988887777", "111122223333"
METRICS = ["AWS::CloudWatch::Metric"]


@pytest.fixture
def central(aws: LocalAws) -> Any:
    return aws.client("oam", CENTRAL)


@pytest.fixture
def source(aws: LocalAws) -> Any:
    return aws.client("oam", SOURCE)


@pytest.fixture
def sink(central: Any) -> str:
    return str(central.create_sink(Name="security", Tags={"team": "soc"})["Arn"])


def link_to(source: Any, sink: str) -> dict[str, Any]:
    link: dict[str, Any] = source.create_link(
        LabelTemplate="$AccountName", ResourceTypes=METRICS, SinkIdentifier=sink
    )
    return link


def test_a_sink_belongs_to_its_account(central: Any, source: Any, sink: str) -> None:
    assert sink.startswith(f"arn:aws:oam:eu-west-1:{CENTRAL}:sink/")
    assert central.get_sink(Identifier=sink)["Name"] == "security"
    assert len(central.list_sinks()["Items"]) == 1
    assert source.list_sinks()["Items"] == []


def test_an_account_has_one_sink(central: Any, sink: str, refusal: Refusal) -> None:
    assert refusal(central.create_sink, Name="second")[0] == "ConflictException"


def test_a_sinks_policy_is_kept(central: Any, sink: str, refusal: Refusal) -> None:
    assert refusal(central.get_sink_policy, SinkIdentifier=sink)[0] == "ResourceNotFoundException"

    policy = json.dumps({"Version": "2012-10-17", "Statement": []})
    central.put_sink_policy(SinkIdentifier=sink, Policy=policy)

    assert central.get_sink_policy(SinkIdentifier=sink)["Policy"] == policy


def test_a_link_joins_two_accounts(central: Any, source: Any, sink: str) -> None:
    link = link_to(source, sink)

    assert link["Label"] == SOURCE
    assert source.get_link(Identifier=link["Arn"])["SinkArn"] == sink
    attached = central.list_attached_links(SinkIdentifier=sink)["Items"]
    assert [each["LinkArn"] for each in attached] == [link["Arn"]]


def test_a_link_can_be_changed(source: Any, sink: str) -> None:
    link = link_to(source, sink)
    types = ["AWS::CloudWatch::Metric", "AWS::Logs::LogGroup"]

    source.update_link(Identifier=link["Arn"], ResourceTypes=types)

    assert source.get_link(Identifier=link["Arn"])["ResourceTypes"] == types


def test_a_second_link_to_the_same_sink_is_refused(source: Any, sink: str, refusal: Refusal) -> None:
    link_to(source, sink)

    assert refusal(lambda: link_to(source, sink))[0] == "ConflictException"


def test_a_sink_with_links_cannot_be_deleted(central: Any, source: Any, sink: str, refusal: Refusal) -> None:
    link = link_to(source, sink)
    assert refusal(central.delete_sink, Identifier=sink)[0] == "ConflictException"

    source.delete_link(Identifier=link["Arn"])
    central.delete_sink(Identifier=sink)

    assert central.list_sinks()["Items"] == []
    assert source.list_links()["Items"] == []


def test_a_link_to_a_sink_that_is_not_there_is_refused(source: Any, refusal: Refusal) -> None:
    nowhere = f"arn:aws:oam:eu-west-1:{CENTRAL}:sink/00000000-0000-0000-0000-000000000000"

    assert refusal(lambda: link_to(source, nowhere))[0] == "ResourceNotFoundException"


def test_tags_of_a_sink_can_be_changed(central: Any, sink: str) -> None:
    central.tag_resource(ResourceArn=sink, Tags={"stage": "live"})
    central.untag_resource(ResourceArn=sink, TagKeys=["team"])

    assert central.list_tags_for_resource(ResourceArn=sink)["Tags"] == {"stage": "live"}
