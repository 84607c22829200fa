r"""The filter patterns of CloudWatch Logs for unstructured events: parse, render, quote, match.

A Windows event reaches CloudWatch Logs as XML text, and metric filters speak this language to text:

========================  =============================================================================
``ERROR`` ``"C:\\Temp"``  a term: the message contains it, case-sensitive, inside a word or not
``A "B C"``               both terms, in any order, anywhere in the message
``?A ?"B"``               any of the terms; beside other terms, ``?`` terms are ignored
``A -B`` ``-"B"``         not B, also as ``- "B"``; with exclusions alone, every message without them
``%46[23]4\x3C%``         a regular expression, which then is the whole pattern
nothing, ``""``, ``" "``  every message
========================  =============================================================================

Only ASCII letters, digits and the underscore stand unquoted. Inside quotes, ``\\`` and ``\"`` are the only
escapes; ``regex`` has what may stand in a regular expression. The facts come from "Filter pattern syntax" in
the CloudWatch Logs user guide (``- "B"`` from its older editions), the PutMetricFilter API, and the
``aws-logs`` module of aws-cdk for the escapes.

To try one pattern on many messages, parse it once::

    found = parse(pattern).matches
    count = sum(map(found, messages))
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from catalog.errors import FilterPatternError
from catalog.filter_pattern.regex import compiled, translated

#: Characters in a filter pattern at most (PutMetricFilter API).
MAXIMUM_LENGTH = 1024
#: Metric filters that a log group takes at most (CloudWatch Logs quotas); each has one pattern.
METRIC_FILTERS_A_LOG_GROUP = 100

_JSON_OR_COLUMNS = {
    "{": "a JSON pattern ({ ... }), and finds nothing in an event that is XML text",
    "[": "a space-delimited pattern ([ ... ]), and an event that is XML text has no columns",
}

# On its way through Terraform a control character is lost or altered, and a lone surrogate is no UTF-8.
_UNSENDABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_WORD = re.compile(r"[A-Za-z0-9_]+")
_OPEN_QUOTED = re.compile(r'"(?:[^"\\]|\\["\\])*')
#: AWS's older documentation writes an exclusion as ``- "B"``, with a space before the quotes.
_SIGN = r'\?|- (?=")|-|'
_TERM = re.compile(rf'({_SIGN})(?:({_WORD.pattern})|({_OPEN_QUOTED.pattern}"))(?= |\Z)')
_ESCAPE = re.compile(r'\\(["\\])')


@dataclass(frozen=True, slots=True)
class FilterPattern:
    """A filter pattern in parts: terms as the plain text they look for, or one regular expression.

    Without any part it matches every message. A sole term that is empty or one space means the same, as
    the user guide has it, and leaves no part. ``str()`` gives the text to deploy.

    Args:
        required: Terms that a message must contain, all of them.
        optional: ``?`` terms, of which a message must contain one; ignored beside other terms.
        excluded: ``-`` terms, of which a message must contain none.
        regex: A regular expression without its ``%``; it stands alone.

    Raises:
        FilterPatternError: The parts make no valid pattern.
    """

    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    regex: str | None = None

    def __post_init__(self) -> None:
        _parts(render(self))
        if self.required in (("",), (" ",)) and not (self.optional or self.excluded):
            object.__setattr__(self, "required", ())

    def __str__(self) -> str:
        return render(self)

    def matches(self, message: str) -> bool:
        """Return whether a metric filter with this pattern counts the message."""
        if self.regex is not None:
            return compiled(self.regex).search(message) is not None
        if self.required or self.excluded:
            return all(map(message.__contains__, self.required)) and not any(
                map(message.__contains__, self.excluded)
            )
        return not self.optional or any(map(message.__contains__, self.optional))


def parse(text: str) -> FilterPattern:
    """Return the parts of a filter pattern.

    Raises:
        FilterPatternError: CloudWatch Logs would reject the pattern, or it is one for JSON or
            space-delimited log events.
    """
    return FilterPattern(*_parts(text))


def render(pattern: FilterPattern) -> str:
    """Return a pattern's text, never longer than the text it was parsed from: quotes where needed only."""
    terms = {"": pattern.required, "?": pattern.optional, "-": pattern.excluded}
    parts = [
        f"{sign}{text if _WORD.fullmatch(text) else quote(text)}"
        for sign, texts in terms.items()
        for text in texts
    ]
    if pattern.regex is not None:
        parts.append(f"%{pattern.regex}%")
    return " ".join(parts)


def quote(text: str) -> str:
    r"""Return the term that finds a text: in double quotes, with ``\`` and ``"`` escaped.

    Raises:
        FilterPatternError: The text holds a control character.
    """
    _refuse_unsendable(text)
    escaped = text.replace("\\", r"\\").replace('"', r"\"")
    return f'"{escaped}"'


def matches(pattern: str, message: str) -> bool:
    """Return whether a metric filter with this pattern counts the message.

    Parsed patterns are remembered, so that calling this in a loop is cheap.

    Raises:
        FilterPatternError: As for ``parse``.
    """
    return _remembered(pattern).matches(message)


_remembered = lru_cache(maxsize=1024)(parse)


def _refuse_unsendable(text: str) -> None:
    if found := _UNSENDABLE.search(text):
        raise FilterPatternError(
            text,
            found.start(),
            f"U+{ord(found[0]):04X}, a control character or half a surrogate pair, cannot be in a pattern",
            "split the term around it",
        )


def _parts(text: str) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...], str | None]:
    """Return the required, optional and excluded terms and the regular expression of a valid pattern."""
    _refuse_unsendable(text)
    if len(text) > MAXIMUM_LENGTH:
        raise FilterPatternError(
            text,
            MAXIMUM_LENGTH,
            f"the pattern is {len(text):,} characters long",
            f"CloudWatch Logs takes {MAXIMUM_LENGTH:,} at most: use shorter or fewer terms",
        )
    start = len(text) - len(text.lstrip(" "))
    opening = text[start : start + 1]
    if opening in _JSON_OR_COLUMNS:
        raise FilterPatternError(
            text,
            start,
            f"this is {_JSON_OR_COLUMNS[opening]}",
            f'write terms such as "<EventID>4624</EventID>"; quote a term that begins with {opening}',
        )
    if opening == "%":
        return (), (), (), _regex(text, start)
    terms: dict[str, list[str]] = {"": [], "?": [], "-": []}
    for sign, term in _terms(text, start):
        terms[sign].append(term)
    return tuple(terms[""]), tuple(terms["?"]), tuple(terms["-"]), None


def _terms(text: str, at: int) -> Iterator[tuple[str, str]]:
    """Yield the sign (none, ``?`` or ``-``) and the plain text of each term."""
    while at < len(text):
        if text[at] == " ":
            at += 1
            continue
        found = _TERM.match(text, at)
        if found is None:
            raise _bad_term(text, at)
        sign, word, quoted = found.groups()
        yield sign.rstrip(), word or _ESCAPE.sub(r"\1", quoted[1:-1])
        at = found.end()


def _bad_term(text: str, at: int) -> FilterPatternError:
    """Return what is wrong with the term at a position, which ``_TERM`` does not match."""
    start = at + (2 if text.startswith('- "', at) else text[at] in "?-")
    opening = text[start : start + 1]
    if opening in ("", " "):
        return FilterPatternError(
            text,
            at,
            f"{text[at]} has no term after it",
            f'write the term directly after it, or quote it: "{text[at]}"',
        )
    if opening == "%":
        return _regex_stands_alone(text, at)
    if opening == '"':
        end = _match_end(_OPEN_QUOTED, text, start)
        if end == len(text):
            return FilterPatternError(
                text,
                start,
                "the quoted term is never closed",
                'end it with " (and write \\" for a quote inside)',
            )
        if text[end] == "\\":
            return FilterPatternError(
                text, end, 'a backslash in a quoted term escapes only \\ or "', r"write \\ for a backslash"
            )
        return FilterPatternError(
            text,
            end + 1,
            "a term ends at its closing quote, and no space follows",
            'put a space between terms, or write \\" for a quote inside a term',
        )
    end = _match_end(_WORD, text, start)
    return FilterPatternError(
        text,
        end,
        f"{text[end]} is in an unquoted term, which is letters A-Z and a-z, digits and underscores only",
        "put the term in double quotes",
    )


def _match_end(expression: re.Pattern[str], text: str, at: int) -> int:
    found = expression.match(text, at)
    return found.end() if found else at


def _regex_stands_alone(text: str, at: int) -> FilterPatternError:
    return FilterPatternError(
        text,
        at,
        "a regular expression is a whole pattern and takes no terms beside it",
        r"write all of it between one pair of % (and \x25 for a percent sign)",
    )


def _regex(text: str, start: int) -> str:
    """Return the regular expression between the ``%`` at ``start`` and the next, once it is valid."""
    end = text.find("%", start + 1)
    if end < 0:
        raise FilterPatternError(text, start, "the regular expression is never closed", "end it with %")
    rest = text[end + 1 :].lstrip(" ")
    if rest:
        raise _regex_stands_alone(text, len(text) - len(rest))
    translated(text, start + 1, end)
    return text[start + 1 : end]
