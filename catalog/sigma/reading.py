"""DetectionRule files in, by pySigma: the rule's own words, and what it asks as an expression."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
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
_TECHNIQUE = re.compile(r"attack\.(t\d{4}(?:\.\d{3})?)", re.IGNORECASE)
_SIGNS = {"LT": "<", "LTE": "<=", "GT": ">", "GTE": ">="}


class SigmaError(InputError):
    """A rule that cannot be read, or cannot become a filter or a query; the text says why, in a sentence."""


class MalformedRuleError(SigmaError):
    """A file that is no rule, or a rule that breaks the specification."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleHead:
    """What every Sigma rule says of itself.

    Args:
        file: The file that it is in.
        id: Its UUID; empty where it has none.
        name: The name that correlations know it by; empty where it has none.
        title: Its title.
        level: Its level, such as ``high``; empty where it has none.
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
    name: str = ""
    title: str
    level: str
    tags: tuple[str, ...] = ()
    author: str = ""
    status: str = ""
    description: str = ""
    false_positives: tuple[str, ...] = ()
    tests: str = ""
    references: tuple[str, ...] = ()
    line: int = 1

    @property
    def attack(self) -> tuple[str, ...]:
        """The ATT&CK techniques among its tags."""
        found = map(_TECHNIQUE.fullmatch, self.tags)
        return tuple(dict.fromkeys(match[1].upper() for match in found if match))


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectionRule(RuleHead):
    """A Sigma rule on single records, as far as this project reads it.

    Args:
        category: The category of its log source, or empty.
        service: The service of its log source, or empty.
        product: The product of its log source, or empty.
        expression: What it asks of a record.
    """

    category: str
    service: str
    product: str
    expression: Expression


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrelationRule(RuleHead):
    """A Sigma rule on several records.

    Args:
        type: Its type, such as ``event_count``.
        rules: The names or ids of the rules on single records, in their order.
        group_by: The fields whose values the records of one group share.
        timespan: The seconds within which the records lie.
        sign: How the number is compared, such as ``gte``; empty where no number decides.
        number: What it is compared with.
        counted: The fields whose distinct values are counted.
        condition: A condition on the rules in words, such as ``a and b``; empty where it has none.
        aliases: By name of a grouped field, the field of each rule that is called otherwise.
        generates: Whether the rules on single records keep alarms of their own.
    """

    type: str
    rules: tuple[str, ...]
    group_by: tuple[str, ...]
    timespan: int
    sign: str
    number: float
    counted: tuple[str, ...]
    condition: str
    aliases: Mapping[str, Mapping[str, str]]
    generates: bool


def read_rules(path: Path) -> Iterator[DetectionRule | CorrelationRule | SigmaError]:
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
        # A correlation may name rules of other files.
        collection = SigmaCollection.from_dicts(documents, collect_errors=True, resolve_references=False)
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
            yield _correlation(path, rule, line)


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
    return DetectionRule(
        **_head(path, rule, line),
        category=source.category or "",
        service=source.service or "",
        product=source.product or "",
        expression=conditions[0] if len(conditions) == 1 else AnyOf(tuple(conditions)),
    )


def _correlation(path: Path, rule: Any, line: int) -> CorrelationRule:
    condition = rule.condition
    sign = getattr(condition, "op", None)
    counted = getattr(condition, "fieldref", None) or ()
    named = [each.reference for each in rule.rules or ()]
    if not named and sign is None:
        named = condition.get_referenced_rules()
    return CorrelationRule(
        **_head(path, rule, line),
        type=rule.type.name.lower(),
        rules=tuple(named),
        group_by=tuple(rule.group_by or ()),
        timespan=rule.timespan.seconds,
        sign=sign.name.lower() if sign else "",
        number=condition.count if sign else 0,
        counted=(counted,) if isinstance(counted, str) else tuple(counted),
        condition="" if sign else condition.expression,
        aliases={
            alias.alias: {reference.reference: field for reference, field in alias.mapping.items()}
            for alias in rule.aliases
        },
        generates=rule.generate,
    )


def _head(path: Path, rule: Any, line: int) -> dict[str, Any]:
    custom = rule.custom_attributes or {}
    return {
        "file": str(path),
        "id": str(rule.id or ""),
        "name": rule.name or "",
        "title": rule.title or path.stem,
        "level": rule.level.name.lower() if rule.level else "",
        "tags": tuple(str(tag) for tag in rule.tags),
        "author": rule.author or "",
        "status": rule.status.name.lower() if rule.status else "",
        "description": " ".join((rule.description or "").split()),
        "false_positives": tuple(rule.falsepositives or ()),
        "tests": str(custom.get("regression_tests_path", "")),
        "references": tuple(map(str, rule.references or ())),
        "line": line,
    }


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
