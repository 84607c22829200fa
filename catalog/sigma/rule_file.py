"""The documents of a rule file, with the line of each key; and what pySigma says of them, as sentences."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from catalog.errors import did_you_mean

#: The key that an error of pySigma is about, by the error's name without Sigma and Error.
_KEYS = {
    "Author": "author",
    "Condition": "detection.condition",
    "Correlation": "correlation",
    "CorrelationCondition": "correlation.condition",
    "CorrelationRule": "correlation",
    "CorrelationType": "correlation.type",
    "Date": "date",
    "Description": "description",
    "FalsePositives": "falsepositives",
    "Fields": "fields",
    "Identifier": "id",
    "Level": "level",
    "License": "license",
    "Logsource": "logsource",
    "Modified": "modified",
    "Name": "name",
    "References": "references",
    "Related": "related",
    "Scope": "scope",
    "Status": "status",
    "Tag": "tags",
    "Taxonomy": "taxonomy",
    "Timespan": "correlation.timespan",
    "Title": "title",
}
_LEVELS = "informational, low, medium, high or critical"
_STATUSES = "stable, test, experimental, deprecated or unsupported"
#: What pySigma says that only its own developers understand, and what it means.
_SENTENCES = (
    (
        r"Unsupported type: <class 'dict'>",
        "has a mapping for a value: write text, a number or a list of these",
    ),
    (r"Unsupported type: <class 'datetime\.\w+'>", "has a date for a value: put it between quotation marks"),
    (r"Unsupported type: .*", "has a value that is no text and no number"),
    (r"'(.*)' is not a valid Sigma rule level", rf"\1 is no level: write {_LEVELS}"),
    (r"'(.*)' is not a valid Sigma rule status", rf"\1 is no status: write {_STATUSES}"),
    (r"(Regular expression .* is invalid): b?['\"](.*)['\"]", r"\1: \2"),
    (r"Expected .*, found (end of text|'.*?') .*", r"is wrong at \1: a name or a parenthesis is missing"),
    (r"The pipe syntax in Sigma conditions .*", "counts after a pipe: write a correlation rule in its place"),
)
_QUOTED = re.compile(r"'([^']+)'")
_NAMED_KEY = re.compile(r"Sigma rule (\w+) (?:must|cannot)")
_MODIFIER = re.compile(r"Unknown modifier '(.*)'")
_INCOMPATIBLE = re.compile(r"Modifier (\w+) incompatible to value type of '(.*)'", re.DOTALL)


@dataclass(frozen=True, slots=True)
class RuleProblem:
    """What is wrong with a document.

    Args:
        line: The line of the file, from 1.
        text: What is wrong, after the key that it is about.
    """

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class _Entry:
    """A key or a scalar value of a document: its place, such as ``detection.a.EventID``, text and line."""

    place: str
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class RuleDocument:
    """A document of a rule file.

    Args:
        data: What it holds.
        entries: Its keys and scalar values, in their order.
    """

    data: dict[str, Any]
    entries: tuple[_Entry, ...]

    @property
    def line(self) -> int:
        """The line that it begins in, from 1."""
        return self.entries[0].line if self.entries else 1

    def line_of(self, place: str) -> int:
        """Return the line of a key, or of the nearest above it that is there."""
        while place:
            for entry in self.entries:
                if entry.place == place:
                    return entry.line
            place = place.rpartition(".")[0]
        return self.line

    def problems(self, error: BaseException) -> Iterator[RuleProblem]:
        """Yield what an error of pySigma says, each with its key: of a detection all that is wrong."""
        name = type(error).__name__.removeprefix("Sigma").removesuffix("Error")
        place = _KEYS.get(name, "correlation" if "correlation" in self.data else "detection")
        if (named := _NAMED_KEY.match(str(error))) and named[1] in self.data:
            place = named[1]
        found = list(self._detection_problems()) if place == "detection" else []
        yield from found or [self._problem(place, error)]

    def _problem(self, place: str, error: BaseException) -> RuleProblem:
        quoted = _QUOTED.findall(str(error))
        below = [each for each in self.entries if each.place.startswith(place)]
        nearest = next((each for text in quoted for each in below if text in each.text), None)
        line = nearest.line if nearest else self.line_of(place)
        return RuleProblem(
            line, ": ".join(filter(None, (nearest.place if nearest else place, sentence(error))))
        )

    def _detection_problems(self) -> Iterator[RuleProblem]:
        from sigma.exceptions import SigmaError
        from sigma.rule import SigmaDetection

        detection = self.data.get("detection")
        for name, selection in detection.items() if isinstance(detection, dict) else ():
            tests = [{key: value} for key, value in selection.items()] if isinstance(selection, dict) else []
            for test in [] if name in ("condition", "timeframe") else tests or [selection]:
                try:
                    SigmaDetection.from_definition(test)
                except SigmaError as error:
                    key = next(iter(test)) if isinstance(test, dict) and test else ""
                    yield self._problem(".".join(filter(None, ("detection", str(name), str(key)))), error)


def documents(text: str, loader_class: Any) -> Iterator[RuleDocument | RuleProblem]:
    """Yield each document of a file, or what is wrong with it.

    Args:
        text: The text of the file.
        loader_class: A loader of PyYAML.

    Raises:
        Exception: PyYAML's, where the text is no YAML; ``yaml_problem`` says what is wrong.
    """
    loader = loader_class(text)
    while loader.check_node():
        node = loader.get_node()
        entries = tuple(_entries(node, "", set()))
        if problems := list(_faults(node, "", set())):
            yield from problems
            continue
        data = loader.construct_document(node)
        if data is None:
            continue  # nothing between two marks
        document = RuleDocument(data, entries)
        if isinstance(data, dict):
            problems = [
                RuleProblem(document.line_of(key), f"{key}: {text}") for key, text in _wrong_keys(data)
            ]
        else:
            text = "is no rule: a rule has keys such as title, logsource and detection"
            problems = [RuleProblem(node.start_mark.line + 1, text)]
        yield from problems
        if not problems:
            yield document


def _wrong_keys(data: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what pySigma does not report of a document, by key."""
    if not isinstance(data.get("id", ""), str | None):
        yield "id", "is no text: write a UUID"
    if data.get("action", "global") not in ("global", "reset", "repeat"):
        yield "action", f"there is no action {data['action']}: write global, reset or repeat"
    if "filter" in data:
        yield "filter", "filters of Sigma are not supported: write 'and not' into the conditions of the rules"
    detection = data.get("detection")
    for name in detection if isinstance(detection, dict) else ():
        if not isinstance(name, str):
            yield f"detection.{name}", "is a selection whose name is not text: put it between quotation marks"
    condition = detection.get("condition", "") if isinstance(detection, dict) else ""
    if not all(isinstance(each, str) for each in (condition if isinstance(condition, list) else [condition])):
        yield "detection.condition", "is no text"


def yaml_problem(error: BaseException, text: str) -> RuleProblem:
    """Return what is wrong with a text that is no YAML."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if mark:
        reason = " ".join(filter(None, (getattr(error, "context", ""), getattr(error, "problem", ""))))
        line = min(mark.line + 1, len(text.splitlines()))  # what is missing at the end is missing on its line
        return RuleProblem(line, f"is no YAML: {reason}")
    position = getattr(error, "position", None)
    line = text.count("\n", 0, position) + 1 if isinstance(position, int) else 1
    reason = str(getattr(error, "reason", "")) or " ".join(str(error).split())
    return RuleProblem(line, f"is no YAML: {reason or type(error).__name__}")


def sentence(error: BaseException) -> str:
    """Return an error of pySigma as a sentence on one line."""
    text = " ".join(str(error).split()) or type(error).__name__
    if found := _MODIFIER.fullmatch(text):
        from sigma.modifiers import modifier_mapping

        return f"there is no modifier {found[1]}{did_you_mean(found[1], modifier_mapping)}"
    if found := _INCOMPATIBLE.fullmatch(text):
        from sigma.modifiers import modifier_mapping

        names = {modifier.__name__: name for name, modifier in modifier_mapping.items()}
        return f"the modifier {names.get(found[1], found[1])} does not take the value {found[2]}"
    for pattern, meaning in _SENTENCES:
        if re.fullmatch(pattern, text):
            return re.sub(pattern, meaning, text)
    return text


def _entries(node: Any, above: str, seen: set[int]) -> Iterator[_Entry]:
    """Yield the keys and scalar values below a node; what an alias repeats, once."""
    if id(node) in seen:
        return
    seen.add(id(node))
    if node.id == "mapping":
        for key, value in node.value:
            name = str(key.value)
            place = f"{above}.{name}" if above else name
            yield _Entry(place, name, key.start_mark.line + 1)
            yield from _entries(value, place, seen)
    elif node.id == "sequence":
        for value in node.value:
            yield from _entries(value, above, seen)
    else:
        yield _Entry(above, node.value, node.start_mark.line + 1)


def _faults(node: Any, above: str, seen: set[int]) -> Iterator[RuleProblem]:
    """Yield each key that a mapping has twice, and each empty list of a detection."""
    if id(node) in seen:
        return
    seen.add(id(node))
    if node.id == "mapping":
        names: set[str] = set()
        for key, value in node.value:
            name = str(key.value)
            place = f"{above}.{name}" if above else name
            if name in names:
                yield RuleProblem(key.start_mark.line + 1, f"{place}: is given twice")
            names.add(name)
            yield from _faults(value, place, seen)
    elif node.id == "sequence":
        if not node.value and above.startswith("detection."):
            yield RuleProblem(
                node.start_mark.line + 1, f"{above}: is an empty list, which no record can match"
            )
        for value in node.value:
            yield from _faults(value, above, seen)
