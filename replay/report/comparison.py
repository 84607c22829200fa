"""A replay beside an earlier one, before and after tuning: what finds or notifies more or less."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from catalog.errors import InputError
from replay.engine.alarm_evaluation import State


@dataclass(frozen=True, slots=True)
class ChangeSinceBaseline:
    """What differs of one alarm or event.

    Args:
        key: What reports call it.
        records: How many records it finds: in the baseline, and now.
        notifications: How often it notifies: in the baseline, and now.
    """

    key: str
    records: tuple[int, int]
    notifications: tuple[int, int]


def changes(baseline: Mapping[str, Any], now: Mapping[str, Any]) -> list[ChangeSinceBaseline]:
    """Return what differs between two results of ``as_json``, the largest change of notifications first."""
    found = []
    sides = baseline, now
    for key in dict.fromkeys(key for side in sides for part in ("alarms", "matches") for key in side[part]):
        change = ChangeSinceBaseline(
            key,
            (_records(baseline, key), _records(now, key)),
            (_notified(baseline, key), _notified(now, key)),
        )
        if change.records[0] != change.records[1] or change.notifications[0] != change.notifications[1]:
            found.append(change)
    return sorted(found, key=lambda c: -abs(c.notifications[1] - c.notifications[0]))


def read_baseline(path: Path, account: str) -> Mapping[str, Any]:
    """Return the result of an earlier replay that ``--json`` has written.

    Args:
        path: The file.
        account: The account's name, where the file has several.

    Raises:
        InputError: It is no such file; says what it lacks.
    """
    wrong = f"--baseline {path}: is not what replay --json writes"
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"--baseline {path}: cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise InputError(f"{wrong}: {error}") from None
    if isinstance(data, dict) and isinstance(data.get("accounts"), dict):
        if account not in data["accounts"]:
            wanted = f"no account {account}" if account else "several accounts, and --account names none"
            raise InputError(f"--baseline {path}: has {wanted}: {', '.join(data['accounts'])}")
        data = data["accounts"][account]
    if not _is_result(data):
        raise InputError(f"{wrong}: it needs matches and alarms, with numbers and transitions")
    result: Mapping[str, Any] = data
    return result


def _is_result(data: object) -> bool:
    if not isinstance(data, dict):
        return False
    matches, alarms = data.get("matches"), data.get("alarms")
    return (
        isinstance(matches, dict)
        and isinstance(alarms, dict)
        and all(isinstance(number, int) for number in matches.values())
        and all(map(_is_alarm, alarms.values()))
    )


def _is_alarm(value: object) -> bool:
    transitions = value.get("transitions") if isinstance(value, dict) else None
    return isinstance(transitions, list) and all(isinstance(each, dict) for each in transitions)


def _records(result: Mapping[str, Any], key: str) -> int:
    matches, alarm = result["matches"], result["alarms"].get(key, {})
    # An additional alarm counts the records of its event.
    return int(alarm.get("records", matches.get(key, matches.get(key.partition(".")[0], 0))))


def _notified(result: Mapping[str, Any], key: str) -> int:
    alarm = result["alarms"].get(key, {"transitions": []})
    of_state = sum(each.get("state") == State.ALARM.value for each in alarm["transitions"])
    return int(alarm.get("notifications", of_state))
