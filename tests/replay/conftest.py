import os
from pathlib import Path

import pytest

_BESIDE_THE_REPOSITORY = Path(__file__).resolve().parents[3] / "shared" / "corpus"


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of real event logs, which is no part of the project."""
    folder = Path(os.environ.get("WINDOWS_EVENT_CORPUS", _BESIDE_THE_REPOSITORY))
    if not (folder / "evtx" / "MANIFEST.json").is_file():
        pytest.skip("no corpus of real event logs here: set WINDOWS_EVENT_CORPUS to its folder")
    return folder


@pytest.fixture(scope="session")
def evtx_file(corpus: Path) -> Path:
    """A real event log of 91 records."""
    return next((corpus / "evtx").glob("21_*.evtx"))
