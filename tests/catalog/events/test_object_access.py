"""The events that watch a file, a registry key or a share."""

import pytest

from catalog.errors import CatalogError
from catalog.events import event
from catalog.events.object_access import object_handle_requested
from catalog.filter_pattern import matches
from catalog.samples.windows_event import windows_event

WATCHING_OBJECTS = (
    "object-handle-requested",
    "object-accessed",
    "object-permissions-changed",
    "registry-value-changed",
)
WATCHING_SHARES = ("share-accessed", "share-file-accessed")
KEY = r"\REGISTRY\MACHINE\SYSTEM\ControlSet001\Services"


@pytest.mark.parametrize("key", WATCHING_OBJECTS)
@pytest.mark.parametrize("path", [r"D:\給与\2026 年.xlsx", KEY])
def test_an_object_is_watched_by_its_path(key: str, path: str) -> None:
    watching = event(key).for_path(path)
    (pattern,) = watching.patterns
    assert matches(pattern, windows_event(watching.event_id, {"ObjectName": path}))
    assert not matches(pattern, windows_event(watching.event_id, {"ObjectName": path + "2"}))
    assert not matches(pattern, windows_event(watching.event_id, {"ProcessName": path}))


@pytest.mark.parametrize("key", WATCHING_SHARES)
def test_a_share_is_watched_by_its_name(key: str) -> None:
    watching = event(key).for_path(r"\\*\営業 2026$")
    (pattern,) = watching.patterns
    assert matches(pattern, windows_event(watching.event_id, {"ShareName": r"\\*\営業 2026$"}))
    assert not matches(pattern, windows_event(watching.event_id, {"ShareName": r"\\*\営業 2026"}))


@pytest.mark.parametrize(
    "share",
    ["", "Finance", r"\\files\Finance", r"\\*\Finance\2026", "\\\\*\\Finance\\", r"C:\Finance", r"\\*\a*"],
)
def test_a_share_that_windows_would_not_report_is_refused(share: str) -> None:
    with pytest.raises(CatalogError, match="is not a share as Windows reports it"):
        event("share-accessed").for_path(share)


def test_a_share_is_no_path_of_an_object() -> None:
    with pytest.raises(CatalogError, match="which no Windows path can hold"):
        object_handle_requested(r"\\*\Finance")
