"""What the agent collects beside the events: refused where the agent would refuse it, or lose something."""

import json
from collections.abc import Callable
from pathlib import Path
from textwrap import indent
from typing import Any

import pytest
import yaml

from deployment import RegionPlan
from deployment.resources.agent_configuration import region_agent_configuration

Problems = Callable[[str], list[str]]
Region = Callable[[str], RegionPlan]

FILE = r"file_path: C:\iis\*.log, log_group_name: iis"
EVERYTHING = r"""
logs:
  logs_collected:
    files:
      collect_list:
        - {file_path: 'C:\iis\**\*.log', log_group_name: iis, timezone: UTC, retention_in_days: 30}
    windows_events:
      collect_list:
        - {event_name: System, log_group_name: services, event_levels: [ERROR]}
metrics:
  metrics_collected:
    Processor: {measurement: ['% Processor Time', {name: '% Idle Time', unit: Percent}], resources: ['*']}
    procstat: [{exe: w3wp, measurement: [cpu_usage]}]
"""
SETTING = "agent_configuration.extra"
LISTED = "logs.logs_collected.{}.collect_list"


def extra(text: str) -> str:
    return "agent_configuration:\n  extra:\n" + indent(text.strip(), "    ")


def files(*entries: str) -> str:
    listed = "".join(f"        - {{{entry}}}\n" for entry in entries)
    return extra(f"logs:\n  logs_collected:\n    files:\n      collect_list:\n{listed}")


def event_logs(*entries: str) -> str:
    return files(*entries).replace("files:", "windows_events:")


def metrics(text: str) -> str:
    return extra(f"metrics:\n  metrics_collected: {text}")


def collected(configuration: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = configuration["logs"]["logs_collected"][kind]["collect_list"]
    return entries


def test_it_is_added_to_the_generated_configuration(region_of_account: Region) -> None:
    generated = region_agent_configuration(region_of_account("host_metrics: basic"))
    written = region_agent_configuration(region_of_account("host_metrics: basic\n" + extra(EVERYTHING)))

    given = yaml.safe_load(EVERYTHING)
    assert collected(written, "files") == collected(given, "files")
    assert collected(written, "windows_events") == [
        *collected(generated, "windows_events"),
        *collected(given, "windows_events"),
    ]
    assert written["metrics"]["metrics_collected"] == {
        **generated["metrics"]["metrics_collected"],
        **given["metrics"]["metrics_collected"],
    }


def test_its_metrics_have_the_dimensions_of_the_instance_without_host_metrics(
    region_of_account: Region,
) -> None:
    written = region_agent_configuration(region_of_account(extra(EVERYTHING)))
    assert written["metrics"]["append_dimensions"]["InstanceId"] == "${aws:InstanceId}"


def test_agents_of_2012_get_it_too_and_no_event_log_without_a_log_group(region_of_account: Region) -> None:
    text = "ec2config_targets: {OS: [Windows Server 2012 R2]}\n" + extra(EVERYTHING)
    written = region_agent_configuration(region_of_account(text), is_2012=True)
    assert [each["log_group_name"] for each in collected(written, "windows_events")] == [
        "Security",
        "services",
    ]


@pytest.mark.parametrize("is_2012", [False, True])
def test_the_whole_is_valid_by_the_agents_own_schema(region_of_account: Region, is_2012: bool) -> None:
    import jsonschema

    path = Path(__file__).parents[4] / "shared" / "facts" / "cwagent-schema.json"
    if not path.exists():
        pytest.skip("the agent's own JSON schema is not beside this checkout")
    written = region_agent_configuration(region_of_account(extra(EVERYTHING)), is_2012=is_2012)
    jsonschema.Draft4Validator(json.loads(path.read_text("utf-8"))).validate(written)


@pytest.mark.parametrize(
    ("text", "place", "problem"),
    [
        (
            files(f"{FILE}, timezon: UTC"),
            f"{LISTED.format('files')}[0].timezon",
            "no such setting; did you mean timezone?",
        ),
        (
            files("log_group_name: iis, file_path: /var/log/messages"),
            f"{LISTED.format('files')}[0].file_path",
            "'/var/log/messages' is not a path on a Windows server, such as "
            r"C:\inetpub\logs\LogFiles\**\*.log",
        ),
        (
            files(f"{FILE}, filters: [{{type: include, expression: 'a(?!b)'}}]"),
            f"{LISTED.format('files')}[0].filters[0].expression",
            "'a(?!b)': the agent's regular expressions (RE2) have no (?!, and it would refuse the whole "
            "configuration",
        ),
        (
            files(FILE, FILE.replace("iis", "IIS", 1)),
            f"{LISTED.format('files')}[1]",
            "has the same file_path as files.collect_list.0: its records would be shipped twice, or be lost",
        ),
        (
            event_logs(*["event_name: System, log_group_name: a, event_levels: [ERROR]"] * 2),
            f"{LISTED.format('windows_events')}[1]",
            "has the same event_name, log_group_name and log_stream_name as windows_events.collect_list.0: "
            "its records would be shipped twice, or be lost",
        ),
        (
            event_logs("event_name: System, log_group_name: a"),
            f"{LISTED.format('windows_events')}[0]",
            "event_levels, event_ids or filters must say which records are shipped",
        ),
        (
            files(FILE, r"file_path: D:\x.log, log_group_name: iis, retention_in_days: 30"),
            f"{LISTED.format('files')}[1]",
            "iis has another retention_in_days in files.collect_list.0, and the agent would refuse the whole "
            "configuration: give both the same",
        ),
        (
            metrics("{mem: {measurement: [used]}}"),
            "metrics.metrics_collected.mem",
            "is for Linux: on Windows, take Memory",
        ),
        (
            metrics("{Memory: {}}"),
            "metrics.metrics_collected.Memory.measurement",
            "is missing: the counters, by name, or as a mapping of name, rename and unit",
        ),
        (
            metrics("{procstat: [{measurement: [cpu_usage]}]}"),
            "metrics.metrics_collected.procstat[0]",
            "exe, pattern or pid_file must say which processes are measured",
        ),
        (
            extra("agent: {debug: true}"),
            "agent",
            "belongs to the whole agent, which other teams use too: it is not set here",
        ),
    ],
)
def test_what_the_agent_would_refuse_is_refused_with_its_place(
    problems_of_account: Problems, text: str, place: str, problem: str
) -> None:
    (found,) = problems_of_account(text)
    assert found.partition(": ")[2] == f"{SETTING}.{place}: {problem}"


def test_a_problem_names_the_line(problems_of_account: Problems) -> None:
    (found,) = problems_of_account(files(FILE, "log_group_name: iis, file_path: relative"))
    assert found.startswith("17: ")
