import os
from pathlib import Path

import pytest

from cli.files import write_text


def test_a_file_and_the_folders_above_it_are_written(tmp_path: Path) -> None:
    write_text(tmp_path / "new" / "page.md", "警告\n")
    assert (tmp_path / "new" / "page.md").read_bytes() == "警告\n".encode()


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "link").symlink_to("file")
    write_text(tmp_path / "link", "text")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "file").read_text() == "text"


def test_an_earlier_file_stays_as_it_was_where_the_new_one_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("earlier")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="cannot be written: No space left on device"):
        write_text(tmp_path / "file", "new")
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"file": "earlier"}


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="cannot be written: Is a directory"):
        write_text(tmp_path, "text")
    assert not list(tmp_path.iterdir())


def test_a_pipe_takes_the_text(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        write_text(pipe, "text")
        assert os.read(reader, 10) == b"text"
    finally:
        os.close(reader)
