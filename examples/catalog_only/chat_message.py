"""An alarm as a message for a chat: what happened, what to do, and the query that shows who it was.

It needs the folder `catalog` and nothing else: no CDKTF, no Node, no package. As an AWS Lambda function that
a topic calls (subscription protocol `lambda`, handler `chat_message.handler`), it is a zip file of this
script and that folder. By hand:

    PYTHONPATH=. python3 examples/catalog_only/chat_message.py < examples/catalog_only/alarm.json
"""

import json
import re
import signal
import sys
from collections.abc import Mapping
from typing import Any

from catalog import EVENTS, SecurityEvent, insights_query

#: Instance, account and region, and what the alarm is for.
_NAME = re.compile("[a-z0-9-]+?-[0-9]{12}-[a-z-]+-[0-9]{1,2}-(.+)")


def handler(notification: Mapping[str, Any], context: object = None) -> list[str]:
    """Return a message for each alarm that SNS tells of; where to post it is yours to add."""
    return [message(json.loads(record["Sns"]["Message"])) for record in notification["Records"]]


def message(alarm: Mapping[str, str]) -> str:
    """Return the message for one alarm, as CloudWatch describes it to SNS."""
    where = f"account {alarm['AWSAccountId']}, {alarm['Region']}, {alarm['StateChangeTime']}"
    event = event_of(alarm["AlarmName"])
    if event is None:
        return f"{alarm['AlarmName']}: {alarm['NewStateReason']} ({where})"
    return (
        f"[{event.severity.value}] {event.title} ({where})\n\n"
        f"{event.runbook}\n\n"
        f"Who, from where, on which host: CloudWatch, Logs Insights, log group {event.channel}\n\n"
        f"{insights_query(event)}"
    )


def event_of(alarm_name: str) -> SecurityEvent | None:
    """Return the event that an alarm is for: its key stands after the region, and before a variant."""
    named = _NAME.fullmatch(alarm_name)
    candidates = [event for event in EVENTS if named and f"{named[1]}-".startswith(f"{event.key}-")]
    return max(candidates, key=lambda event: len(event.key), default=None)


if __name__ == "__main__":
    # Where "head" reads, and has read enough, the script ends as other commands do.
    if hasattr(signal, "SIGPIPE"):
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    print("\n\n".join(handler(json.load(sys.stdin))))
