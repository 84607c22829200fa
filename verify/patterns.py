"""``python -m verify patterns``: try every filter pattern on its samples in CloudWatch itself.

``logs:TestMetricFilter`` judges messages by a pattern as a metric filter would. It reads nothing, changes
nothing and costs nothing, so that any account serves, also before the first apply.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any
from xml.sax.saxutils import unescape

from botocore.exceptions import BotoCoreError, ClientError
from rich import box
from rich.table import Table
from rich.text import Text

from catalog import SecurityEvent
from catalog.errors import InputError
from catalog.filter_pattern import matches
from catalog.samples import samples_of
from catalog.samples.windows_event import rendered
from cli.text import counted
from deployment import RegionPlan
from verify.access.account import AccountAccess, AccountError, caller, enter

#: The most messages that TestMetricFilter takes (API reference), and calls at a time.
_MESSAGES_A_CALL = 50
_CALLS_AT_A_TIME = 4
_DATA = re.compile(r"<Data Name='([^']+)'>([^<]*)</Data>")
_RENDERING = "<RenderingInfo"
_END = "</Event>"


class PatternsError(InputError):
    """The patterns cannot be tried: no account can be entered, or none allows it."""


@dataclass(frozen=True, slots=True)
class Message:
    """A record to try an event's patterns on.

    Args:
        sample: What it is, in a few words.
        text: What the agent ships.
        is_match: Whether the event is to find it.
    """

    sample: str
    text: str
    is_match: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """A message that CloudWatch and this project judge differently.

    Args:
        message: The message; None where CloudWatch refuses a pattern.
        reason: What is different, a sentence.
    """

    message: Message | None
    reason: str


@dataclass(frozen=True, slots=True)
class TriedEvent:
    """An event whose patterns CloudWatch has tried.

    Args:
        event: The event, as the accounts deploy it.
        accounts: The accounts that deploy it so.
        messages: What its patterns were tried on.
        differences: Where CloudWatch differs; none where it agrees.
    """

    event: SecurityEvent
    accounts: tuple[str, ...]
    messages: tuple[Message, ...]
    differences: tuple[Difference, ...]

    @property
    def is_proven(self) -> bool:
        """Whether it has samples at all, and CloudWatch agrees on each of them."""
        return not self.differences and any(message.is_match for message in self.messages)


def account_to_try_in(regions: Sequence[RegionPlan], *, named: bool) -> AccountAccess:
    """Return an account that allows ``logs:TestMetricFilter``.

    Args:
        regions: The stacks; the first says which region, and which account is entered.
        named: Whether the user named the account. Otherwise the credentials at hand do, whosever they are,
            and the first stack's account is entered where those may not try patterns.

    Raises:
        PatternsError: There is none. It says why of each account that was tried.
    """
    first = regions[0]
    reasons = []
    for at_hand in (False,) if named else (True, False):
        try:
            account = caller(first.region_name) if at_hand else enter(first)
            account.client("logs").test_metric_filter(filterPattern="a", logEventMessages=["a"])
            return account
        except (AccountError, BotoCoreError, ClientError) as error:
            reasons.append(str(error))
    raise PatternsError(
        f"No account allows logs:TestMetricFilter: {'; '.join(dict.fromkeys(reasons))}. Use credentials "
        "that allow it, or name an account of the deployment with --account."
    )


def try_patterns(account: AccountAccess, regions: Iterable[RegionPlan]) -> list[TriedEvent]:
    """Try each pattern on its event's samples, one time for all accounts that deploy the event alike.

    Args:
        account: Where to try them.
        regions: The stacks.

    Raises:
        PatternsError: CloudWatch stopped answering.
    """
    accounts: dict[tuple[str, ...], list[str]] = {}
    events: dict[tuple[str, ...], SecurityEvent] = {}
    for region in regions:
        for event in region.metric_events:
            identity = (event.key, *event.patterns)
            events.setdefault(identity, event)
            if region.account not in accounts.setdefault(identity, []):
                accounts[identity].append(region.account)
    logs = account.client("logs")
    with ThreadPoolExecutor(_CALLS_AT_A_TIME) as pool:
        tried = pool.map(
            lambda identity: _tried(logs, events[identity], tuple(accounts[identity])), list(events)
        )
        try:
            return list(tried)
        except (BotoCoreError, ClientError) as error:
            pool.shutdown(cancel_futures=True)
            raise PatternsError(f"CloudWatch stopped answering: {error}") from error


def without_filters(regions: Iterable[RegionPlan]) -> list[str]:
    """Return the keys of the events that log alarms find everywhere, whose patterns nothing deploys."""
    by_log: dict[str, None] = {}
    by_filter: set[str] = set()
    for region in regions:
        by_log |= dict.fromkeys(event.key for event in region.log_events)
        by_filter |= {event.key for event in region.metric_events}
    return [key for key in by_log if key not in by_filter]


def messages_of(event: SecurityEvent) -> tuple[Message, ...]:
    """Return the messages to try an event's patterns on: its samples and near misses.

    Each comes twice, as in an event log and with the text that Windows adds where the publisher's messages
    are installed. A sample that the deployment excludes from the event is not to be found.
    """
    samples = samples_of(event)
    without_exclusions = replace(
        event, where=tuple(condition for condition in event.where if not condition.operator.excludes)
    )
    messages = []
    for words, text in samples.matching.items():
        excluded = _finds(without_exclusions, text) and not _finds(event, text)
        messages.append(Message(f"{words} (excluded)" if excluded else words, text, not excluded))
    messages += [Message(words, text, is_match=False) for words, text in samples.not_matching.items()]
    for message in tuple(messages):
        if _RENDERING not in message.text and message.text.endswith(_END):
            text = rendered(message.text, _localised(event, message.text), event.provider)
            messages.append(replace(message, sample=f"{message.sample}, with its text", text=text))
    return tuple(messages)


def _localised(event: SecurityEvent, text: str) -> str:
    """Return a text such as Windows adds to a record: it repeats the values, without their markup."""
    values = "".join(f"\n\t{name}:\t\t{unescape(value)}" for name, value in _DATA.findall(text))
    return f"{event.title}.\n\nSubject:{values}"


def _finds(event: SecurityEvent, text: str) -> bool:
    return any(matches(pattern, text) for pattern in event.patterns)


def _tried(logs: Any, event: SecurityEvent, accounts: tuple[str, ...]) -> TriedEvent:
    messages = messages_of(event)
    found: dict[int, set[int]] = {}
    differences = []
    for number, pattern in enumerate(event.patterns, start=1):
        try:
            found[number] = matched(logs, pattern, [message.text for message in messages])
        except ClientError as error:
            if error.response["Error"]["Code"] != "InvalidParameterException":
                raise
            reason = f"CloudWatch refuses pattern {number}: {error.response['Error']['Message']}"
            differences.append(Difference(None, reason))
    for index, message in enumerate(messages):
        if reason := _difference(event, message, {n for n, indexes in found.items() if index in indexes}):
            differences.append(Difference(message, reason))
    return TriedEvent(event, accounts, messages, tuple(differences))


def matched(logs: Any, pattern: str, texts: Sequence[str]) -> set[int]:
    """Return the indexes of the texts that CloudWatch finds.

    Without texts, CloudWatch only says whether it takes the pattern.

    Raises:
        ClientError: CloudWatch refuses the pattern, or the call.
    """
    indexes = set()
    for start in range(0, len(texts), _MESSAGES_A_CALL) or [0]:
        given = list(texts[start : start + _MESSAGES_A_CALL]) or [_END]
        answer = logs.test_metric_filter(filterPattern=pattern, logEventMessages=given)
        indexes |= {start + each["eventNumber"] - 1 for each in answer["matches"]}
    return indexes if texts else set()


def _difference(event: SecurityEvent, message: Message, found: set[int]) -> str:
    """Return what is different about a message, given the patterns that CloudWatch finds it by."""
    own = {n for n, pattern in enumerate(event.patterns, start=1) if matches(pattern, message.text)}
    if found != own:
        return f"CloudWatch finds it by {_patterns(found)}, the matcher of this project by {_patterns(own)}"
    if found and not message.is_match:
        return f"CloudWatch finds it by {_patterns(found)}, and the event must not find it"
    if message.is_match and not found:
        return "CloudWatch does not find it, and the event must find it"
    return ""


def _patterns(numbers: Iterable[int]) -> str:
    listed = ", ".join(map(str, sorted(numbers)))
    return f"pattern {listed}" if listed else "no pattern"


def table(tried: Iterable[TriedEvent]) -> Table:
    """Return a row for each event, and one for each difference below its event."""
    shown = Table(box=box.SIMPLE_HEAD)
    shown.add_column("")
    shown.add_column("event", no_wrap=True)
    for name in ("patterns", "samples", "near misses"):
        shown.add_column(name, justify="right")
    shown.add_column("CloudWatch", overflow="fold", ratio=1)
    for each in tried:
        samples = sum(message.is_match for message in each.messages)
        shown.add_row(
            _status(each),
            each.event.key,
            str(len(each.event.patterns)),
            str(samples),
            str(len(each.messages) - samples),
            Text(
                "agrees" if not each.differences else f"differs in {counted(len(each.differences), 'case')}"
            ),
        )
        for difference in each.differences:
            what = f"{difference.message.sample}: " if difference.message else ""
            shown.add_row("", "", "", "", "", Text(f"{what}{difference.reason}"))
    return shown


def _status(tried: TriedEvent) -> Text:
    if tried.differences:
        return Text("differs", style="bold red")
    return Text("ok", style="green") if tried.is_proven else Text("no samples", style="yellow")


def summary(tried: Sequence[TriedEvent], account: AccountAccess, not_tried: Sequence[str] = ()) -> str:
    """Return what was tried, where, and how it came out, in a few sentences.

    Args:
        tried: The events whose patterns were tried.
        account: Where.
        not_tried: The keys of the events that log alarms find.
    """
    patterns = sum(len(each.event.patterns) for each in tried)
    messages = sum(len(each.messages) for each in tried)
    differences = sum(len(each.differences) for each in tried)
    unproven = sum(not each.is_proven and not each.differences for each in tried)
    lines = [
        f"{counted(len(tried), 'event')}, {counted(patterns, 'pattern')} and {counted(messages, 'message')}, "
        f"tried as {account.identity['Arn']}: {counted(differences, 'difference')}."
    ]
    if unproven:
        lines.append(
            f"{counted(unproven, 'event')} without samples: CloudWatch takes the patterns, and nothing shows "
            "what they find."
        )
    if not_tried:
        lines.append(
            f"{counted(len(not_tried), 'event')} with the log engine not tried: no filter finds them, and "
            "CloudWatch tries a query only on the records of a log group. 'verify drill KEY' shows that "
            "one works; 'python -m replay FILE --engine log' tries them offline."
        )
    return "\n".join(lines)


def as_json(
    tried: Sequence[TriedEvent], account: AccountAccess, not_tried: Sequence[str] = ()
) -> Mapping[str, Any]:
    """Return the same as JSON types."""
    return {
        "not_tried": list(not_tried),
        "tried_as": account.identity["Arn"],
        "differences": sum(len(each.differences) for each in tried),
        "events": [
            {
                "key": each.event.key,
                "accounts": list(each.accounts),
                "patterns": list(each.event.patterns),
                "samples": sum(message.is_match for message in each.messages),
                "near_misses": sum(not message.is_match for message in each.messages),
                "differences": [
                    {
                        "sample": difference.message.sample if difference.message else None,
                        "message": difference.message.text if difference.message else None,
                        "reason": difference.reason,
                    }
                    for difference in each.differences
                ],
            }
            for each in tried
        ],
    }
