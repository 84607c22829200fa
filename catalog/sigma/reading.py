"""DetectionRule files in, by pySigma: the rule's own words, and what it asks as an expression."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from catalog.errors import InputError
from catalog.sigma.expression import (
    All,
    AnyOf,
    Expression,
    Matcher,
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
from catalog.sigma.rule_file import RuleDocument, RuleProblem, documents, yaml_problem

#: The extra's name on the package registry, for the message where it is missing.
EXTRA = "sigma"
_TECHNIQUE = re.compile(r"attack\.(t\d{4}(?:\.\d{3})?)", re.IGNORECASE)
_SIGNS = {"LT": "<", "LTE": "<=", "GT": ">", "GTE": ">="}


class SigmaError(InputError):
    """A rule that cannot be read, or cannot become a filter or a query; the text says why, in a sentence.

    Attributes:
        line: The line of the file that it is about, from 1.
    """

    def __init__(self, text: str, *, line: int = 1) -> None:
        super().__init__(text)
        self.line = line


class MalformedRuleError(SigmaError):
    """A file that is no rule, or a rule that breaks the specification."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleOptions:
    """How rules are read and converted.

    Args:
        accept_case: Whether a filter may miss records that spell a value in another letter case.
        sysmon: Whether Sysmon is installed, whose records then answer the rules on its log sources.
        placeholders: The values of each placeholder, by its name; ``*`` and ``?`` are wildcards.
    """

    accept_case: bool = False
    sysmon: bool = False
    placeholders: Mapping[str, Sequence[str]] = field(default_factory=dict)


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
        placeholders: The placeholders that it names, each once.
    """

    category: str
    service: str
    product: str
    expression: Expression
    placeholders: tuple[str, ...] = ()


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


def read_rules(
    path: Path, placeholders: Mapping[str, Sequence[str]] | None = None
) -> Iterator[DetectionRule | CorrelationRule | SigmaError]:
    """Yield each rule of a file, or what is wrong with it.

    Args:
        path: A file of one rule, or of several documents.
        placeholders: The values of each placeholder, by its name. Default: none is known.

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
    text = ""
    try:
        text = path.read_text(encoding="utf-8-sig")
        # SigmaCollection.from_yaml is slow, and names no line.
        found = list(documents(text, SigmaYAMLLoader))
    except OSError as error:
        yield MalformedRuleError(f"{path}: {error.strerror or error}")
        return
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        yield MalformedRuleError(f"{path}: is not in UTF-8", line=line)
        return
    except Exception as error:  # a YAML error, of a library that is not named here
        yield _malformed(path, yaml_problem(error, text))
        return
    for each in found:
        if isinstance(each, RuleProblem):
            yield _malformed(path, each)
    read = [each for each in found if isinstance(each, RuleDocument)]
    for number, document in enumerate(read):
        if document.data.get("action") in ("global", "reset"):
            continue  # of the rules after it
        merged = any("action" in each.data for each in read)
        data = deepcopy([each.data for each in read[: number + 1]]) if merged else [document.data]
        try:
            # A correlation may name rules of other files.
            collection = SigmaCollection.from_dicts(data, collect_errors=True, resolve_references=False)
            rule = collection.rules[-1] if collection.rules else None
            if errors := rule.errors if rule else collection.errors:
                found_in = (each for error in errors for each in document.problems(error))
                yield from (_malformed(path, each) for each in dict.fromkeys(found_in))
            elif isinstance(rule, SigmaRule):
                yield _rule(path, rule, document.line, placeholders or {})
            else:
                yield _correlation(path, rule, document.line)
        except SigmaError as problem:
            yield type(problem)(f"{path}: {problem}", line=document.line)
        except PySigmaError as error:
            yield from (_malformed(path, each) for each in document.problems(error))
        except Exception as error:  # what pySigma does not expect of a rule
            yield _malformed(path, RuleProblem(document.line, f"is no rule that pySigma reads: {error}"))


def _malformed(path: Path, problem: RuleProblem) -> MalformedRuleError:
    return MalformedRuleError(f"{path}: {problem.text}", line=problem.line)


def _rule(path: Path, rule: Any, line: int, known: Mapping[str, Sequence[str]]) -> DetectionRule:
    placeholders = _Placeholders(known)
    conditions = [_expression(each.parsed, placeholders) for each in rule.detection.parsed_condition]
    source = rule.logsource
    return DetectionRule(
        **_head(path, rule, line),
        category=source.category or "",
        service=source.service or "",
        product=source.product or "",
        expression=conditions[0] if len(conditions) == 1 else AnyOf(tuple(conditions)),
        placeholders=tuple(placeholders.named),
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


class _Placeholders:
    """The values of placeholders, and which of them a rule names."""

    def __init__(self, known: Mapping[str, Sequence[str]]) -> None:
        self.named: dict[str, None] = {}
        self._known = known

    def filled(self, value: Any) -> list[Any]:
        """Return the values that one value with placeholders stands for."""
        from sigma.types import Placeholder, SigmaRegularExpression, SigmaString

        if not isinstance(value, SigmaString | SigmaRegularExpression) or not value.contains_placeholder():
            return [value]
        parts = value.regexp.s if isinstance(value, SigmaRegularExpression) else value.s
        names = dict.fromkeys(part.name for part in parts if isinstance(part, Placeholder))
        self.named.update(names)
        if unknown := [name for name in names if name not in self._known]:
            given = ", ".join(f"{name}: [...]" for name in unknown)
            options = " ".join(f"--placeholder {name}=VALUE" for name in unknown)
            raise SigmaError(
                f"has the placeholder {', '.join(unknown)}: give its values, in a deployment file as "
                f"'placeholders: {{{given}}}' beside 'rules', and on the command line as '{options}'"
            )
        filled: list[Any] = value.replace_placeholders(
            lambda placeholder: map(SigmaString, self._known[placeholder.name])
        )
        return filled


def _expression(node: Any, placeholders: _Placeholders) -> Expression:
    match type(node).__name__:
        case "ConditionAND":
            return All(tuple(_expression(part, placeholders) for part in node.args))
        case "ConditionOR":
            return AnyOf(tuple(_expression(part, placeholders) for part in node.args))
        case "ConditionNOT":
            return Not(_expression(node.args[0], placeholders))
        case "ConditionFieldEqualsValueExpression":
            return _test(node.field, node.value, placeholders)
        case "ConditionValueExpression":
            return _test(None, node.value, placeholders)
        case other:
            raise SigmaError(f"has a condition of a kind that is not known here: {other}")


def _test(field: str | None, value: Any, placeholders: _Placeholders) -> Expression:
    kind = type(value).__name__
    if kind == "SigmaExpansion":
        return AnyOf(tuple(_test(field, each, placeholders) for each in value.values))
    matchers = [_matcher(each, kind) for each in placeholders.filled(value)]
    return Test(field, matchers[0]) if len(matchers) == 1 else AnyOf(tuple(Test(field, m) for m in matchers))


def _matcher(value: Any, kind: str) -> Matcher:
    match kind:
        case "SigmaString" | "SigmaCasedString":
            return Value(tuple(_parts(value)), kind == "SigmaCasedString")
        case "SigmaNumber":
            return Value((str(value.number),))
        case "SigmaBool":
            return Value((str(value.boolean).lower(),))
        case "SigmaRegularExpression":
            flags = "".join(sorted(flag.name[0].lower() for flag in value.flags))
            return RegularExpression(str(value.regexp), flags)
        case "SigmaCIDRExpression":
            return Subnet(str(value.network))
        case "SigmaCompareExpression":
            return Number(_SIGNS[value.op.name], float(str(value.number)))
        case "SigmaExists":
            return Presence(value.exists)
        case "SigmaNull":
            return Nothing()
        case "SigmaFieldReference":
            return OtherField(value.field, value.starts_with, value.ends_with)
        case other:
            raise SigmaError(f"has a value of a kind that is not known here: {other}")


def _parts(value: Any) -> Iterator[str | Wildcard]:
    for part in value.s:
        if isinstance(part, str):
            yield part
        else:
            yield Wildcard.ANY if part.name == "WILDCARD_MULTI" else Wildcard.ONE
