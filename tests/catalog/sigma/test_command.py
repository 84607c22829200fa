"""``python -m catalog sigma``: what a rule becomes, on the command line."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from catalog.__main__ import main
from catalog.filter_pattern import parse
from catalog.samples.windows_event import windows_event
from local_aws.insights import parse_query

WriteRule = Callable[..., Path]

ADMINISTRATORS = "selection:\n  EventID: 4732\n  TargetSid: S-1-5-32-544\ncondition: selection"
COMMAND_LINE = "selection:\n  CommandLine|contains: ' /all'\ncondition: selection"
TASK = "selection:\n  EventID: 4698\n  TaskName: '\\Updater'\ncondition: selection"


def checked(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, list[dict[str, Any]]]:
    """The exit status of a check, and its JSON."""
    status = main(["sigma", "check", *map(str, arguments), "--json"])
    return status, json.loads(capsys.readouterr().out)


def write_sample(rule: Path, folder: str, text: str, name: str = "one.xml") -> Path:
    path = rule.with_suffix(".samples") / folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("detection", "source", "found_by"),
    [
        ("EventID: 4720\n  TargetUserName|endswith: $", {}, ["user-account-created"]),
        ("EventID: [4720, 4726]", {}, ["user-account-created", "user-account-deleted"]),
        ("EventID: [4720, 4634]\n  TargetUserName: a", {}, []),
        (
            "EventID: 4732\n  TargetSid: S-1-5-32-544\n  SubjectUserName: a",
            {},
            ["administrators-member-added"],
        ),
        ("EventID: 4732\n  TargetSid|startswith: S-1-5-32-5", {}, []),
        ("EventID: 4732\n  SubjectUserName: a", {}, []),
        (
            "EventID: 104\n  Provider_Name: Microsoft-Windows-Eventlog",
            {"service": "system"},
            ["event-log-cleared"],
        ),
        ("EventID: 104", {"service": "system"}, []),
    ],
)
def test_catalog_event_that_finds_each_record_of_a_rule_is_named(
    write_rule: WriteRule,
    capsys: pytest.CaptureFixture[str],
    detection: str,
    source: dict[str, str],
    found_by: list[str],
) -> None:
    rule = write_rule(f"selection:\n  {detection}\ncondition: selection", **source)
    _, (record,) = checked(capsys, rule)
    assert [*record["covered_by"], *record["found_by"]] == found_by


def test_rule_that_is_exact_as_a_filter_becomes_a_filter(
    write_rule: WriteRule, capsys: pytest.CaptureFixture[str]
) -> None:
    status, (record,) = checked(capsys, write_rule(ADMINISTRATORS))
    assert (status, record["engine"], record["claim"]) == (0, "filter", "exact")
    assert record["patterns"] == ['"<EventID>4732</EventID>" "<Data Name=\'TargetSid\'>S-1-5-32-544</Data>"']


def test_rule_that_is_not_exact_as_a_filter_becomes_a_log_alarm(
    write_rule: WriteRule, capsys: pytest.CaptureFixture[str]
) -> None:
    status, (record,) = checked(capsys, write_rule(COMMAND_LINE, category="process_creation"))
    assert (status, record["engine"], record["claim"]) == (0, "log alarm", "exact")
    assert record["query_length"] == len(record["query"])
    query = parse_query(record["query"])
    found, missed = windows_event(4688, {"CommandLine": "x /ALL"}), windows_event(4688, {"CommandLine": "x"})
    assert query.run([{"@timestamp": 1.0, "@message": found}])
    assert not query.run([{"@timestamp": 1.0, "@message": missed}])


@pytest.mark.parametrize(
    ("detection", "reason"),
    [
        ("EventID: 4732\n  TargetSid: [SIDS]", "needs more than 100 patterns"),
        ("EventID: 4732\n  TargetSid|startswith: S-1-5-LONG", "needs a pattern of 1,2"),
        ("EventID: 4698\n  TaskName: a", "leaves nothing to filter by but the event id: TaskName"),
    ],
)
def test_rule_without_a_filter_says_why(
    write_rule: WriteRule, capsys: pytest.CaptureFixture[str], detection: str, reason: str
) -> None:
    sids = ", ".join(f"S-1-5-32-{number}" for number in range(101))
    text = detection.replace("SIDS", sids).replace("LONG", "1" * 1200)
    rule = write_rule(f"selection:\n  {text}\ncondition: selection")
    assert main(["sigma", "check", str(rule)]) == 0
    assert f"{rule}:1: no filter finds it: it {reason}" in capsys.readouterr().out


def test_accept_case_allows_a_filter_that_is_case_sensitive(
    write_rule: WriteRule, capsys: pytest.CaptureFixture[str]
) -> None:
    rule = write_rule(TASK)
    _, (strict,) = checked(capsys, rule)
    _, (accepting,) = checked(capsys, rule, "--accept-case")
    assert strict["engine"] == "log alarm"
    assert (accepting["engine"], accepting["claim"]) == ("filter", "case-sensitive")
    parse(accepting["patterns"][0])


@pytest.mark.parametrize(
    ("source", "detection", "needed"),
    [
        ({"category": "process_creation"}, COMMAND_LINE, ["command lines in process creation events"]),
        ({"category": "process_creation"}, COMMAND_LINE.replace("CommandLine", "Image"), []),
        ({"category": "ps_script"}, COMMAND_LINE.replace("CommandLine", "ScriptBlockText"), ["script block"]),
        ({"category": "ps_module"}, COMMAND_LINE.replace("CommandLine", "Payload"), ["module logging"]),
        ({"service": "powershell"}, COMMAND_LINE.replace("CommandLine", "Text"), ["module", "script block"]),
    ],
)
def test_prerequisites_of_a_rule_are_named(
    write_rule: WriteRule,
    capsys: pytest.CaptureFixture[str],
    source: dict[str, str],
    detection: str,
    needed: list[str],
) -> None:
    _, (record,) = checked(capsys, write_rule(detection, **source))
    found = record["prerequisites"]
    assert len(found) == len(needed)
    assert all(word in each["needs"] for word, each in zip(needed, found, strict=True))
    assert all(each["manually"].startswith("reg add ") for each in found)


def test_catalog_event_with_the_same_patterns_is_named(
    write_rule: WriteRule, capsys: pytest.CaptureFixture[str]
) -> None:
    _, (record,) = checked(capsys, write_rule(ADMINISTRATORS))
    _, (other,) = checked(capsys, write_rule(ADMINISTRATORS.replace("544", "555")))
    assert record["covered_by"] == ["administrators-member-added"]
    assert "administrators-member-added" not in other["covered_by"]


def test_field_that_no_record_has_is_named(write_rule: WriteRule, capsys: pytest.CaptureFixture[str]) -> None:
    detection = "one:\n  Image|endswith: a.exe\ntwo:\n  OriginalFileName: a.exe\ncondition: one or two"
    assert main(["sigma", "check", str(write_rule(detection, category="process_creation"))]) == 0
    assert "no record has OriginalFileName" in capsys.readouterr().out


def test_refused_rule_is_a_sentence_and_status_1(
    write_rule: WriteRule, capsys: pytest.CaptureFixture[str]
) -> None:
    rule = write_rule("selection:\n  ImageLoaded: a\ncondition: selection", category="image_load")
    assert main(["sigma", "check", str(rule)]) == 1
    assert (
        f"{rule}:1: refused: needs Sysmon: where it is installed, write 'sysmon: true' beside 'rules' "
        "(--sysmon on the command line)"
    ) in capsys.readouterr().out.splitlines()


@pytest.mark.parametrize(("text", "reason"), [("title: [", "expected"), ("", "has no rule")])
def test_file_without_a_rule_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, reason: str
) -> None:
    rule = tmp_path / "rule.yml"
    rule.write_text(text)
    status, (record,) = checked(capsys, rule)
    assert (status, record["engine"]) == (1, "refused")
    assert reason in record["refusal"]
    assert str(rule) not in record["refusal"]


def test_query_over_the_quota_is_refused(write_rule: WriteRule, capsys: pytest.CaptureFixture[str]) -> None:
    values = ", ".join(f"'{number:04}{'x' * 96}'" for number in range(101))
    detection = f"selection:\n  CommandLine|contains: [{values}]\ncondition: selection"
    status, (record,) = checked(capsys, write_rule(detection, category="process_creation"))
    assert status == 1
    assert record["refusal"].endswith("characters, over 10,000")


def test_folder_is_searched_at_any_depth_and_each_rule_read_once(
    tmp_path: Path, write_rule: WriteRule, capsys: pytest.CaptureFixture[str]
) -> None:
    rule = write_rule(ADMINISTRATORS)
    deep = tmp_path / "a" / "b" / "deep.yaml"
    deep.parent.mkdir(parents=True)
    deep.write_text(rule.read_text())
    _, records = checked(capsys, tmp_path, rule)
    assert [record["file"] for record in records] == [str(deep), str(rule)]


@pytest.mark.parametrize(
    ("name", "message"), [("none.yml", "no such file or folder"), ("", "has no file that ends with .yml")]
)
def test_path_without_rules_is_wrong_input(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, message: str
) -> None:
    assert main(["sigma", "check", str(tmp_path / name)]) == 2
    assert message in capsys.readouterr().err


def test_conversion_has_what_a_record_of_the_catalog_says(
    write_rule: WriteRule, capsys: pytest.CaptureFixture[str]
) -> None:
    rule = write_rule(ADMINISTRATORS)
    head = (
        "id: 6f0b1d86-4f0e-4c1e-9d5c-0f5f2f6f7a10\nauthor: The operators\n"
        "tags: [attack.persistence, attack.t1098.007]\n"
    )
    rule.write_text(head + rule.read_text())
    assert main(["sigma", "convert", str(rule), "--json"]) == 0
    (record,) = json.loads(capsys.readouterr().out)
    expected = {
        "title": "A rule",
        "id": "6f0b1d86-4f0e-4c1e-9d5c-0f5f2f6f7a10",
        "author": "The operators",
        "severity": "high",
        "attack": ["T1098.007"],
        "channels": ["Security"],
        "event_ids": [4732],
    }
    assert {name: record[name] for name in expected} == expected


def test_conversion_as_text_has_the_pattern_and_the_query_on_lines_of_their_own(
    write_rule: WriteRule, capsys: pytest.CaptureFixture[str]
) -> None:
    rule = write_rule(ADMINISTRATORS)
    main(["sigma", "convert", str(rule), "--json"])
    (record,) = json.loads(capsys.readouterr().out)
    main(["sigma", "convert", str(rule)])
    lines = capsys.readouterr().out.splitlines()
    assert set(record["patterns"]) <= set(lines)
    assert set(record["query"].splitlines()) <= set(lines)


def test_samples_that_a_rule_judges_rightly_pass(
    write_rule: WriteRule, capsys: pytest.CaptureFixture[str]
) -> None:
    rule = write_rule(ADMINISTRATORS)
    write_sample(rule, "matches", windows_event(4732, {"TargetSid": "S-1-5-32-544"}))
    write_sample(rule, "near_misses", windows_event(4732, {"TargetSid": "S-1-5-32-555"}))
    status, (record,) = checked(capsys, rule, "--test")
    assert (status, record["samples"], record["wrong_samples"]) == (0, 2, [])


@pytest.mark.parametrize(
    ("folder", "sid", "verdicts"),
    [
        ("matches", "S-1-5-32-555", ["the rule does not find it", "the filter does not find it"]),
        ("near_misses", "S-1-5-32-544", ["the rule finds it", "the filter finds it"]),
    ],
)
def test_sample_that_a_rule_judges_wrongly_is_named(
    write_rule: WriteRule,
    capsys: pytest.CaptureFixture[str],
    folder: str,
    sid: str,
    verdicts: list[str],
) -> None:
    rule = write_rule(ADMINISTRATORS)
    sample = write_sample(rule, folder, windows_event(4732, {"TargetSid": sid}))
    status, (record,) = checked(capsys, rule, "--test")
    assert (status, record["wrong_samples"]) == (1, [f"{sample}: {verdict}" for verdict in verdicts])


@pytest.mark.parametrize(
    ("folder", "name", "text", "message"),
    [
        ("matches", "one.xml", "<Event", "is no record of Windows"),
        ("matches", "one.xml", "<Event/>", "is no record of Windows"),
        ("near_misses", "one.xml", windows_event(4732).replace("'", '"'), "is not as the CloudWatch agent"),
        (
            "near_misses",
            "one.xml",
            windows_event(4732).replace("><P", ">\n<P"),
            "is not as the CloudWatch agent",
        ),
        ("matches", "one.json", "{}", "ends with .xml"),
        ("match", "one.xml", windows_event(4732), "has only the folders matches and near_misses"),
    ],
)
def test_sample_that_cannot_be_tried_is_wrong_input(
    write_rule: WriteRule,
    capsys: pytest.CaptureFixture[str],
    folder: str,
    name: str,
    text: str,
    message: str,
) -> None:
    rule = write_rule(ADMINISTRATORS)
    write_sample(rule, folder, text, name)
    assert main(["sigma", "check", str(rule), "--test"]) == 2
    error = capsys.readouterr().err
    assert message in error
    assert len(error.splitlines()) == 1


def test_rule_without_samples_is_named(write_rule: WriteRule, capsys: pytest.CaptureFixture[str]) -> None:
    rule = write_rule(ADMINISTRATORS)
    assert main(["sigma", "check", str(rule), "--test"]) == 0
    assert f"{rule}: has no samples" in capsys.readouterr().out.splitlines()


def test_without_pysigma_the_command_names_the_extra_to_install(
    write_rule: WriteRule, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    rule = write_rule(ADMINISTRATORS)
    monkeypatch.setitem(sys.modules, "sigma.collection", None)
    assert main(["sigma", "check", str(rule)]) == 2
    assert capsys.readouterr().err.splitlines() == [
        'Sigma rules need pySigma: pip install "windows-security-monitoring[sigma]"'
    ]


def test_catalog_and_its_command_line_do_not_import_pysigma() -> None:
    script = "import sys, catalog, catalog.__main__; print('sigma' in sys.modules)"
    root = Path(__file__).resolve().parents[3]
    shown = subprocess.run(
        [sys.executable, "-c", script], cwd=root, capture_output=True, text=True, check=True
    )
    assert shown.stdout.strip() == "False"
