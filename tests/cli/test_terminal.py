import io
import sys

import pytest

from cli.terminal import output_console


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_no_line_is_broken_where_the_output_is_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    output = io.StringIO()
    monkeypatch.setattr(sys, "stdout", output)
    output_console().print("word " * 500)
    assert output.getvalue().count("\n") == 1


def test_lines_are_as_wide_as_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setattr(sys, "stdout", Terminal())
    assert output_console().width == 40


def test_numbers_are_not_coloured_where_nobody_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    output = Terminal()
    monkeypatch.setattr(sys, "stdout", output)
    output_console().print("3 failed")
    assert output.getvalue() == "3 failed\n"
