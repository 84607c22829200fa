"""What is wrong with a deployment, all of it at once, each with its place."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from catalog.errors import InputError
from cli.text import printable

#: The names and list indices that lead to a value: ``("accounts", "production", "regions", 0)``.
KeyPath: TypeAlias = tuple[str | int, ...]

#: Of how many problems there is a line each: more than anyone reads at once.
_MOST_LINES = 1000


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong.

    Args:
        path: The value at fault; empty for the whole.
        message: What is wrong, and what would be right.
        file: The file it stands in; empty for a deployment that was built in Python.
        line: The line in the file, from 1.
    """

    path: KeyPath
    message: str
    file: str = ""
    line: int | None = None

    @property
    def key_path(self) -> str:
        """The path as it is written: ``accounts.production.regions[0]``."""
        text = ""
        for step in self.path:
            if isinstance(step, int):
                text += f"[{step}]"
            elif step and not any(character in step for character in ".[] \n"):
                text += f".{step}" if text else step
            else:
                text += f"[{step!r}]"
        return text

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return printable(": ".join(part for part in (place, self.key_path, self.message) if part))


class DeploymentError(InputError):
    """A deployment that must not be built. ``problems`` holds everything that is wrong with it."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.lines))

    @property
    def lines(self) -> tuple[str, ...]:
        """Each problem with its place, a line each; of very many, the first ones and their number."""
        lines = tuple(map(str, self.problems[:_MOST_LINES]))
        more = len(self.problems) - len(lines)
        return (*lines, f"and {more:,} more problems") if more else lines
