"""What is wrong with a record of the catalog, all of it at once."""

from collections.abc import Iterable


class CatalogError(ValueError):
    """A record that must not exist, or a name that does.

    ``problems`` holds one sentence for each thing that is wrong; ``places``, where a record is wrong, the
    field that each of them is about: ``("key",)``, ``("where", "LogonType")``.
    """

    def __init__(self, subject: str, problems: Iterable[str], places: Iterable[tuple[str, ...]] = ()) -> None:
        self.subject = subject
        self.problems = tuple(problems)
        self.places = tuple(places)
        super().__init__(f"{subject}: " + "; ".join(self.problems))


class UnknownNameError(CatalogError):
    """A key, pack or subcategory that the catalog does not have, with the nearest that it has."""

    def __init__(self, name: str, kind: str, known: Iterable[str]) -> None:
        super().__init__(name, [f"no such {kind}{did_you_mean(name, known)}"])


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return ``"; did you mean X?"`` for the nearest known name, or ``""`` where none is near."""
    import difflib  # only a wrong name pays for it: importing the catalog must stay quick

    nearest = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f"; did you mean {nearest[0]}?" if nearest else ""
