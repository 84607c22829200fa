"""Markdown, as GitHub reads it."""

import re
from collections.abc import Iterable, Sequence

#: What a page begins with.
GENERATED = (
    "<!-- Written by `python -m catalog docs`. Edit the records and texts in the sources, not this. -->"
)

_SPECIAL = re.compile(r"([\\`*_\[\]<|])")
_NOT_IN_ANCHOR = re.compile(r"[^\w -]")


def text(words: str) -> str:
    """Return words as they are to be read, whatever Markdown would make of their characters."""
    return _SPECIAL.sub(r"\\\1", words)


def anchor(heading: str) -> str:
    """Return what a link to a heading ends with, without ``#``."""
    return _NOT_IN_ANCHOR.sub("", heading.lower()).replace(" ", "-")


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; cells are Markdown already."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def page(*blocks: str) -> str:
    """Return a whole page: its blocks, an empty line between each."""
    return "\n\n".join([GENERATED, *blocks]) + "\n"
