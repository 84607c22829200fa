"""Deployment files that somebody might have got wrong: the examples, with a few things changed in each."""

import copy
from collections.abc import Iterator
from typing import Any

import yaml
from hypothesis import strategies as st

Parts = dict[Any, Any] | list[Any]

_DEEP: Any = "bottom"
for _ in range(60):
    _DEEP = [_DEEP]

ODD_VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 2, 10**30, -(10**18), 0.5, float("inf"), float("nan")),
    *(
        "",
        " ",
        "none",
        "null",
        "x" * 5_000,
        "ｘ１２",
        "٣",
        "大切",
        "🔥",
        "\u202e",
        "e\u0301",
        "\x00",
        "a\nb",
        "\t",
    ),
    *(
        "{region}",
        "{",
        "}{",
        "{account_id}{",
        "%s",
        "${aws:InstanceId}",
        "{{x}}",
        "../..",
        "/",
        ".",
        "~",
        "\\",
        "'",
    ),
    *("local", "s3", "cloud", "email", "high", "baseline", "eu-central-1", "rate(1 day)", "111111111111"),
    *(
        "arn:aws:sns:eu-central-1:111111111111:x",
        "arn:aws:kms:{region}:{account_id}:key/x",
        "C:\\a\\",
        "\\\\*\\x",
    ),
    *([], {}, [[]], [None], [{}], {"": ""}, {"a": {"b": {}}}, {"id": 1}, ["x", "x"], list(range(60)), _DEEP),
)
_NOISE = (
    *(
        "&a ",
        "*a",
        "*b",
        "<<: *a\n",
        "<<: 1\n",
        "? ",
        "- ",
        ": ",
        "{",
        "}",
        "[",
        "]",
        ",",
        "!!str ",
        "!!python/name:x ",
    ),
    *(
        "|",
        ">",
        "'",
        '"',
        "#",
        "%",
        "@",
        "`",
        "---\n",
        "...\n",
        "\t",
        "\n",
        "\r",
        " ",
        "\ufeff",
        "\x00",
        "\x85",
        "\u2028",
    ),
    *("? [a]\n: b\n", "0x1F", "1e9", "yes", "\\", "日", "\U0001f525", "!<x>", "&a\n", "%YAML 1.2\n"),
)


def _places(data: Any) -> Iterator[tuple[Parts, Any]]:
    """Yield each mapping or list with each of its keys or indices."""
    entries = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in entries:
        yield data, key
        yield from _places(value)


def _misspelt(draw: st.DrawFn, text: str) -> str:
    at = draw(st.integers(0, len(text)))
    return draw(
        st.sampled_from([text[:at] + text[at + 1 :], text[:at] + "x" + text[at:], text.upper(), text + " "])
    )


def _mutate(draw: st.DrawFn, data: Any) -> None:
    """Change one thing in the data."""
    places = list(_places(data))
    if not places:
        return
    parts, key = draw(st.sampled_from(range(len(places))).map(places.__getitem__))
    how = draw(st.sampled_from(["value", "value", "value", "misspell", "delete", "wrap", "move", "twice"]))
    if how == "value":
        parts[key] = copy.deepcopy(draw(st.sampled_from(range(len(ODD_VALUES))).map(ODD_VALUES.__getitem__)))
    elif how == "misspell" and isinstance(parts, dict):
        parts[_misspelt(draw, str(key))] = parts.pop(key)
    elif how == "delete":
        del parts[key]
    elif how == "wrap":
        parts[key] = draw(st.sampled_from([[parts[key]], {"x": parts[key]}, {key: parts[key]}]))
    elif how == "move":
        other, there = draw(st.sampled_from(range(len(places))).map(places.__getitem__))
        other[there] = copy.deepcopy(parts[key])
    elif isinstance(parts, list):
        parts.append(copy.deepcopy(parts[key]))
    else:
        parts[f"{key}-2"] = copy.deepcopy(parts[key])


def _disturb(draw: st.DrawFn, text: str) -> str:
    """Change the text in one place, as a slip of the hand or a broken merge would."""
    lines = text.splitlines(keepends=True) or [""]
    row = draw(st.integers(0, len(lines) - 1))
    line = lines[row]
    how = draw(st.sampled_from(["noise", "noise", "twice", "indent", "cut", "swap", "ending"]))
    if how == "noise":
        at = draw(st.integers(0, len(line)))
        lines[row] = line[:at] + draw(st.sampled_from(_NOISE)) + line[at:]
    elif how == "twice":
        lines.insert(row, line)
    elif how == "indent":
        lines[row] = draw(st.sampled_from([" ", "\t", "      "])) + line
    elif how == "cut":
        del lines[row + 1 :]
        lines[row] = line[: draw(st.integers(0, len(line)))]
    elif how == "swap":
        lines[row], lines[-1] = lines[-1], line
    else:
        return text.replace("\n", draw(st.sampled_from(["\r\n", "\r", "\n\n"])))
    return "".join(lines)


@st.composite
def mutated(draw: st.DrawFn, text: str) -> str:
    """One to four things of a YAML file are changed: in what it says, in how it is written, or in both."""
    data = yaml.safe_load(text)
    changes = draw(st.integers(0, 4))
    for _ in range(changes):
        _mutate(draw, data)
    if changes:
        text = yaml.safe_dump(data, allow_unicode=True, sort_keys=False)
    for _ in range(draw(st.integers(0 if changes else 1, 3))):
        text = _disturb(draw, text)
    return text
