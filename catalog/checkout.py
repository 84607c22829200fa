"""The repository, whose files are written by commands; an installed package has none."""

from pathlib import Path

from catalog.errors import CatalogError

_REPOSITORY = Path(__file__).resolve().parents[1]


def checkout() -> Path:
    """Return the folder of the repository.

    Raises:
        CatalogError: The package stands elsewhere, as where it is installed.
    """
    if not (_REPOSITORY / "pyproject.toml").is_file():
        raise CatalogError(
            str(_REPOSITORY), ["is no checkout of the repository, to which the file to be written belongs"]
        )
    return _REPOSITORY
