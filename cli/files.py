"""Files that a command line writes: whole, or not at all."""

from contextlib import suppress
from pathlib import Path

from catalog.errors import InputError


def write_text(path: Path, text: str) -> None:
    """Write a file in UTF-8, and the folders above it; an earlier file stays until the new one is whole.

    Raises:
        InputError: It cannot be written; the message says why.
    """
    target = path.resolve()
    # A device or a pipe cannot be replaced, and a folder is refused.
    new = target.with_name(f".{target.name}.new") if target.is_file() or not target.exists() else target
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        new.write_text(text, encoding="utf-8")
        new.replace(target)
    except OSError as error:
        if new != target:
            with suppress(OSError):
                new.unlink()
        raise InputError(f"{path}: cannot be written: {error.strerror or error}") from None
