"""Tables in plain text."""

from collections.abc import Callable, Iterable, Sequence


def text_table(rows: Iterable[Sequence[str]], *, align: Callable[[str, int], str] = str.ljust) -> str:
    """Return rows as lines, their columns as wide as the widest cell and two spaces apart.

    Args:
        rows: The cells of each row, as many in all: one row at least.
        align: How all columns but the first are aligned: ``str.ljust``, or ``str.rjust`` for numbers.
    """
    rows = tuple(rows)
    first, *others = (max(map(len, column)) for column in zip(*rows, strict=True))
    return "\n".join("  ".join([row[0].ljust(first), *map(align, row[1:], others)]).rstrip() for row in rows)
