import json
import pickle
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from catalog.errors import FilterPatternError
from catalog.filter_pattern import (
    MAXIMUM_LENGTH,
    FilterPattern,
    matches,
    parse,
    quote,
    render,
)

LOGON = (
    "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System>"
    "<Provider Name='Microsoft-Windows-Security-Auditing'/><EventID>4624</EventID><Channel>Security</Channel>"
    "</System><EventData><Data Name='SubjectUserSid'>S-1-5-18</Data><Data Name='LogonType'>3</Data>"
    "<Data Name='ObjectName'>C:\\Documents\\大切なファイル</Data>"
    "<Data Name='PrivilegeList'>SeDebug\r\n\t\tSeTcb</Data></EventData></Event>"
)

# (pattern, message, whether the filter counts it)
CASES = [
    # A term is a case-sensitive substring.
    ("denied", "access denied", True),
    ("denied", "Denied", False),
    ("den", "access denied", True),
    ("a_1", "data_12", True),
    ('"access denied"', "access denied!", True),
    ('"access denied"', "denied access", False),
    ('"access denied"', "access  denied", False),
    ('"denied"', "access denied", True),
    # All terms, in any order, and each may be found in the same place.
    ("access denied", "denied: access", True),
    ("access denied", "access granted", False),
    ("deny den", "deny", True),
    ('"a b"  c', "c a b", True),
    ("  denied  ", "access denied", True),
    # Escapes.
    (r'"C:\\Temp"', r"in C:\Temp", True),
    (r'"C:\\Temp"', r"in C:\\Temp", False),
    (r'"say \"no\""', 'say "no"', True),
    (r'"say \"no\""', "say no", False),
    (r'"a\\\"b"', r"a\"b", True),
    # Nothing inside quotes is an operator.
    ('"-denied"', "a -denied b", True),
    ('"?denied"', "denied", False),
    ('"%d+%"', "12", False),
    ('"{"', '{"a": 1}', True),
    ('"[a]"', "x[a]y", True),
    ('"大切"', "大切なファイル", True),
    # A minus, a space and a quoted term exclude, as in the older documentation.
    ('"ERROR" - "Exiting"', "ERROR: failed", True),
    ('"ERROR" - "Exiting"', "ERROR: Exiting", False),
    ('- "Exiting"', "ERROR: failed", True),
    ('"ERROR" - "Exiting" now', "ERROR now", True),
    # Any of the ? terms.
    ("?denied ?failed", "it failed", True),
    ("?denied ?failed", "denied, failed", True),
    ("?denied ?failed", "it worked", False),
    ('?"access denied" ?failed', "access denied", True),
    ('?"access denied" ?failed', "denied access", False),
    ("?denied", "granted", False),
    # ? terms beside others are ignored.
    ("?denied ?failed user", "user granted", True),
    ("user ?denied", "user granted", True),
    ("?denied ?failed user", "denied", False),
    ("?denied -user", "granted", True),
    ("?denied -user", "denied user", False),
    # Exclusions.
    ("denied -root", "denied for bob", True),
    ("denied -root", "denied for root", False),
    ("-root denied", "denied for root", False),
    ("denied -root", "granted for bob", False),
    ("-root", "denied for bob", True),
    ("-root", "root", False),
    ("-root -bob", "denied for bob", False),
    ("-root -bob", "", True),
    ('-"for root"', "root for", True),
    # Every message.
    ("", "", True),
    ("", "anything", True),
    ("   ", "anything", True),
    ('""', "anything", True),
    ('" "', "anything", True),
    ('" "', "", True),
    # Beside other terms, a space is a term like any other.
    ('" " -root', "bob", False),
    ('" " -root', "for bob", True),
    ('?root " "', "root", False),
    # A regular expression is found anywhere in the message.
    ("%den[iy]%", "access denied", True),
    ("%den[iy]%", "dental", False),
    ("%denied%", "DENIED", False),
    ("  %denied%  ", "denied", True),
    ("%access denied%", "access denied", True),
    ("%no|yes%", "eyes", True),
    ("%no|yes%", "ye", False),
    ("%colou?r%", "color", True),
    ("%colou?r%", "colouur", False),
    ("%go+l%", "goool", True),
    ("%go+l%", "gl", False),
    ("%go*l%", "gl", True),
    ("%^go{2}l$%", "gool", True),
    ("%^go{2}l$%", "goool", False),
    ("%^go{2,3}l$%", "gol", False),
    ("%^go{2,3}l$%", "goool", True),
    ("%^go{2,}l$%", "goooool", True),
    ("%^go{2,2}l$%", "gool", True),
    ("%^go{,2}l$%", "gl", True),
    ("%^go{,2}l$%", "goool", False),
    ("%a.c%", "abc", True),
    ("%a.c%", "ac", False),
    ("%a.c%", "a大c", True),
    (r"%a\.c%", "abc", False),
    (r"%a\.c%", "a.c", True),
    (r"%\[\^\$\?\{\}\|\\\*\+\]%", r"[^$?{}|\*+]", True),
    (r"%a\-b\:c%", "a-b:c", True),
    (r"%\x3CEventID\x3E46[23]4\x3c%", "<EventID>4634<", True),
    (r"%\x28%", "f(x)", True),
    (r"%\x2E%", "x", False),
    # Anchors are the ends of the message, not of a line.
    ("%^two%", "one\ntwo", False),
    ("%one$%", "one\ntwo", False),
    ("%one$%", "one\n", False),
    ("%^one|two$%", "one!", True),
    ("%^one|two$%", "a one", False),
    # A line break is white space, but no "any character".
    (r"%one\stwo%", "one\ntwo", True),
    ("%one.two%", "one\ntwo", False),
    (r"%one[\s\S]two%", "one\ntwo", True),
    # Shorthands are ASCII.
    (r"%\d%", "٣", False),
    (r"%\D%", "٣", True),
    (r"%\w%", "é", False),
    (r"%\W%", "é", True),
    (r"%\s%", "\u3000", False),
    (r"%\S%", " \t\n", False),
    # Classes.
    ("%^[^a-c]$%", "d", True),
    ("%^[^a-c]$%", "b", False),
    ("%[-a]%", "-", True),
    ("%[a-]%", "-", True),
    ("%[^-a]%", "-a", False),
    (r"%[+\-*]%", "-", True),
    (r"%[\d_]%", "_", True),
    (r"%[\x41-\x43]%", "B", True),
    (r"%[\x4a-\x4B]%", "K", True),
    ("%[b-b]%", "b", True),
    (r"%[\x21-]%", "!", True),
    ("%[.]%", "a", False),
    ("%[a^]%", "^", True),
    (r"%[\]\[]%", "[", True),
    ("%[a b]%", " ", True),
    # The patterns this project deploys.
    ('"<EventID>4624</EventID>" "<Data Name=\'LogonType\'>3</Data>"', LOGON, True),
    ('"<EventID>4624</EventID>" "<Data Name=\'LogonType\'>10</Data>"', LOGON, False),
    ('"<EventID>462</EventID>"', LOGON, False),
    ("\"<Data Name='ObjectName'>C:\\\\Documents\\\\大切なファイル</Data>\"", LOGON, True),
    ('"<EventID>4624</EventID>" -"<Data Name=\'SubjectUserSid\'>S-1-5-18</Data>"', LOGON, False),
    ('"<EventID>4624</EventID>" -"<Data Name=\'SubjectUserSid\'>S-1-5-19</Data>"', LOGON, True),
    (r'"<Data Name=\"LogonType\">3</Data>"', LOGON, False),
    (r"%LogonType\x27\x3E[23]\x3C%", LOGON, True),
]

# (pattern, index of what is wrong, a word of the message)
REFUSED = [
    ("denied\taccess", 6, "U+0009"),
    ('"denied\n"', 7, "U+000A"),
    ("denied\x7f", 6, "control character"),
    ('"\ud800"', 1, "surrogate"),
    ("x" * (MAXIMUM_LENGTH + 1), MAXIMUM_LENGTH, "1,025 characters"),
    ('"denied', 0, "never closed"),
    (r'"denied\"', 0, "never closed"),
    ('a "b" -"c', 7, "never closed"),
    ('a - "c', 4, "never closed"),
    ('"', 0, "never closed"),
    (r'"C:\Temp"', 3, "backslash"),
    ("\"<Data Name='LogonType'\\>3</Data>\"", 23, "backslash"),
    ('"denied\\', 7, "backslash"),
    ('"<Data Name="LogonType">"', 13, "closing quote"),
    ('"a""b"', 3, "closing quote"),
    ("access-denied", 6, "double quotes"),
    ("denied*", 6, "double quotes"),
    ("<EventID>", 0, "double quotes"),
    ("status: denied", 6, "double quotes"),
    ("a 大切", 2, "double quotes"),
    ("--denied", 1, "double quotes"),
    ("den%ied%", 3, "double quotes"),
    ("?", 0, "no term"),
    ("denied - access", 7, "no term"),
    ("{ $.EventID = 4624 }", 0, "JSON"),
    ("  {", 2, "JSON"),
    ("[ip, user, status = 4*]", 0, "space-delimited"),
    ("%denied", 0, "never closed"),
    ("%", 0, "never closed"),
    ("%%", 1, "empty"),
    ("%a|%", 3, "empty"),
    ("%|a%", 1, "empty"),
    ("%a||b%", 3, "empty"),
    ("%denied% access", 9, "whole pattern"),
    ("%a% %b%", 4, "whole pattern"),
    ("%100%%", 5, "whole pattern"),
    ("access %denied%", 7, "whole pattern"),
    ("access -%denied%", 7, "whole pattern"),
    ("?%a% ?%b%", 0, "whole pattern"),
    ("%denied!%", 7, r"\x21"),
    ("%<EventID>%", 1, r"\x3C"),
    ("%Name='LogonType'%", 6, r"\x27"),
    ('%"%', 1, r"\x22"),
    ("%a&b%", 2, r"\x26"),
    ("%(a|b)%", 1, "no groups"),
    ("%a(?=b)%", 2, "no groups"),
    ("%café%", 4, "ASCII"),
    ("%*a%", 1, "nothing to repeat"),
    ("%a|+b%", 3, "nothing to repeat"),
    ("%^*%", 2, "nothing to repeat"),
    ("%a**%", 3, "nothing to repeat"),
    ("%a.*?b%", 4, "nothing to repeat"),
    ("%a{2}{3}%", 5, "nothing to repeat"),
    ("%a{%", 2, "number of repetitions"),
    ("%a{,}%", 2, "number of repetitions"),
    ("%a{2, 3}%", 2, "number of repetitions"),
    ("%a{1000}%", 2, "number of repetitions"),
    ("%a{3,2}%", 2, "at most"),
    ("%a]%", 2, r"\]"),
    ("%a}%", 2, r"\}"),
    ("%[ab%", 1, "never closed"),
    ("%[a-%", 1, "never closed"),
    ("%[]%", 1, "class is empty"),
    ("%[^]%", 1, "class is empty"),
    ("%[[a]]%", 2, r"\["),
    ("%[c-a]%", 2, "range"),
    (r"%[\d-z]%", 2, "range"),
    (r"%[a-\d]%", 2, "range"),
    ("%[a-c-e]%", 5, r"\-"),
    ("%[a!]%", 3, r"\x21"),
    (r"%(a)\1%", 1, "no groups"),
    (r"%a\1%", 2, "escape"),
    (r"%\bdenied%", 1, "escape"),
    (r"%\(%", 1, "escape"),
    (r"%\x8F%", 1, "escape"),
    (r"%\x3%", 1, "escape"),
    ("%a\\%", 2, "escape"),
]

# Letters that are rare in st.text() but matter here: quotes, backslashes, signs and separators.
sendable = st.characters(exclude_categories=("Cc", "Cs"))
terms = st.text(st.one_of(st.sampled_from('ab_1 "\\?-%{['), sendable), max_size=12)
messages = st.text(st.one_of(st.sampled_from('ab_1 "\\?-%{[\n'), st.characters()), max_size=24)
term_tuples = st.lists(terms, max_size=4).map(tuple)
regex_pieces = st.sampled_from(
    ["a", "b", " ", "-", "#", ".", r"\.", r"\d", r"\W", r"\x62", "[ab]", r"[^a\s-]", "[a-c]"]
)
repeats = st.sampled_from(["", "", "", "?", "*", "+", "{2}", "{1,2}", "{1,}", "{,2}"])
regexes = st.lists(
    st.lists(st.tuples(regex_pieces, repeats).map("".join), min_size=1, max_size=4).map("".join),
    min_size=1,
    max_size=3,
).map("|".join)
patterns = st.one_of(
    st.builds(FilterPattern, required=term_tuples, optional=term_tuples, excluded=term_tuples),
    st.builds(FilterPattern, regex=regexes),
)


@st.composite
def term_and_message(draw: st.DrawFn) -> tuple[str, str]:
    """A term and a message that contains it about every other time."""
    term, around = draw(terms), draw(messages)
    cut = draw(st.integers(0, len(around)))
    return term, draw(st.sampled_from([around, around[:cut] + term + around[cut:]]))


def refusal(pattern: str) -> FilterPatternError | None:
    try:
        parse(pattern)
    except FilterPatternError as error:
        return error
    return None


@pytest.mark.parametrize(("pattern", "message", "counted"), CASES)
def test_a_pattern_counts_a_message_as_cloudwatch_logs_does(
    pattern: str, message: str, counted: bool
) -> None:
    assert matches(pattern, message) is counted


@pytest.mark.parametrize(("pattern", "position", "word"), REFUSED)
def test_a_pattern_that_cannot_be_deployed_is_refused_with_its_place_and_the_remedy(
    pattern: str, position: int, word: str
) -> None:
    with pytest.raises(FilterPatternError) as refused:
        parse(pattern)
    assert refused.value.position == position
    assert word in str(refused.value)
    assert f"character {position + 1}" in str(refused.value)


def test_every_published_case_is_judged_as_published() -> None:
    """The collection of worked examples from AWS's documentation and from other implementations."""
    file = Path(__file__).resolve().parents[4] / "shared" / "facts" / "filter_pattern_cases.json"
    if not file.exists():
        pytest.skip(f"the collection of published cases is not at {file}")
    wrong = []
    for case in json.loads(file.read_text(encoding="utf-8")):
        structured = {"json": "JSON pattern", "delimited": "space-delimited pattern"}.get(case["kind"])
        expected = structured or ("refused" if case.get("valid") is False else case["matches"])
        try:
            verdict: object = matches(case["pattern"], case["line"] or "")
        except FilterPatternError as error:
            verdict = structured if structured and structured in str(error) else "refused"
        if verdict != expected:
            wrong.append((case, verdict))
    assert wrong == []


def test_a_pattern_of_1024_characters_is_accepted_and_one_more_is_not() -> None:
    assert parse("x" * 1024) == FilterPattern(required=("x" * 1024,))
    with pytest.raises(FilterPatternError, match="1,024 at most"):
        parse("x" * 1025)


def test_the_limit_counts_characters_and_not_bytes() -> None:
    assert parse(quote("大" * 1022)).required == ("大" * 1022,)


def test_a_pattern_is_parsed_into_its_plain_texts() -> None:
    assert parse(r'a "b \"c\"" ?d ?"e\\" -f -"g h"') == FilterPattern(
        required=("a", 'b "c"'), optional=("d", "e\\"), excluded=("f", "g h")
    )
    assert parse(r" %a\.b% ") == FilterPattern(regex=r"a\.b")


@pytest.mark.parametrize("pattern", ["", " ", '""', '" "'])
def test_a_pattern_for_every_message_has_no_parts(pattern: str) -> None:
    assert parse(pattern) == FilterPattern()
    assert str(FilterPattern()) == ""


def test_a_rendered_pattern_quotes_only_what_needs_quotes() -> None:
    pattern = FilterPattern(required=("4624", "a b"), optional=("x-y",), excluded=("z", "大切"))
    assert str(pattern) == render(pattern) == '4624 "a b" ?"x-y" -z -"大切"'


@pytest.mark.parametrize(
    "parts",
    [
        {"required": ("a",), "regex": "b"},
        {"regex": ""},
        {"regex": "a%b"},
        {"regex": "(a)"},
        {"required": ("a\n",)},
        {"excluded": ("x" * 1024,)},
    ],
)
def test_parts_that_make_no_valid_pattern_are_refused(parts: dict[str, Any]) -> None:
    with pytest.raises(FilterPatternError):
        FilterPattern(**parts)


@pytest.mark.parametrize("text", ["a\nb", "a\x00", "\x9f"])
def test_a_text_with_a_control_character_cannot_be_quoted(text: str) -> None:
    with pytest.raises(FilterPatternError, match="control character"):
        quote(text)


def test_an_error_shows_the_place_readably_and_can_be_printed_anywhere() -> None:
    with pytest.raises(FilterPatternError) as refused:
        parse('"a" \ud800')
    str(refused.value).encode()
    assert "\N{REPLACEMENT CHARACTER}" in str(refused.value)


def test_an_error_survives_being_sent_between_processes() -> None:
    error = FilterPatternError("%a", 0, "problem", "remedy")
    copy = pickle.loads(pickle.dumps(error))
    assert (str(copy), copy.pattern, copy.position) == (str(error), "%a", 0)


@given(patterns)
@example(FilterPattern())
@example(FilterPattern(required=("",), excluded=("",)))
@example(FilterPattern(required=(" ",), optional=("a",)))
def test_parse_is_the_inverse_of_render(pattern: FilterPattern) -> None:
    assert parse(render(pattern)) == pattern


@given(st.one_of(st.text(st.sampled_from('ab "\\?-%[]{}|'), max_size=16), st.text(max_size=16)), messages)
@example('"a" "b"', "ab")
def test_a_text_is_refused_or_rendered_no_longer_and_with_the_same_verdict(text: str, message: str) -> None:
    error = refusal(text)
    if error is not None:
        assert error.position < len(text)
        assert error.problem
        assert error.remedy
        return
    pattern = parse(text)
    assert len(str(pattern)) <= len(text)
    assert matches(str(pattern), message) is pattern.matches(message) is matches(text, message)


@given(term_and_message())
def test_a_quoted_text_finds_exactly_the_messages_that_contain_it(term_and_message: tuple[str, str]) -> None:
    text, message = term_and_message
    # One space alone means every message, as the user guide has it.
    assert matches(quote(text), message) is (text == " " or text in message)


@given(st.lists(terms, min_size=2, max_size=4), messages)
def test_quoted_texts_side_by_side_find_the_messages_that_contain_them_all(
    texts: list[str], message: str
) -> None:
    message += "".join(texts[1:])
    assert matches(" ".join(map(quote, texts)), message) is all(text in message for text in texts)


@given(st.lists(terms, min_size=1, max_size=4), messages)
def test_question_mark_terms_alone_find_the_messages_that_contain_any_of_them(
    texts: list[str], message: str
) -> None:
    pattern = " ".join(f"?{quote(text)}" for text in texts)
    assert matches(pattern, message) is any(text in message for text in texts)


@given(term_tuples.filter(any), term_tuples, term_tuples, messages)
def test_question_mark_terms_beside_others_change_nothing(
    required: tuple[str, ...], optional: tuple[str, ...], excluded: tuple[str, ...], message: str
) -> None:
    message += "".join(required)
    mixed = FilterPattern(required=("a", *required), optional=optional, excluded=excluded)
    assert mixed.matches(message) is FilterPattern(required=("a", *required), excluded=excluded).matches(
        message
    )


@given(term_and_message())
def test_an_excluded_term_finds_exactly_the_messages_that_the_term_does_not(
    term_and_message: tuple[str, str],
) -> None:
    text, message = term_and_message
    assert matches(f"-{quote(text)}", message) is (text not in message)


@given(term_tuples, term_tuples.filter(any), messages)
def test_exclusions_take_away_from_what_the_other_terms_find(
    required: tuple[str, ...], excluded: tuple[str, ...], message: str
) -> None:
    wanted = FilterPattern(required=("a", *required)).matches(message)
    unwanted = any(text in message for text in excluded)
    assert FilterPattern(required=("a", *required), excluded=excluded).matches(message) is (
        wanted and not unwanted
    )


@given(regexes, st.text(st.sampled_from("abc1 -#.\nß"), max_size=12))
def test_a_regular_expression_means_what_it_means_in_python(regex: str, message: str) -> None:
    assert matches(f"%{regex}%", message) is (re.search(regex, message, re.ASCII) is not None)


@given(
    st.text(st.sampled_from(r"ab1-^$?[]{},|\*+.dxs"), min_size=1, max_size=10), st.text("ab1-\n", max_size=8)
)
def test_a_regular_expression_is_refused_or_runs(regex: str, message: str) -> None:
    if refusal(f"%{regex}%") is None:
        assert matches(f"%{regex}%", message) in (True, False)


@given(st.sampled_from([chr(code) for code in range(0x80)]))
def test_every_ascii_character_can_be_found_by_its_hexadecimal_code(char: str) -> None:
    for digits in (f"{ord(char):02X}", f"{ord(char):02x}"):
        assert matches(rf"%^\x{digits}$%", char)
        assert not matches(rf"%[^\x{digits}]%", char)
