"""A located rule as filter patterns, with the claim of what they find.

A pattern knows substrings only, case-sensitively. A literal is exact where it is tied to its field and has
one spelling in all records; what is not exact is left out where that finds more records, and never where it
would find fewer.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import combinations

from catalog.filter_pattern import MAXIMUM_LENGTH, METRIC_FILTERS_A_LOG_GROUP, quote
from catalog.model.condition import escape
from catalog.model.event_fields import follower_of
from catalog.model.spelling import provider_spelling, windows_spelling
from catalog.sigma.expression import Matcher, Test, Value, Wildcard, alternatives
from catalog.sigma.located import LocatedRule, LocatedTest
from catalog.sigma.log_sources import EVENT_ID, HEADER_FIELDS, PROVIDER, Location, Place, security_provider
from catalog.sigma.reading import SigmaError


class Claim(Enum):
    """What the patterns of a rule find, beside the records that the rule means."""

    EXACT = "exact"
    NEVER_MISSES = "never misses"
    CASE_SENSITIVE = "case-sensitive"

    @property
    def meaning(self) -> str:
        """The claim in a sentence."""
        return _MEANINGS[self]


_MEANINGS = {
    Claim.EXACT: "Finds exactly the records that the rule means.",
    Claim.NEVER_MISSES: "Finds every record that the rule means, and others.",
    Claim.CASE_SENSITIVE: "Misses records that spell a value in another letter case than the rule.",
}


#: A security identifier, or the beginning of one.
_SID = re.compile(r"S-1-[0-9-]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class RulePatterns:
    """The filter patterns of a rule.

    Args:
        patterns: The patterns; a record that the rule means matches one of them at least.
        claim: What they find.
        left_out: What the rule asks for and the patterns do not, by field, each once.
        counts_twice: Whether two of them may match one record, which a metric then counts twice.
    """

    patterns: tuple[str, ...]
    claim: Claim
    left_out: tuple[str, ...]
    counts_twice: bool


@dataclass(frozen=True, slots=True)
class _Piece:
    """A literal of a pattern.

    Args:
        texts: The spellings, any one of which stands in the record.
        is_tied: Whether they stand nowhere but in the field, where the test asks for them.
        is_cased: Whether records spell it so only.
        is_whole: Whether they say all that the test asks for.
    """

    texts: tuple[str, ...]
    is_tied: bool
    is_cased: bool
    is_whole: bool

    @property
    def is_exact(self) -> bool:
        return self.is_tied and self.is_cased and self.is_whole


def rule_patterns(located: LocatedRule, *, accept_case: bool = False) -> RulePatterns:
    """Return the filter patterns of a rule.

    Args:
        located: The rule on the records of its log source.
        accept_case: Whether patterns may miss records that spell a value in another letter case.

    Raises:
        SigmaError: No filter says what the rule means; it says why.
    """
    found = alternatives(located.expression, METRIC_FILTERS_A_LOG_GROUP)
    if found is None:
        raise SigmaError(f"needs more than {METRIC_FILTERS_A_LOG_GROUP} patterns")
    claim = Claim.EXACT
    patterns: dict[str, None] = {}
    left_out: dict[str, None] = {}
    for alternative in found:
        texts, of_this, lost = _pattern(located, alternative, accept_case=accept_case)
        claim = max(claim, of_this, key=list(Claim).index)
        left_out.update(dict.fromkeys(lost))
        patterns.update(dict.fromkeys(texts))
    if len(patterns) > METRIC_FILTERS_A_LOG_GROUP:
        raise SigmaError(f"needs more than {METRIC_FILTERS_A_LOG_GROUP} patterns")
    if longest := max((len(p.encode()) for p in patterns if len(p.encode()) > MAXIMUM_LENGTH), default=0):
        raise SigmaError(f"needs a pattern of {longest:,} characters, over {MAXIMUM_LENGTH:,}")
    counts_twice = len(patterns) > 1 and not _are_apart(found)
    return RulePatterns(tuple(patterns), claim, tuple(left_out), counts_twice)


def contradiction(located: LocatedRule) -> str:
    """Return a field of which a rule asks for two values at once, and so finds nothing; empty for none."""
    field = ""
    for alternative in alternatives(located.expression, METRIC_FILTERS_A_LOG_GROUP) or ((),):
        pairs = combinations(alternative, 2)
        field = next((one[0].field or "" for one, other in pairs if _contradict(one, other)), "")
        if not field:
            return ""
    return field


def _pattern(
    located: LocatedRule, alternative: Sequence[tuple[Test, bool]], *, accept_case: bool
) -> tuple[list[str], Claim, list[str]]:
    """Return the patterns of one alternative, one for each combination of spellings."""
    event_id = _event_id(alternative)
    provider = _provider(located, alternative, event_id)
    claim = Claim.EXACT
    required: list[tuple[str, ...]] = []
    excluded: list[str] = []
    lost: list[str] = []
    beyond_id = False
    for test, wanted in alternative:
        assert isinstance(test, LocatedTest), "the rule is located"
        pieces = list(_pieces(located, test, provider, event_id))
        name = test.field or "a keyword"
        if wanted:
            usable = [piece for piece in pieces if piece.is_cased or accept_case]
            required += [piece.texts for piece in usable]
            beyond_id |= bool(usable) and test.location not in _IDENTITY
            if any(not piece.is_cased for piece in usable):
                claim = Claim.CASE_SENSITIVE
            if not pieces or not all(piece.is_exact for piece in pieces):
                claim = max(claim, Claim.NEVER_MISSES, key=list(Claim).index)
            if len(usable) < max(1, len(pieces)):
                lost.append(name)
        elif len(pieces) == 1 and pieces[0].is_tied and pieces[0].is_whole:
            # In another letter case it leaves out fewer records than the rule, and misses none.
            excluded += pieces[0].texts
            if not pieces[0].is_cased:
                claim = max(claim, Claim.NEVER_MISSES, key=list(Claim).index)
        else:
            claim = max(claim, Claim.NEVER_MISSES, key=list(Claim).index)
            lost.append(name)
    if not beyond_id and (lost or event_id is None):
        raise SigmaError(f"leaves nothing to filter by but the event id: {', '.join(dict.fromkeys(lost))}")
    exclusions = [f"-{quote(text)}" for text in dict.fromkeys(excluded)]
    return [" ".join([*map(quote, texts), *exclusions]) for texts in _combined(required)], claim, lost


#: What says which event a record is, and nothing of what it is about.
_IDENTITY = (EVENT_ID, PROVIDER, Location(Place.HEADER, "Channel"))


def _combined(required: Sequence[tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    if not required:
        yield ()
        return
    first, *rest = required
    for text in first:
        for others in _combined(rest):
            yield (text, *others)


def _event_id(alternative: Sequence[tuple[Test, bool]]) -> int | None:
    for test, wanted in alternative:
        if wanted and isinstance(test, LocatedTest) and test.location == EVENT_ID:
            return _number(test.matcher)
    return None


def _number(matcher: Matcher) -> int | None:
    text = str(matcher.parts[0]) if isinstance(matcher, Value) and len(matcher.parts) == 1 else ""
    return int(text) if text.isdigit() else None


def _pieces(located: LocatedRule, test: LocatedTest, provider: str, event_id: int | None) -> Iterator[_Piece]:
    """Yield the literals of one test; nothing where it has none."""
    location, value = test.location, test.matcher
    if location is None or not isinstance(value, Value):
        return
    if value.is_anything or location.place is Place.REGISTRY:
        return
    if location == EVENT_ID:
        yield from _id_piece(located, value)
        return
    start, end = _tags(location, provider, event_id)
    parts = value.parts
    if all(isinstance(part, str) for part in parts):
        text = "".join(map(str, parts))
        spellings, is_cased = _spellings(location, provider, event_id, text, value.is_cased)
        is_twin = _is_in_header(location)
        closing = end if is_twin or location == PROVIDER else end.partition(">")[0] + ">"
        is_tied = not is_twin or end.count("<") > 1
        yield _Piece(tuple(f"{start}{escape(s)}{closing}" for s in spellings), is_tied, is_cased, True)
        return
    for number, part in enumerate(parts):
        if not isinstance(part, str):
            continue
        spellings, is_cased = _spellings(location, provider, event_id, part, value.is_cased, part=True)
        is_first, is_last = number == 0, number == len(parts) - 1
        before = start if is_first else ""
        after = end if is_last else ""
        is_tied = (is_first or (is_last and _is_followed(end))) and not _is_in_header(location)
        is_whole = len(parts) == 2 and Wildcard.ANY in parts
        yield _Piece(
            tuple(f"{before}{escape(spelling)}{after}" for spelling in spellings), is_tied, is_cased, is_whole
        )


def _id_piece(located: LocatedRule, value: Value) -> Iterator[_Piece]:
    if _number(value) is not None:
        is_manifest = located.source.channels == ("Security",)
        start = "<EventID>" if is_manifest else ">"
        # A classic provider's id carries qualifiers; another element could end alike only as an EventID.
        yield _Piece((f"{start}{value.parts[0]}</EventID>",), True, True, True)


def _provider(located: LocatedRule, alternative: Sequence[tuple[Test, bool]], event_id: int | None) -> str:
    """Return who writes the records of an alternative; nothing where it does not say."""
    if located.source.channels == ("Security",):
        return security_provider(event_id or 0)
    for test, wanted in alternative:
        is_provider = isinstance(test, LocatedTest) and test.location == PROVIDER
        if wanted and is_provider and isinstance(test.matcher, Value):
            name = "".join(map(str, test.matcher.parts))
            return provider_spelling(name) or name
    return located.source.provider


def _tags(location: Location, provider: str, event_id: int | None) -> tuple[str, str]:
    """Return what stands before a value, and what stands after it as far as every record has it."""
    match location.place:
        case Place.HEADER if location.name == "Provider":
            return "<Provider Name='", "'"
        case Place.HEADER:
            return f"<{location.name}>", f"</{location.name}>"
        case Place.USER_DATA:
            follower = _follower(location, provider, event_id) if _is_in_header(location) else None
            return f"<{location.name}>", f"</{location.name}>" + (f"<{follower}>" if follower else "")
        case Place.UNNAMED:
            return "<Data>", "</Data>"
        case _:
            follower = _follower(location, provider, event_id)
            return (
                f"<Data Name='{location.name}'>",
                "</Data>" + (f"<Data Name='{follower}'>" if follower else ""),
            )


def _follower(location: Location, provider: str, event_id: int | None) -> str | None:
    return follower_of(provider, event_id, location.name) if event_id is not None else None


def _is_in_header(location: Location) -> bool:
    """Return whether the header of every record has an element of the same name."""
    return location.place is Place.USER_DATA and location.name in HEADER_FIELDS.values()


def _is_followed(end: str) -> bool:
    """Return whether the end of a value is tied to its field: by the next field's tag, or by its own name."""
    return end not in ("</Data>", "'")


def _spellings(
    location: Location, provider: str, event_id: int | None, text: str, is_cased: bool, *, part: bool = False
) -> tuple[tuple[str, ...], bool]:
    """Return how records spell a text, and whether in no other way."""
    if is_cased or text.lower() == text.upper():
        return (text,), True
    if location == Location(Place.HEADER, "Keywords"):
        return (text.lower(),), True
    if _SID.fullmatch(text):
        return (text.upper(),), True
    if location == PROVIDER:
        known = provider_spelling(text)
        return (known or text,), known is not None
    if location.place in (Place.EVENT_DATA, Place.USER_DATA) and provider and event_id is not None:
        known, capital = (
            windows_spelling(provider, event_id, location.name, each, part=part)
            for each in (text.lower(), text.upper())
        )
        # Names in a path that the table does not know come back as they are given; and a file of any name
        # can lie in a folder of its own, spelt as its maker likes.
        is_path = windows_spelling(provider, event_id, location.name, r"C:\a") is not None
        if known is not None and known == capital and not (part and is_path):
            return (known,), True
    return (text,), False


def _are_apart(found: Sequence[Sequence[tuple[Test, bool]]]) -> bool:
    """Return whether no record can match two alternatives: each pair has a field with two whole values."""
    for number, one in enumerate(found):
        for other in found[number + 1 :]:
            if not any(_contradict(*pair) for pair in ((a, b) for a in one for b in other)):
                return False
    return True


def _contradict(one: tuple[Test, bool], other: tuple[Test, bool]) -> bool:
    (test, wanted), (against, against_wanted) = one, other
    if test == against:
        return wanted is not against_wanted
    if not (wanted and against_wanted and test.field == against.field and test.field):
        return False
    values = [each.matcher for each in (test, against)]
    texts = [
        "".join(map(str, value.parts)).lower()
        for value in values
        if isinstance(value, Value) and all(isinstance(part, str) for part in value.parts)
    ]
    return len(texts) == 2 and texts[0] != texts[1]
