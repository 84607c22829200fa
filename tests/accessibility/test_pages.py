"""What axe finds in the web pages without a browser, and whether their colours can be read.

Chromium, which has a layout, shows more: ``make accessibility`` asks it, where it is installed.
"""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.accessibility.pages import written_pages

_HERE = Path(__file__).parent
_REPOSITORY = _HERE.parents[1]
_STYLE = _REPOSITORY / "catalog" / "site" / "shared.css"
_SEVERITIES = ("critical", "high", "medium", "low", "informational")
#: The least contrast by the Web Content Accessibility Guidelines 2.2, level AA: of text, and of a chart.
_TEXT, _GRAPHICS = 4.5, 3.0
#: Red, green and blue, from 0 to 1.
_Colour = tuple[float, ...]


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    pages = written_pages(tmp_path_factory.mktemp("pages"))
    command = ["node", str(_HERE / "in_jsdom.cjs"), *map(str, pages)]
    run = subprocess.run(command, cwd=_REPOSITORY, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    of_pages: dict[str, Any] = json.loads(run.stdout)
    return of_pages


@pytest.mark.parametrize("page", ["report.html", "catalog.html"])
def test_axe_finds_nothing_in_the_page_with_its_cards_open(found: dict[str, Any], page: str) -> None:
    assert found[page]["drawn"] >= 3
    assert found[page]["found"] == []


@pytest.fixture(scope="module", params=["light", "dark"])
def colours(request: pytest.FixtureRequest) -> dict[str, str]:
    """The custom properties of a scheme: the dark one replaces those of the light one."""
    style = _STYLE.read_text(encoding="utf-8")
    light, dark = re.findall(r":root \{(.*?)\}", style, re.DOTALL)
    of_scheme = dict(re.findall(r"--([\w-]+): ([^;]+);", light))
    if request.param == "dark":
        of_scheme |= dict(re.findall(r"--([\w-]+): ([^;]+);", dark))
    return of_scheme


def test_text_is_legible_on_what_lies_behind_it(colours: dict[str, str]) -> None:
    page, card = _colour(colours["page"]), _colour(colours["card"])
    # A card's summary under the pointer, and a runbook.
    behind = {"page": page, "card": card, "bar": _colour(colours["bar"], over=card)}
    pairs = [(text, place) for text in ("text", "muted", "series") for place in behind]
    # Severities stand on the page and on cards; the label of one has a card's colour behind it everywhere.
    pairs += [(text, place) for text in _SEVERITIES for place in ("page", "card")]
    contrasts = {(text, place): _contrast(_colour(colours[text]), behind[place]) for text, place in pairs}
    assert {pair: value for pair, value in contrasts.items() if value < _TEXT} == {}


def test_text_is_legible_on_each_step_of_a_scale(colours: dict[str, str]) -> None:
    style = _STYLE.read_text(encoding="utf-8")
    steps = re.findall(r"\.level-([1-4]) \{ background: ([^;]+);( color: var\(--card\);)?", style)
    assert [number for number, _, _ in steps] == ["1", "2", "3", "4"]
    card, series = _colour(colours["card"]), _colour(colours["series"])
    for number, background, is_inverted in steps:
        percent = re.search(r"(\d+)%", background)
        share = int(percent[1]) / 100 if percent else 1.0
        mixed = tuple(share * s + (1 - share) * c for s, c in zip(series, card, strict=True))
        text = card if is_inverted else _colour(colours["text"])
        assert _contrast(text, mixed) >= _TEXT, f"level {number}"


def test_charts_are_visible_on_a_card(colours: dict[str, str]) -> None:
    card = _colour(colours["card"])
    assert _contrast(_colour(colours["series"]), card) >= _GRAPHICS
    assert _contrast(_colour(colours["alarm"]), card) >= _GRAPHICS


def _colour(value: str, over: _Colour = ()) -> _Colour:
    """Return the colour of a value of CSS; a translucent one lies over another colour."""
    if value.startswith("#"):
        return tuple(int(value[place : place + 2], 16) / 255 for place in (1, 3, 5))
    *rgb, alpha = map(float, value.removeprefix("rgba(").removesuffix(")").split(","))
    return tuple(alpha * part / 255 + (1 - alpha) * below for part, below in zip(rgb, over, strict=True))


def _contrast(one: _Colour, other: _Colour) -> float:
    low, high = sorted(map(_luminance, (one, other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: _Colour) -> float:
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
