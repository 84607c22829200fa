"""Errors in the input: a record of the catalog, a name, a filter pattern."""

from collections.abc import Iterable


class InputError(ValueError):
    """Input that is wrong. Command lines print its ``lines`` and end with exit status 2."""

    @property
    def lines(self) -> tuple[str, ...]:
        """What is wrong, a line for each thing."""
        return (str(self),)


class CatalogError(InputError):
    """A record that must not exist, or a name that does.

    ``problems`` holds one sentence for each thing that is wrong; ``places``, where a record is wrong, the
    field that each of them is about: ``("key",)``, ``("where", "LogonType")``.
    """

    def __init__(self, subject: str, problems: Iterable[str], places: Iterable[tuple[str, ...]] = ()) -> None:
        self.subject = subject
        self.problems = tuple(problems)
        self.places = tuple(places)
        super().__init__(f"{subject}: " + "; ".join(self.problems))

    @property
    def placed_problems(self) -> tuple[tuple[tuple[str, ...], str], ...]:
        """What is wrong with a record, each with its place."""
        return tuple(zip(self.places, self.problems, strict=True))


class UnknownNameError(CatalogError):
    """A key, pack or subcategory that the catalog does not have, with the nearest that it has."""

    def __init__(self, name: str, kind: str, known: Iterable[str]) -> None:
        super().__init__(name, [f"no such {kind}{did_you_mean(name, known)}"])


class FilterPatternError(InputError):
    """A filter pattern that CloudWatch Logs would reject, or that cannot work for text.

    Attributes:
        pattern: The whole pattern, or the text that ``quote`` was given.
        position: Index in ``pattern`` of the first character that is wrong, from 0 (in the message, from 1).
        problem: What is wrong.
        remedy: What would be right.
    """

    def __init__(self, pattern: str, position: int, problem: str, remedy: str) -> None:
        super().__init__(pattern, position, problem, remedy)
        self.pattern = pattern
        self.position = position
        self.problem = problem
        self.remedy = remedy

    def __str__(self) -> str:
        near = self.pattern[self.position : self.position + 24]
        shown = "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in near)
        return f"filter pattern, character {self.position + 1} ({shown}): {self.problem}; {self.remedy}"


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return ``"; did you mean X?"`` for the nearest known name, or ``""`` where none is near."""
    import difflib  # only a wrong name pays for it: importing the catalog must stay quick

    nearest = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f"; did you mean {nearest[0]}?" if nearest else ""
