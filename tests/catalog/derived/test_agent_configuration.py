"""The agent's configuration: what the wizard writes, and what only the chosen events need."""

import itertools
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from catalog import EVENTS, Collection, HostMetrics, Volume, event, minified, pack
from catalog.derived.agent_configuration import EVENT_IDS_AN_ENTRY, PARAMETER_BYTES, agent_configuration
from catalog.model.selection import Selection

LEVELS = ["VERBOSE", "INFORMATION", "WARNING", "ERROR", "CRITICAL"]
# The result of the wizard's dialogue: EC2, StatsD, advanced host metrics, System and Security as XML.
WIZARD: dict[str, Any] = {
    "logs": {
        "logs_collected": {
            "windows_events": {
                "collect_list": [
                    {
                        "event_format": "xml",
                        "event_levels": LEVELS,
                        "event_name": name,
                        "log_group_name": name,
                    }
                    for name in ("System", "Security")
                ]
            }
        }
    },
    "metrics": {
        "append_dimensions": {
            "AutoScalingGroupName": "${aws:AutoScalingGroupName}",
            "ImageId": "${aws:ImageId}",
            "InstanceId": "${aws:InstanceId}",
            "InstanceType": "${aws:InstanceType}",
        },
        "metrics_collected": {
            "LogicalDisk": {
                "measurement": ["% Free Space"],
                "metrics_collection_interval": 60,
                "resources": ["*"],
            },
            "Memory": {"measurement": ["% Committed Bytes In Use"], "metrics_collection_interval": 60},
            "Paging File": {
                "measurement": ["% Usage"],
                "metrics_collection_interval": 60,
                "resources": ["*"],
            },
            "PhysicalDisk": {
                "measurement": [
                    "% Disk Time",
                    "Disk Write Bytes/sec",
                    "Disk Read Bytes/sec",
                    "Disk Writes/sec",
                    "Disk Reads/sec",
                ],
                "metrics_collection_interval": 60,
                "resources": ["*"],
            },
            "Processor": {
                "measurement": ["% User Time", "% Idle Time", "% Interrupt Time"],
                "metrics_collection_interval": 60,
                "resources": ["*"],
            },
            "TCPv4": {"measurement": ["Connections Established"], "metrics_collection_interval": 60},
            "TCPv6": {"measurement": ["Connections Established"], "metrics_collection_interval": 60},
            "statsd": {
                "metrics_aggregation_interval": 60,
                "metrics_collection_interval": 10,
                "service_address": ":8125",
            },
        },
    },
}


def entries(configuration: dict[str, Any]) -> list[dict[str, Any]]:
    collected: list[dict[str, Any]] = configuration["logs"]["logs_collected"]["windows_events"][
        "collect_list"
    ]
    return collected


def test_levels_with_advanced_metrics_is_the_wizards_result_key_by_key() -> None:
    assert (
        agent_configuration(pack("article"), collection=Collection.LEVELS, host_metrics=HostMetrics.ADVANCED)
        == WIZARD
    )


def test_event_ids_ships_exactly_the_ids_that_the_chosen_events_need() -> None:
    ids = [i for entry in entries(agent_configuration(pack("article"))) for i in entry["event_ids"]]
    assert sorted(ids) == sorted({chosen.event_id for chosen in pack("article")})


def many_events(number: int, volume: Volume = Volume.RARE) -> list[Any]:
    base = event("user-account-created")
    return [replace(base, key=f"e-{n}", event_id=5000 + n, volume=volume) for n in range(number)]


def test_no_entry_has_more_ids_than_one_query_of_windows_takes() -> None:
    chunks = [entry["event_ids"] for entry in entries(agent_configuration(many_events(45)))]
    assert [len(chunk) for chunk in chunks] == [20, 20, 5]
    assert EVENT_IDS_AN_ENTRY == 20


def test_no_two_entries_share_log_group_stream_and_channel() -> None:
    collected = entries(agent_configuration([*many_events(45), *EVENTS]))
    places = [(e["log_group_name"], e["log_stream_name"], e["event_name"]) for e in collected]
    assert len(set(places)) == len(places)


def test_noisy_ids_are_collected_apart_so_that_they_cannot_hold_up_the_others() -> None:
    noisy, quiet = many_events(1, Volume.HIGH), many_events(2)[1:]
    assert [entry["event_ids"] for entry in entries(agent_configuration([*noisy, *quiet]))] == [
        [5001],
        [5000],
    ]


def test_an_id_is_busy_by_the_volume_of_the_whole_id_and_has_an_entry_of_its_own() -> None:
    chosen = [event("logon-succeeded-guest"), event("security-log-cleared"), event("user-account-created")]
    assert [entry["event_ids"] for entry in entries(agent_configuration(chosen))] == [[1102, 4720], [4624]]
    tickets = [e for e in EVENTS if e.event_id in (4768, 4769, 4771)]
    assert [e["event_ids"] for e in entries(agent_configuration(tickets))] == [[4771], [4768], [4769]]


def test_each_channel_goes_to_the_log_group_it_is_given() -> None:
    configuration = agent_configuration(pack("article"), log_groups={"Security": "/windows/Security"})
    assert {entry["log_group_name"] for entry in entries(configuration)} == {"/windows/Security"}


def test_without_events_and_metrics_there_is_nothing_to_configure() -> None:
    assert agent_configuration([]) == {}


@pytest.mark.parametrize(
    ("chosen", "objects"),
    [
        (HostMetrics.BASIC, {"LogicalDisk", "Memory"}),
        (HostMetrics.STANDARD, {"LogicalDisk", "Memory", "Paging File", "PhysicalDisk", "Processor"}),
    ],
)
def test_a_smaller_set_of_host_metrics_holds_fewer_objects(chosen: HostMetrics, objects: set[str]) -> None:
    collected = agent_configuration([], host_metrics=chosen)["metrics"]["metrics_collected"]
    assert set(collected) == objects | {"statsd"}


def test_the_minified_text_is_the_same_configuration_without_white_space() -> None:
    text = minified(WIZARD)
    assert json.loads(text) == WIZARD
    assert ": " not in text
    assert "\n" not in text


def agent_schema() -> dict[str, Any]:
    path = Path(__file__).parents[4] / "shared" / "facts" / "cwagent-schema.json"
    if not path.exists():
        pytest.skip("the agent's own JSON schema is not beside this checkout")
    schema: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return schema


@pytest.mark.parametrize(("collection", "metrics"), list(itertools.product(Collection, HostMetrics)))
@pytest.mark.parametrize("number_of_events", [1, 20, 21, len(EVENTS)])
def test_every_combination_of_settings_is_valid_by_the_agents_own_schema(
    collection: Collection, metrics: HostMetrics, number_of_events: int
) -> None:
    import jsonschema

    configuration = agent_configuration(
        EVENTS[:number_of_events],
        collection=collection,
        host_metrics=metrics,
        log_groups={"Security": "/w/S"},
    )
    jsonschema.Draft4Validator(agent_schema()).validate(configuration)


def test_the_ids_of_a_selection_are_shipped_whole() -> None:
    failed = event("logon-failed-network")
    chosen = replace(failed, key="rule", selection=Selection((4625, 4688), "a", lambda _: True))
    entries = agent_configuration([failed, chosen], collection=Collection.MATCHING)
    by_id = {
        event_id: entry
        for entry in entries["logs"]["logs_collected"]["windows_events"]["collect_list"]
        for event_id in entry["event_ids"]
    }
    assert by_id.keys() == {4625, 4688}
    assert all("filters" not in entry for entry in by_id.values())


def test_an_id_of_which_all_events_ask_for_a_level_is_shipped_in_that_level_alone() -> None:
    (entry,) = entries(agent_configuration([event("suspicious-script-block")]))
    assert (entry["event_ids"], entry["event_levels"]) == ([4104], ["WARNING"])


def test_an_id_of_which_an_event_finds_any_level_is_shipped_whole() -> None:
    script_block = replace(event("suspicious-script-block"), key="script-block", where=())
    (entry,) = entries(agent_configuration([event("suspicious-script-block"), script_block]))
    assert entry["event_ids"] == [4104]
    assert "event_levels" not in entry


def test_the_whole_catalog_fits_into_a_parameter_with_all_host_metrics() -> None:
    configuration = agent_configuration(EVENTS, host_metrics=HostMetrics.ADVANCED)
    assert len(minified(configuration).encode()) <= PARAMETER_BYTES
    channels = {entry["event_name"] for entry in entries(configuration)}
    assert channels == {each.channel for each in EVENTS}
