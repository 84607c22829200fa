import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from catalog import EVENTS
from catalog.filter_pattern import FilterPattern, FilterPatternError, parse
from catalog.samples import samples_of
from catalog.samples.windows_event import windows_event
from deployment import RegionPlan
from local_aws import Faults, LocalAws
from verify.__main__ import application
from verify.patterns import matched, messages_of

OWN_EVENT = """\
own_events:
  - key: task-enabled
    event_id: 4700
    title: Scheduled task enabled
    severity: low
    audit: OTHER_OBJECT_ACCESS_EVENTS
    runbook: Ask who enabled it.
"""


@pytest.fixture(scope="module")
def server() -> Iterator[LocalAws]:
    with LocalAws(region="eu-west-1", faults=Faults(0)) as aws:
        yield aws


@pytest.fixture
def run(
    aws: LocalAws, deployment_file: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Result]:
    """Run ``python -m verify patterns`` with these arguments, on a deployment with these settings."""

    def invoke(*arguments: str, settings: str = "", **deployment: str) -> Result:
        path = str(deployment_file(settings, **deployment))
        return CliRunner().invoke(application, ["patterns", "--deployment", path, *arguments])

    return invoke


def rows(result: Result) -> dict[str, list[str]]:
    """The cells of each event's row, by the event's key."""
    lines = [line.split() for line in result.stdout.splitlines()]
    return {cells[-5]: cells for cells in lines if len(cells) > 4 and cells[-1] == "agrees"}


def test_the_article_pack_agrees_with_cloudwatch(run: Callable[..., Result]) -> None:
    result = run()

    assert result.exit_code == 0, result.output
    assert rows(result)["logon-failed-network"][:2] == ["ok", "logon-failed-network"]
    assert "0 differences" in result.stdout


def test_a_watched_path_is_tried_on_records_of_that_path(run: Callable[..., Result]) -> None:
    found = json.loads(run("--json").stdout)["events"]

    (watched,) = (each for each in found if each["key"].startswith("object-handle-requested-"))
    assert "C:\\\\Secret" in watched["patterns"][0]
    assert watched["samples"] > 0


def test_json_names_what_was_tried(run: Callable[..., Result]) -> None:
    found = json.loads(run("--json").stdout)

    (event,) = (each for each in found["events"] if each["key"] == "user-account-deleted")
    assert found["differences"] == 0
    assert "111122223333" in found["tried_as"]
    assert event["accounts"] == ["production"]
    assert ">4726</EventID>" in event["patterns"][0]
    assert event["samples"] >= 2
    assert event["near_misses"] >= 2
    assert event["differences"] == []


def test_an_event_of_several_stacks_is_tried_once(run: Callable[..., Result]) -> None:
    text = """\
defaults:
  packs: [article]
  watched_paths: ['C:\\Secret\\']
  notifications: {subscriptions: [{protocol: email, endpoint: soc@example.com}]}
accounts:
  production: {id: 111122223333, regions: [eu-west-1, eu-central-1]}
  staging: {id: 444455556666, regions: [eu-west-1]}
"""
    found = json.loads(run("--json", text=text).stdout)["events"]

    keys = [each["key"] for each in found]
    assert len(keys) == len(set(keys))
    assert {tuple(each["accounts"]) for each in found} == {("production", "staging")}


def test_a_sample_that_the_deployment_excludes_is_not_expected(run: Callable[..., Result]) -> None:
    settings = "events:\n  user-account-deleted:\n    exclude: {SubjectUserName: [sato]}\n"

    result = run("--json", settings=settings)

    (event,) = (e for e in json.loads(result.stdout)["events"] if e["key"] == "user-account-deleted")
    assert "-\"<Data Name='SubjectUserName'>sato</Data>\"" in event["patterns"][0]
    assert result.exit_code == 0, result.output


def test_an_own_event_without_samples_is_said_to_be_untried(run: Callable[..., Result]) -> None:
    text = OWN_EVENT + (
        "accounts:\n  production:\n    id: 111122223333\n    regions: [eu-west-1]\n"
        "    notifications: {subscriptions: [{protocol: email, endpoint: soc@example.com}]}\n"
    )

    result = run(text=text)

    assert result.exit_code == 0, result.output
    assert "no samples" in result.stdout
    assert "1 event without samples" in result.stdout


def test_an_own_event_is_tried_on_its_own_samples(run: Callable[..., Result]) -> None:
    found, missed = windows_event(4700), windows_event(4701)
    text = OWN_EVENT + (
        f"    samples: [{json.dumps(found)}]\n    near_misses: [{json.dumps(missed)}]\n"
        "accounts:\n  production:\n    id: 111122223333\n    regions: [eu-west-1]\n"
        "    notifications: {subscriptions: [{protocol: email, endpoint: soc@example.com}]}\n"
    )

    result = run("--json", text=text)

    assert result.exit_code == 0, result.output
    (tried,) = (each for each in json.loads(result.stdout)["events"] if each["key"] == "task-enabled")
    assert (tried["samples"], tried["near_misses"]) == (2, 2)


def test_a_difference_is_shown_with_its_sample_and_its_reason(
    run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("local_aws.moto.metric_filters.parse", without_exclusions)
    settings = "events:\n  user-account-deleted:\n    exclude: {SubjectUserName: [sato]}\n"

    result = run(settings=settings)

    assert result.exit_code == 1
    (row,) = (line for line in result.stdout.splitlines() if "user-account-deleted" in line)
    assert row.split()[0] == "differs"
    reason = "CloudWatch finds it by pattern 1, the matcher of this project by no pattern"
    assert f"by an administrator (excluded): {reason}" in result.stdout


def without_exclusions(pattern: str) -> FilterPattern:
    """A CloudWatch that judges otherwise than its documentation says."""
    return replace(parse(pattern), excluded=())


def test_a_refused_pattern_is_a_difference(
    run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(pattern: str) -> Any:
        if "4726" in pattern:
            raise FilterPatternError(pattern, 0, "too long", "shorten it")
        return parse(pattern)

    monkeypatch.setattr("local_aws.moto.metric_filters.parse", refuse)

    result = run("--json")

    (event,) = (e for e in json.loads(result.stdout)["events"] if e["differences"])
    assert result.exit_code == 1
    assert event["key"] == "user-account-deleted"
    assert "CloudWatch refuses pattern 1" in event["differences"][0]["reason"]


def test_throttled_calls_are_repeated(run: Callable[..., Result], aws: LocalAws) -> None:
    assert aws.faults is not None
    aws.faults.rate = 0.4
    try:
        result = run()
    finally:
        aws.faults.rate = 0

    assert aws.faults.struck > 0
    assert result.exit_code == 0, result.output


def test_the_credentials_at_hand_serve_in_any_account(
    run: Callable[..., Result], aws: LocalAws, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in aws.environment("999988887777").items():
        monkeypatch.setenv(name, value)

    result = run("--json")

    assert result.exit_code == 0, result.output
    assert "999988887777" in json.loads(result.stdout)["tried_as"]


def test_a_named_account_is_entered_by_its_role(
    run: Callable[..., Result], aws: LocalAws, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in aws.environment("999988887777").items():
        monkeypatch.setenv(name, value)

    result = run("--json", "--account", "production", settings="assume_role: audit\n")

    assert "111122223333:assumed-role/audit" in json.loads(result.stdout)["tried_as"]


def test_without_credentials_the_input_is_refused(
    run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name)

    result = run()

    assert result.exit_code == 2
    assert "No account allows logs:TestMetricFilter" in result.stderr
    assert "credentials" in result.stderr


def test_a_wrong_deployment_file_is_refused(run: Callable[..., Result]) -> None:
    result = run(settings="retention: 3\n")

    assert result.exit_code == 2
    assert "deployment.yaml" in result.stderr


def test_each_record_is_tried_as_it_is_and_with_the_text_of_windows() -> None:
    (event,) = (each for each in EVENTS if each.key == "user-account-deleted")

    texts = {message.text for message in messages_of(event)}

    for text in samples_of(event).matches:
        assert text in texts
        with_text = [each for each in texts if each.startswith(text.removesuffix("</Event>"))]
        assert any("<RenderingInfo Culture=" in each and each.endswith("</Event>") for each in with_text)


def test_more_messages_than_a_call_takes_are_split(account: Any, region: RegionPlan) -> None:
    texts = ["miss"] * 60 + ["a hit"] + ["miss"] * 40

    assert matched(account.client("logs"), "hit", texts) == {60}


def test_events_with_the_log_engine_are_named_and_not_tried(run: Callable[..., Result]) -> None:
    settings = "events: {logon-failed-network: {engine: log}}"
    result = run("--json", settings=settings)
    found = json.loads(result.stdout)
    assert found["not_tried"] == ["logon-failed-network"]
    assert "logon-failed-network" not in [each["key"] for each in found["events"]]
    assert "1 event with the log engine not tried" in run(settings=settings).stdout
