"""What holds for every test."""

import gc
import os
import signal
import threading

import pytest
from hypothesis import HealthCheck, settings

# Programs whose standard error is looked at need not say that Node 20 is old.
os.environ.setdefault("JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION", "20")

# A shell starts what it runs in the background with SIGINT ignored, and so would every program that a test
# starts, and then waits for after interrupting it.
if threading.current_thread() is threading.main_thread():
    signal.signal(signal.SIGINT, signal.default_int_handler)

# The same examples each time, however long one takes on a busy machine: a run finds what the change broke.
# `make fuzz` tries new ones, and more.
_whatever_the_time = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("reproducible", _whatever_the_time, max_examples=40, derandomize=True)
settings.register_profile("thorough", _whatever_the_time, max_examples=1_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "reproducible"))

# What is imported to collect the tests stays: looking through it for garbage takes a sixth of the time.
gc.disable()

#: Every test in these folders is slow: a new file among them needs no mark.
_SLOW_FOLDERS = ("checkov", "end_to_end", "wheel")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of a folder whose tests are all slow."""
    for item in items:
        if item.path.parent.name in _SLOW_FOLDERS:
            item.add_marker("slow")


def pytest_collection_finish() -> None:
    """Collect garbage again, but for what is there already."""
    gc.freeze()
    gc.enable()
