"""DetectionRule files in, by pySigma: the rule's own words, and what it asks as an expression."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from catalog.errors import InputError
from catalog.sigma.expression import (
    All,
    AnyOf,
    Expression,
    Not,
    Nothing,
    Number,
    OtherField,
    Presence,
    RegularExpression,
    Subnet,
    Test,
    Value,
    Wildcard,
)

#: The extra's name on the package registry, for the message where it is missing.
EXTRA = "sigma"
_SIGNS = {"LT": "<", "LTE": "<=", "GT": ">", "GTE": ">="}


class SigmaError(InputError):
    """A rule that cannot be read, or cannot become a filter or a query; the text says why, in a sentence."""


class MalformedRuleError(SigmaError):
    """A file that is no rule, or a rule that breaks the specification."""


@dataclass(frozen=True, slots=True)
class DetectionRule:
    """A Sigma rule, as far as this project reads it.

    Args:
        file: The file that it is in.
        id: Its UUID; empty where it has none.
        title: Its title.
        level: Its level, such as ``high``; empty where it has none.
        category: The category of its log source, or empty.
        service: The service of its log source, or empty.
        product: The product of its log source, or empty.
        expression: What it asks of a record.
        tags: Its tags, such as ``attack.t1110.003``.
        author: Who wrote it.
        status: Its status, such as ``stable``.
        description: What it is about.
        false_positives: What else may match.
        tests: The folder of its own test logs, or empty.
        references: Links to what it comes from.
        line: The line of the file that it begins in, from 1.
    """

    file: str
    id: str
    title: str
    level: str
    category: str
    service: str
    product: str
    expression: Expression
    tags: tuple[str, ...] = ()
    author: str = ""
    status: str = ""
    description: str = ""
    false_positives: tuple[str, ...] = ()
    tests: str = ""
    references: tuple[str, ...] = ()
    line: int = 1


def read_rules(path: Path) -> Iterator[DetectionRule | SigmaError]:
    """Yield each rule of a file, or what is wrong with it.

    Args:
        path: A file of one rule, or of several documents.

    Raises:
        SigmaError: pySigma is not installed.
    """
    try:
        from sigma.collection import SigmaCollection
        from sigma.exceptions import SigmaError as PySigmaError
        from sigma.rule import SigmaRule, SigmaYAMLLoader
    except ModuleNotFoundError as error:
        raise SigmaError(
            f'Sigma rules need pySigma: pip install "windows-security-monitoring[{EXTRA}]"'
        ) from error
    try:
        text = path.read_text(encoding="utf-8-sig")
        # SigmaCollection.from_yaml is slow, and takes the last of two selections with one name.
        loader: Any = SigmaYAMLLoader(text)
        documents = []
        while loader.check_data():
            documents.append(loader.get_data())
        collection = SigmaCollection.from_dicts(documents, collect_errors=True)
    except (OSError, UnicodeDecodeError, PySigmaError, ValueError) as error:
        yield MalformedRuleError(f"{path}: {_line(error)}")
        return
    except Exception as error:  # a YAML error, of a library that is not named here
        yield MalformedRuleError(f"{path}: {_line(error)}")
        return
    for rule, line in zip(collection.rules, _starts(text, len(collection.rules)), strict=True):
        if rule.errors:
            yield MalformedRuleError(f"{path}: {'; '.join(_line(error) for error in rule.errors)}")
        elif isinstance(rule, SigmaRule):
            try:
                yield _rule(path, rule, line)
            except MalformedRuleError as error:
                yield MalformedRuleError(f"{path}: {error}")
            except (SigmaError, PySigmaError, ValueError) as error:
                yield SigmaError(f"{path}: {_line(error)}")
        else:
            yield SigmaError(f"{path}: is a correlation rule, which is read with the rules that it names")


def _line(error: BaseException) -> str:
    return " ".join(str(error).split()) or type(error).__name__


def _starts(text: str, number: int) -> list[int]:
    """Return the line in which each rule of a file begins, the file's first where that is not certain."""
    lines = text.splitlines()
    marks = [index + 1 for index, line in enumerate(lines, start=1) if line.startswith("---")]
    if any(line.strip() and line[0] != "#" for line in lines[: marks[0] - 2 if marks else None]):
        marks.insert(0, 1)
    return marks if len(marks) == number else [1] * number


def _rule(path: Path, rule: Any, line: int) -> DetectionRule:
    conditions = [_expression(parsed) for parsed in _parsed_conditions(rule)]
    source = rule.logsource
    custom = rule.custom_attributes or {}
    return DetectionRule(
        file=str(path),
        id=str(rule.id or ""),
        title=rule.title or path.stem,
        level=rule.level.name.lower() if rule.level else "",
        category=source.category or "",
        service=source.service or "",
        product=source.product or "",
        expression=conditions[0] if len(conditions) == 1 else AnyOf(tuple(conditions)),
        tags=tuple(str(tag) for tag in rule.tags),
        author=rule.author or "",
        status=rule.status.name.lower() if rule.status else "",
        description=" ".join((rule.description or "").split()),
        false_positives=tuple(rule.falsepositives or ()),
        tests=str(custom.get("regression_tests_path", "")),
        references=tuple(map(str, rule.references or ())),
        line=line,
    )


def _parsed_conditions(rule: Any) -> list[Any]:
    try:
        return [condition.parsed for condition in rule.detection.parsed_condition]
    except TypeError as error:  # pySigma takes every name of a selection for text
        raise MalformedRuleError(f"has a selection whose name is not text: {_line(error)}") from error


def _expression(node: Any) -> Expression:
    match type(node).__name__:
        case "ConditionAND":
            return All(tuple(map(_expression, node.args)))
        case "ConditionOR":
            return AnyOf(tuple(map(_expression, node.args)))
        case "ConditionNOT":
            return Not(_expression(node.args[0]))
        case "ConditionFieldEqualsValueExpression":
            return _test(node.field, node.value)
        case "ConditionValueExpression":
            return _test(None, node.value)
        case other:
            raise SigmaError(f"has a condition of a kind that is not known here: {other}")


def _test(field: str | None, value: Any) -> Expression:
    match type(value).__name__:
        case "SigmaExpansion":
            return AnyOf(tuple(_test(field, each) for each in value.values))
        case "SigmaString" | "SigmaCasedString":
            if value.contains_placeholder():
                names = ", ".join(part.name for part in value.s if type(part).__name__ == "Placeholder")
                raise SigmaError(f"has the placeholder {names}, which only a pySigma pipeline can fill")
            return Test(field, Value(tuple(_parts(value)), type(value).__name__ == "SigmaCasedString"))
        case "SigmaNumber":
            return Test(field, Value((str(value.number),)))
        case "SigmaBool":
            return Test(field, Value((str(value.boolean).lower(),)))
        case "SigmaRegularExpression":
            flags = "".join(sorted(flag.name[0].lower() for flag in value.flags))
            return Test(field, RegularExpression(str(value.regexp), flags))
        case "SigmaCIDRExpression":
            return Test(field, Subnet(str(value.network)))
        case "SigmaCompareExpression":
            return Test(field, Number(_SIGNS[value.op.name], float(str(value.number))))
        case "SigmaExists":
            return Test(field, Presence(value.exists))
        case "SigmaNull":
            return Test(field, Nothing())
        case "SigmaFieldReference":
            return Test(field, OtherField(value.field, value.starts_with, value.ends_with))
        case other:
            raise SigmaError(f"has a value of a kind that is not known here: {other}")


def _parts(value: Any) -> Iterator[str | Wildcard]:
    for part in value.s:
        if isinstance(part, str):
            yield part
        else:
            yield Wildcard.ANY if part.name == "WILDCARD_MULTI" else Wildcard.ONE
