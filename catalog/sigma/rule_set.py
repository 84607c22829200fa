"""What becomes of the rules of several files: correlations are over rules of any of them."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from catalog.derived.correlation_query import correlation_query
from catalog.sigma.conversion import MAXIMUM_QUERY_LENGTH, Conversion, Engine, conversion
from catalog.sigma.reading import (
    CorrelationRule,
    DetectionRule,
    MalformedRuleError,
    RuleOptions,
    SigmaError,
    read_rules,
)
from catalog.sigma.rule_correlation import rule_correlation
from catalog.sigma.rule_event import rule_key


def conversions(files: Iterable[Path], options: RuleOptions | None = None) -> list[Conversion]:
    """Return what each rule of some files becomes, in their order; a file without a rule is a refusal.

    Args:
        files: The files.
        options: How they are read and converted. Default: exactly, and onto what Windows writes itself.

    Raises:
        SigmaError: pySigma is not installed.
    """
    found = [each for file in files for each in _of_file(file, options or RuleOptions())]
    known = {
        name: each for each in reversed(found) if each.rule for name in (each.rule.id, each.rule.name) if name
    }
    correlated = [_correlated(each, known) for each in found]
    first: dict[str, Conversion] = {}
    steps: dict[int, tuple[str, ...]] = {}
    for each in correlated:
        if each.correlation and isinstance(each.rule, CorrelationRule) and not each.rule.generates:
            for name in each.rule.rules:
                line = id(known[name])
                steps[line] = (*steps.get(line, ()), each.correlation.key)
    return [
        replace(after, step_of=steps.get(id(before), ()), repeats=tuple(_repeats(after, first)))
        for before, after in zip(found, correlated, strict=True)
    ]


def _repeats(found: Conversion, first: dict[str, Conversion]) -> Iterator[str]:
    """Yield what another rule before it has too of what should be its own, and remember its own."""
    if not found.rule:
        return
    for what, name in (("id", found.rule.id), ("title", rule_key(found.rule))):
        other = first.setdefault(name, found) if name else found
        if other is not found:
            yield f"has the {what} of the rule in {other.file}:{other.line}: give it one of its own"


def _of_file(file: Path, options: RuleOptions) -> Iterator[Conversion]:
    for rule in list(read_rules(file, options.placeholders)) or [MalformedRuleError("has no rule")]:
        match rule:
            case DetectionRule():
                yield conversion(rule, options)
            case CorrelationRule():
                yield Conversion(rule.file, Engine.REFUSED, rule)
            case SigmaError():
                reason = str(rule).removeprefix(f"{file}: ")
                is_malformed = isinstance(rule, MalformedRuleError)
                yield Conversion(
                    str(file),
                    Engine.REFUSED,
                    refusal=reason,
                    is_malformed=is_malformed,
                    refused_line=rule.line,
                )


def _correlated(found: Conversion, known: dict[str, Conversion]) -> Conversion:
    if not isinstance(found.rule, CorrelationRule):
        return found
    try:
        correlation = rule_correlation(found.rule, known)
        query = correlation_query(correlation).query
        if len(query) > MAXIMUM_QUERY_LENGTH:
            raise SigmaError(f"needs a query of {len(query):,} characters, over {MAXIMUM_QUERY_LENGTH:,}")
    except (SigmaError, OSError) as error:
        return replace(found, refusal=str(error))
    return replace(found, engine=Engine.LOG_ALARM, correlation=correlation, query=query)
