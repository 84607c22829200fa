"""A broken terminal, disk or pipe ends a command line with one sentence and a documented status."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
COMMANDS = ["catalog list", "catalog show --help", "deployment check", "replay examples/sample_events"]


def run(command: str, **options: Any) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONUNBUFFERED": "", **options.pop("env", {})}
    return subprocess.run(
        [sys.executable, "-m", *command.split()],
        cwd=REPOSITORY,
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        **options,
    )


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("command", COMMANDS)
def test_a_full_disk_is_one_sentence_and_status_2(command: str, unbuffered: str) -> None:
    with Path("/dev/full").open("w") as full:
        done = run(command, stdout=full, env={"PYTHONUNBUFFERED": unbuffered})
    assert (done.returncode, done.stderr) == (2, "Standard output: No space left on device\n")


@pytest.mark.parametrize("command", COMMANDS)
def test_a_closed_output_is_one_sentence_and_status_2(command: str) -> None:
    done = run(command, preexec_fn=lambda: os.close(1))
    assert (done.returncode, done.stderr) == (2, "Standard output is closed.\n")


@pytest.mark.parametrize("command", COMMANDS)
def test_a_reader_that_ends_early_is_no_error(command: str) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = run(command, stdout=writer)
    os.close(writer)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_terminal_without_japanese_shows_it_escaped() -> None:
    ascii_only = {"PYTHONIOENCODING": "ascii", "LC_ALL": "C"}
    done = run("catalog show user-account-created", stdout=subprocess.PIPE, env=ascii_only)
    assert (done.returncode, done.stderr) == (0, "")
    assert "title_ja" in done.stdout
    assert "\\u30e6" in done.stdout


def test_json_stays_json_where_the_output_lacks_characters() -> None:
    command = "catalog show user-account-created --json"
    complete = run(command, stdout=subprocess.PIPE, env={"PYTHONIOENCODING": "utf-8"})
    ascii_only = run(command, stdout=subprocess.PIPE, env={"PYTHONIOENCODING": "ascii"})
    assert not complete.stdout.isascii()
    assert ascii_only.stdout.isascii()
    assert json.loads(ascii_only.stdout) == json.loads(complete.stdout)


def test_ctrl_c_ends_in_one_line_without_waiting_for_accounts() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        command = subprocess.Popen(
            [sys.executable, "-m", "verify"],
            cwd=REPOSITORY,
            env={
                **os.environ,
                "AWS_ENDPOINT_URL": f"http://127.0.0.1:{server.getsockname()[1]}",
                "AWS_ACCESS_KEY_ID": "key",
                "AWS_SECRET_ACCESS_KEY": "secret",
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        # The answer always begins and never comes: whoever waits for it waits on and on.
        with server.accept()[0] as connection:
            Thread(target=_say_continue, args=(connection,)).start()
            command.send_signal(signal.SIGINT)
            assert command.communicate(timeout=240) == ("", "Interrupted.\n")
    assert command.returncode == 130


def _say_continue(connection: socket.socket) -> None:
    with suppress(OSError):
        while True:
            connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
            time.sleep(0.5)
