"""The test logs that a Sigma rule names (``regression_tests_path``): the rule judges their records.

The description of the tests is that of the public rules' repository: ``regression_tests_info`` lists logs by
``path``, each with a ``match_count``. Paths are relative to a folder above the rule.
"""

from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import ParseError

from catalog.model.record import windows_record
from catalog.sigma.conversion import Conversion
from catalog.sigma.located import LocatedRule
from catalog.sigma.oracle import holds
from deployment.loading.yaml_file import Data, read
from replay.readers.file_formats import file_records
from replay.readers.input_problem import InputProblems

_HOLDS = "regression_tests_info"


def wrong_test_logs(found: Conversion) -> tuple[int, list[str]]:
    """Return how many test logs of a rule were tried, and a sentence for each that it judges wrongly.

    None is tried where the rule names none, or where the description that it names does not exist.

    Raises:
        DeploymentError: The description of the tests is no YAML.
    """
    rule = found.rule
    description = _above(rule.file, rule.tests) if rule and rule.tests else None
    if rule is None or description is None:
        return 0, []
    root = read(description, holds=_HOLDS)
    tests = root.data.get(_HOLDS) if isinstance(root.data, dict) else None
    if not isinstance(tests, list) or not tests:
        return 0, [f"{description}: lists no test log under {_HOLDS}"]
    if found.located is None:
        return len(tests), [f"{description}: cannot be tried, as the rule is refused"]
    return len(tests), [
        f"{description}: {problem}" for test in tests for problem in _problems(test, rule.file, found.located)
    ]


def _problems(test: Data, rule_file: str, rule: LocatedRule) -> Iterator[str]:
    path = test.get("path") if isinstance(test, dict) else None
    log = _above(rule_file, path) if isinstance(path, str) else None
    if log is None or not isinstance(test, dict):
        yield f"the log {path} is in no folder above the rule"
        return
    expected = test.get("match_count", 1)
    problems = InputProblems()
    number = found = 0
    for record in file_records(log, problems):
        number += 1
        try:
            is_meant = holds(rule.expression, windows_record(record.message))
        except (ParseError, ValueError) as error:
            yield f"{path}: a record cannot be read: {error}"
            continue
        found += record.channel in rule.source.channels and is_meant
    for problem, seen in problems:
        yield f"{path}: {problem.title}: {seen.first}"
    if found != expected:
        yield f"{path}: the rule finds {found} of {number} records, and must find {expected}"


def _above(rule_file: str, path: str) -> Path | None:
    """Return a file by its path from a folder above the rule's."""
    folders = Path(rule_file).resolve().parents
    return next((folder / path for folder in folders if (folder / path).is_file()), None)
