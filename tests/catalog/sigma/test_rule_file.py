"""Rule files that are wrong: each mistake is a sentence with its line and key, and none is passed over."""

from itertools import pairwise
from pathlib import Path

import pytest

from catalog.sigma.conversion import rule_files
from catalog.sigma.reading import CorrelationRule, DetectionRule, MalformedRuleError, SigmaError, read_rules
from catalog.sigma.rule_set import conversions

HEAD = "title: A rule\nlevel: high\nlogsource: {product: windows, service: security}\n"
BODY = "detection:\n  selection: {EventID: 4720}\n  condition: selection\n"


def detection(selection: str, condition: str = "selection") -> str:
    return f"{HEAD}detection:\n  selection: {selection}\n  condition: {condition}\n"


def problems(path: Path, text: str | bytes) -> list[str]:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    found = [each for each in read_rules(path) if isinstance(each, SigmaError)]
    return [f"{each.line}: {str(each).removeprefix(f'{path}: ')}" for each in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("title: [", "1: is no YAML: while parsing a flow node did not find expected node content"),
        (HEAD + BODY + "---\ntitle: [\n", "8: is no YAML: while parsing a flow node"),
        ("title:\tA rule\n\tlevel: high\n", "2: is no YAML: while scanning a plain scalar found a tab"),
        (HEAD + BODY + "\x00", "7: is no YAML: control characters are not allowed"),
        (HEAD.encode("utf-16"), "1: is not in UTF-8"),
        ((HEAD + "author: Zoé\n").encode("latin-1"), "4: is not in UTF-8"),
        ("- a\n- b\n", "1: is no rule: a rule has keys such as title, logsource and detection"),
        ("words\n", "1: is no rule: a rule has keys such as title, logsource and detection"),
        (HEAD + "level: low\n" + BODY, "4: level: is given twice"),
        (detection("{EventID: 1}\n  selection: {EventID: 2}"), "6: detection.selection: is given twice"),
        (
            HEAD + "detection:\n  1: {EventID: 1}\n  condition: 1 of *\n",
            "5: detection.1: is a selection whose name is",
        ),
        (HEAD + "id: 17\n" + BODY, "4: id: is no text: write a UUID"),
        (HEAD.replace("high", "huge") + BODY, "2: level: huge is no level: write informational, low, medium"),
        (HEAD + "status: superb\n" + BODY, "4: status: superb is no status: write stable, test"),
        (HEAD + "tags: attack.t1078\n" + BODY, "4: tags: Sigma tags fields must be a list"),
        (HEAD + "date: yesterday\n" + BODY, "4: date: Rule date 'yesterday' is invalid, use yyyy-mm-dd"),
        (HEAD + "name: 5\n" + BODY, "4: name: Sigma rule name must be a string"),
        (HEAD.replace("A rule", "5") + BODY, "1: title: Sigma rule title must be a string"),
        (
            "title: A rule\nlogsource: windows\n" + BODY,
            "2: logsource: Sigma logsource must be a valid YAML map",
        ),
        (HEAD + "detection: [a]\n", "4: detection: Sigma detection must be a valid YAML map"),
        (
            HEAD + "action: merge\n" + BODY,
            "4: action: there is no action merge: write global, reset or repeat",
        ),
        (HEAD + "filter: {rules: [a]}\n", "4: filter: filters of Sigma are not supported"),
        (detection("{}"), "5: detection.selection: Detection is empty"),
        (
            detection("\n    EventID: []"),
            "6: detection.selection.EventID: is an empty list, which no record can match",
        ),
        (
            detection("\n    EventID: 4720\n    TargetUserName|containz: a"),
            "7: detection.selection.TargetUserName|containz: there is no modifier containz; did you mean",
        ),
        (
            detection("{A|re: '(a'}"),
            "5: detection.selection.A|re: Regular expression '(a' is invalid: missing )",
        ),
        (
            detection("{A|re: '(?<=a)b'}"),
            "5: detection.selection.A|re: Regular expression '(?<=a)b' is invalid",
        ),
        (detection("{A|cidr: 10.0.0.0/99}"), "5: detection.selection.A|cidr: Invalid CIDR expression"),
        (detection("{A|gt: x}"), "5: detection.selection.A|gt: the modifier gt does not take the value x"),
        (
            detection("{A: {b: c}}"),
            "5: detection.selection.A: has a mapping for a value: write text, a number",
        ),
        (detection("{A: 2026-01-01}"), "5: detection.selection.A: has a date for a value: put it between"),
        (
            detection("{A: 1}", "selection and not other"),
            "6: detection.condition: Detection 'other' not defined",
        ),
        (
            detection("{A: 1}", "selection and ("),
            "6: detection.condition: is wrong at end of text: a name",
        ),
        (
            detection("{A: 1}", "1 of filter_*"),
            "6: detection.condition: Selector '1 of filter_*' doesn't match",
        ),
        (detection("{A: 1}", "5"), "6: detection.condition: is no text"),
        (
            detection("{A: 1}", "selection | count() by A > 5"),
            "6: detection.condition: counts after a pipe: write a correlation rule in its place",
        ),
        (
            HEAD + "detection:\n  selection: {A: 1}\n",
            "4: detection.condition: Sigma rule must contain at least",
        ),
        (
            "title: Many\ncorrelation:\n  type: event_count\n  rules: [a]\n  timespan: 5m\n  "
            "condition: {gte: x}\n",
            "6: correlation.condition.gte: 'x' is no valid Sigma correlation condition count",
        ),
    ],
)
def test_mistake_is_a_sentence_with_its_line_and_key(
    tmp_path: Path, text: str | bytes, expected: str
) -> None:
    (found,) = problems(tmp_path / "rule.yml", text)
    assert found.startswith(expected)
    assert "\n" not in found


def test_mistakes_of_a_file_are_reported_at_once(tmp_path: Path) -> None:
    text = detection("\n    A|containz: a\n    B|gt: x\n  other:\n    C|cidr: y").replace("high", "huge")
    second = detection("{D: {e: f}}")
    assert [each.partition(": ")[0] for each in problems(tmp_path / "rule.yml", f"{text}---\n{second}")] == [
        "2",
        "6",
        "7",
        "9",
        "16",
    ]


def test_rule_beside_a_wrong_one_is_read(tmp_path: Path) -> None:
    path = tmp_path / "rule.yml"
    path.write_text(f"title: Wrong\n---\n{HEAD}{BODY}")
    *wrong, rule = sorted(read_rules(path), key=lambda each: isinstance(each, DetectionRule))
    assert isinstance(rule, DetectionRule)
    assert (rule.title, rule.line) == ("A rule", 3)
    assert all(isinstance(each, MalformedRuleError) for each in wrong)


@pytest.mark.parametrize("change", [lambda text: text.replace("\n", "\r\n"), lambda text: "\ufeff" + text])
def test_line_ends_and_byte_order_mark_of_windows_are_read(tmp_path: Path, change: object) -> None:
    path = tmp_path / "rule.yml"
    assert callable(change)
    path.write_bytes(change(HEAD + BODY).encode())
    (rule,) = read_rules(path)
    assert isinstance(rule, DetectionRule)
    assert rule.title == "A rule"


def test_head_of_several_rules_is_merged_into_each(tmp_path: Path) -> None:
    path = tmp_path / "rule.yml"
    other = "action: repeat\ntitle: Another\n"
    path.write_text(f"action: global\n{HEAD}---\n{BODY}---\n{other}")
    assert [(each.title, each.line) for each in read_rules(path) if isinstance(each, DetectionRule)] == [
        ("A rule", 6),
        ("Another", 10),
    ]


def test_aliases_that_stand_for_very_many_values_are_refused(tmp_path: Path) -> None:
    lists = "".join(f"{name}: &{name} [{', '.join([f'*{of}'] * 9)}]\n" for of, name in pairwise("abcdefg"))
    (found,) = problems(tmp_path / "rule.yml", f"a: &a [x]\n{lists}{HEAD}{BODY}")
    assert "aliases expand to too many nodes" in found


def test_correlation_of_a_rule_that_is_nowhere_names_it(tmp_path: Path) -> None:
    path = tmp_path / "rule.yml"
    path.write_text(
        "title: Many\ncorrelation:\n  type: event_count\n  rules: [nowhere]\n  group-by: [IpAddress]\n"
        "  timespan: 5m\n  condition: {gte: 3}\n"
    )
    (rule,) = read_rules(path)
    assert isinstance(rule, CorrelationRule)
    (found,) = conversions([path])
    assert found.refusal == "names the rule nowhere, which is in none of the files"


def test_second_rule_with_an_id_or_a_title_names_the_first(tmp_path: Path) -> None:
    number = "id: 5b1f7a0e-7f0c-4a53-9d3b-3c1e0f8f2a11\n"
    for name, text in (("a", HEAD + number), ("b", HEAD.replace("A rule", "B") + number), ("c", HEAD)):
        (tmp_path / f"{name}.yml").write_text(text + BODY)
    first, *others = conversions(rule_files([tmp_path]))
    assert first.repeats == ()
    assert [each.repeats for each in others] == [
        (f"has the id of the rule in {tmp_path}/a.yml:1: give it one of its own",),
        (f"has the title of the rule in {tmp_path}/a.yml:1: give it one of its own",),
    ]


def test_folder_gives_capital_suffixes_linked_folders_and_dangling_links(tmp_path: Path) -> None:
    rules, elsewhere = tmp_path / "rules", tmp_path / "elsewhere"
    for folder in (rules, elsewhere):
        folder.mkdir()
    (rules / "a.YML").write_text(HEAD + BODY)
    (elsewhere / "b.yaml").write_text(HEAD + BODY)
    (rules / "linked").symlink_to(elsewhere)
    (rules / "loop").symlink_to(rules)
    (rules / "z.yml").symlink_to(tmp_path / "nowhere.yml")
    files = rule_files([rules])
    assert [file.relative_to(rules).as_posix() for file in files] == ["a.YML", "linked/b.yaml", "z.yml"]
    assert conversions(files)[-1].refusal == "No such file or directory"


@pytest.mark.parametrize(
    ("selection", "condition", "refusal"),
    [
        (
            "{EventID: 4720}\n  other: {EventID: 4726}",
            "selection and other",
            "no event id meets all that it asks",
        ),
        (
            "{EventID: 4720, TargetSid: x}\n  other: {TargetSid: y}",
            "selection and other",
            "two values of TargetSid at once",
        ),
        ("{EventID: 4720}", "not selection", "does not name the event ids that it is about"),
        (
            "{EventID: 4720}\n  other: {TargetUserName: y}",
            "selection or other",
            "does not name the event ids",
        ),
        ("{EventID: '47*'}", "selection", "does not name the event ids that it is about"),
    ],
)
def test_rule_that_would_never_find_anything_is_refused(
    tmp_path: Path, selection: str, condition: str, refusal: str
) -> None:
    path = tmp_path / "rule.yml"
    path.write_text(detection(selection, condition))
    (found,) = conversions([path])
    assert refusal in found.refusal


def test_event_id_beside_alternatives_holds_for_each(tmp_path: Path) -> None:
    path = tmp_path / "rule.yml"
    text = detection("{EventID: [4720, 4726]}\n  a: {TargetUserName: x}\n  b: {SubjectUserName: y}")
    path.write_text(text.replace("condition: selection", "condition: selection and (a or b)"))
    (found,) = conversions([path])
    assert found.event_ids == (4720, 4726)
