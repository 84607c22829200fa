"""Tables in plain text."""

import pytest

from cli.tables import text_table

ROWS = [("STACK", "EVENTS", "STATE"), ("production", "7", "local"), ("test", "1,024", "")]


def test_each_column_is_as_wide_as_its_widest_cell() -> None:
    assert text_table(ROWS).splitlines() == [
        "STACK       EVENTS  STATE",
        "production  7       local",
        "test        1,024",
    ]


def test_numbers_are_aligned_to_the_right_and_names_to_the_left() -> None:
    assert text_table((row[:2] for row in ROWS), align=str.rjust).splitlines() == [
        "STACK       EVENTS",
        "production       7",
        "test         1,024",
    ]


def test_a_row_that_lacks_a_cell_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="shorter"):
        text_table([("a", "b"), ("c",)])
