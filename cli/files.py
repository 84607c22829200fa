"""Files that a command line writes: whole, or not at all."""

from contextlib import suppress
from pathlib import Path


def write_text(path: Path, text: str) -> None:
    """Write a file in UTF-8, and the folders above it; an earlier file stays until the new one is whole.

    Raises:
        OSError: It cannot be written.
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
        reason = error.strerror or str(error)
        raise OSError(error.errno, f"cannot be written: {reason}", str(path)) from None
