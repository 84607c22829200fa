from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from deployment.loading import yaml_file
from deployment.loading.yaml_file import read
from deployment.problem import DeploymentError, Problem

Write = Callable[[str], Path]


@pytest.fixture(params=["libyaml", "python"], autouse=True)
def _parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "python":
        monkeypatch.setattr(yaml_file, "_LOADER", yaml.SafeLoader)


def refusal(path: Path) -> str:
    with pytest.raises(DeploymentError) as refused:
        read(path)
    return str(refused.value).replace(f"{path}", "FILE")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True),
        ("false", False),
        ("yes", "yes"),
        ("on", "on"),
        ("True", "True"),
        ("null", None),
        ("~", None),
        ("", None),
        ("111111111111", 111111111111),
        ("-5", -5),
        ("0", 0),
        ("012345678901", "012345678901"),
        ("0o14", "0o14"),
        ("0x1F", "0x1F"),
        ("1_000", "1_000"),
        ("+819012345678", "+819012345678"),
        ("12:30:45", "12:30:45"),
        ("1.10", "1.10"),
        ("1e3", "1e3"),
        ("2024-01-01", "2024-01-01"),
        ("9999999999999999999999", "9999999999999999999999"),
        ("'true'", "true"),
        ('"12"', "12"),
        ("!!str 12", "12"),
        ("! 12", "12"),
        ("C:\\Secret\\", "C:\\Secret\\"),
    ],
)
def test_a_scalar_is_what_it_looks_like(write: Write, text: str, value: object) -> None:
    assert read(write(f"key: {text}\n")).data == {"key": value}


@pytest.mark.parametrize(
    ("text", "key"), [("1", "1"), ("true", "true"), ("~", "~"), ("on", "on"), ('""', "")]
)
def test_a_key_is_always_text(write: Write, text: str, key: str) -> None:
    assert read(write(f"{text}: value\n")).data == {key: "value"}


def test_a_value_is_found_in_its_line(write: Write) -> None:
    file = read(write("a:\n  b:\n    - x\n    - c: 1\n      d: 2\n"))
    lines = [
        file.located(Problem(path, "")).line
        for path in [("a",), ("a", "b"), ("a", "b", 0), ("a", "b", 1), ("a", "b", 1, "d")]
    ]
    assert lines == [1, 2, 3, 4, 5]


def test_a_value_that_is_missing_is_put_at_the_mapping_that_lacks_it(write: Write) -> None:
    problem = read(write("a:\n  b: {}\n")).located(Problem(("a", "b", "c", "d"), "is missing"))
    assert (problem.path, problem.line) == (("a", "b", "c"), 2)


def test_a_part_of_a_short_form_is_put_at_the_short_form(write: Write) -> None:
    problem = read(write("a: short\n")).located(Problem(("a", "role"), "is wrong"))
    assert (problem.path, problem.line) == (("a",), 1)


def test_an_alias_stands_for_its_anchor_and_is_located_where_the_anchor_is(write: Write) -> None:
    file = read(write("common: &common\n  x: 1\nother: *common\n"))
    assert file.data == {"common": {"x": 1}, "other": {"x": 1}}
    assert file.located(Problem(("other",), "")).line == 3
    assert file.located(Problem(("other", "x"), "")).line == 2


def test_a_merged_mapping_gives_way_to_the_keys_beside_it(write: Write) -> None:
    text = "a: &a {x: 1, y: 1}\nb: &b {y: 2, z: 2}\nc:\n  x: 3\n  <<: [*a, *b]\nd: {<<: *b, z: 4}\n"
    data = read(write(text)).data
    assert isinstance(data, dict)
    assert data["c"] == {"x": 3, "y": 1, "z": 2}
    assert data["d"] == {"y": 2, "z": 4}


def test_a_merged_key_is_located_where_it_is_written(write: Write) -> None:
    file = read(write("a: &a\n  x: 1\nb:\n  <<: *a\n"))
    assert file.located(Problem(("b", "x"), "")).line == 2


def test_a_key_that_only_looks_like_a_merge_is_a_key(write: Write) -> None:
    assert read(write("'<<': {x: 1}\n")).data == {"<<": {"x": 1}}


def test_a_byte_order_mark_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "file.yaml"
    path.write_bytes(b"\xef\xbb\xbfa: 1\n")
    assert read(path).data == {"a": 1}


def test_every_duplicate_key_is_told_with_both_lines(write: Write) -> None:
    assert refusal(write("a: 1\nb: {c: 1, c: 2}\na: 2\n")) == (
        "FILE:2: the key 'c' is in line 2 already\nFILE:3: the key 'a' is in line 1 already"
    )


NO_MAPPING = "FILE:2: << takes an alias of a mapping, such as '<<: *common', or a list of these"


def test_duplicate_keys_are_told_together_with_what_ends_the_file(write: Write) -> None:
    assert refusal(write("a: 1\na: 2\nb: *c\n")) == (
        "FILE:2: the key 'a' is in line 1 already\nFILE:3: there is no &c above"
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "FILE:1: the file is empty: it must be a mapping with name, defaults and accounts"),
        ("# only this\n", "FILE:1: the file is empty: it must be a mapping with name, defaults and accounts"),
        ("---\n...\n", "FILE:1: the file is empty: it must be a mapping with name, defaults and accounts"),
        ("- a\n", "FILE:1: the file must be a mapping with name, defaults and accounts"),
        ("text\n", "FILE:1: the file must be a mapping with name, defaults and accounts"),
        ("a: 1\n---\nb: 1\n", "FILE:2: a second document begins here: the file must be one"),
        ("a: 1\nb: &b [*b]\n", "FILE:2: *b would contain itself"),
        ("a: &a\n  b:\n    - *a\n", "FILE:3: *a would contain itself"),
        ("? [a]\n: 1\n", "FILE:1: a key must be plain text, not a list or mapping"),
        ("a: &a x\n*a : 1\n", "FILE:2: a key must be plain text, not an alias"),
        ("a: 1\n?\n: 2\n", "FILE:2: a key is missing before ':'"),
        ("a: !!python/object:os.x {}\n", "FILE:1: the tag !!python/object:os.x has no meaning here"),
        ("a: !secret x\n", "FILE:1: the tag !secret has no meaning here"),
        ("a: !!int 5\n", "FILE:1: the tag !!int has no meaning here"),
        ("a:\n  <<: 5\n", NO_MAPPING),
        ("a:\n  <<: [{x: 1}, 5]\n", NO_MAPPING),
        ("a: 1\nb: \x01\n", "FILE:2: the control character U+0001 must not be in a YAML file"),
        ("a: 1\x00\n", "FILE:1: the control character U+0000 must not be in a YAML file"),
        ("a: " + "[" * 60 + "]" * 60, "FILE:1: is nested more than 50 deep"),
    ],
)  # fmt: skip
def test_what_is_no_deployment_is_refused_with_its_line(write: Write, text: str, message: str) -> None:
    assert refusal(write(text)) == message


@pytest.mark.parametrize(
    "text", ["a: [1\nb: 2\n", "a: b: c\n", "a:\n\t- x\n", 'a: "x\n', "a: @x\n", "%FOO\n"]
)
def test_a_syntax_error_is_told_in_one_line_with_its_place(write: Write, text: str) -> None:
    message = refusal(write(text))
    assert message.startswith("FILE:")
    assert ": is not YAML" in message
    assert "\n" not in message


def test_aliases_that_expand_beyond_measure_are_refused_without_expanding_them(write: Write) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    message = refusal(write("\n".join(lines)))
    assert message == "FILE:6: the aliases expand to more than any deployment could need"


def test_aliases_that_nest_beyond_measure_are_refused(write: Write) -> None:
    lines = ["a0: &a0 [x]", *(f"a{n}: &a{n} [*a{n - 1}]" for n in range(1, 100))]
    assert "expand to more than any deployment could need" in refusal(write("\n".join(lines)))


def test_a_nesting_that_would_exhaust_the_stack_is_refused(write: Write) -> None:
    assert refusal(write("[" * 100_000)) == "FILE:1: is nested more than 50 deep"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("a: 1\n".encode("utf-16"), "FILE:1: the file is in UTF-16: save it as UTF-8"),
        (b"a: 1\nb: \xe9\n", "FILE:2: byte 0xE9 is not UTF-8: save the file as UTF-8"),
        (b"a: 1\nb: \xed\xa0\x80\n", "FILE:2: byte 0xED is not UTF-8: save the file as UTF-8"),
    ],
)
def test_another_encoding_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "file.yaml"
    path.write_bytes(content)
    assert refusal(path) == message


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert refusal(tmp_path / "none.yaml") == "FILE: there is no such file"


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    assert refusal(tmp_path) == "FILE: is a folder, not a file"


def test_a_file_that_may_not_be_read_is_named(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write("a: 1\n")

    def refuse(self: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    # The user who runs the tests may be one whom no permission stops.
    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert refusal(path) == "FILE: this user may not read it"


def test_a_name_that_no_file_can_have_is_refused() -> None:
    assert "is not the name of a file" in refusal(Path("a\0b"))


@given(
    st.text(alphabet="ab:-[]{}&*<>!|?'\"#, \n\t%@`~1")
    | st.text()
    | st.binary().map(lambda b: b.decode("latin-1"))
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@example("\ufeff\ufeffa: 1")
@example("a: &x\nb: *x\n")
@example("&a : 1")
def test_no_text_makes_a_traceback(tmp_path: Path, text: str) -> None:
    path = tmp_path / "file.yaml"
    path.write_text(text, encoding="utf-8", errors="surrogatepass")
    try:
        data = read(path).data
    except DeploymentError as error:
        messages = [problem.message for problem in error.problems]
    else:
        messages = []
        assert isinstance(data, dict)
    assert all(message and "\n" not in message for message in messages)


_TEXTS = st.recursive(
    st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)


@given(st.dictionaries(st.text(), _TEXTS, min_size=1))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_quoted_text_is_read_back_as_it_was_written(tmp_path: Path, data: dict[str, object]) -> None:
    path = tmp_path / "file.yaml"
    path.write_text(yaml.safe_dump(data, default_style='"'), encoding="utf-8")
    assert read(path).data == data


@pytest.mark.parametrize("text", ["a: {t}", "{t}: a", "a: [[b, {t}]]", "a: {{{t}: b}}"])
@pytest.mark.parametrize("token", ["${TfToken[TOKEN.0]}", "#{TfToken[TOKEN.0]}"])
def test_reference_of_cdktf_is_refused_in_values_and_keys(write: Write, text: str, token: str) -> None:
    path = write(text.format(t=f'"{token}"'))
    assert refusal(path) == ("FILE:1: 'TfToken[' must not be in a text: CDKTF would take it for a reference")
