"""``docs/reference/catalog.md``: the packs with what they cost, and every event."""

from collections import Counter
from collections.abc import Iterator

from catalog.derived.agent_configuration import Collection
from catalog.derived.attack_layer import technique_page
from catalog.derived.cost import PRICES, RECORD_BYTES, monthly_cost, records_a_day
from catalog.docs.markdown import anchor, page, table, text
from catalog.events import EVENTS
from catalog.events import pack as events_of
from catalog.filter_pattern import METRIC_FILTERS_A_LOG_GROUP
from catalog.model.alarm_rule import rule
from catalog.model.condition import Markup
from catalog.model.provider import Provider
from catalog.model.security_event import Family, Pack, SecurityEvent

#: The most ids of an event log that are listed.
_MOST_IDS = 20
#: For how many servers a month is reckoned.
_SERVERS = 10


def catalog_page() -> str:
    """Return the page."""
    families = [family for family in Family if any(event.family is family for event in EVENTS)]
    return page(
        "# The catalog",
        f"{len(EVENTS)} events in {len(families)} families. `python -m catalog show KEY` shows one with its "
        "filter patterns, its runbook in both languages and its Logs Insights query. The audit policy without which Windows does not "
        "write them is in [audit-policy.md](audit-policy.md), and Microsoft's own list of events "
        "to monitor beside this one in [appendix-l.md](appendix-l.md).",
        "## Packs",
        "A pack is a choice of events. A deployment names one or several (`packs: [baseline]`), and adds or "
        "drops single events by their keys.",
        table(
            [
                "Pack",
                "What it is for",
                "Events",
                "Filters",
                "Alarms",
                "Records a day",
                *_price_headers(),
                "Matching",
                *_price_headers(),
            ],
            [_pack_row(pack) for pack in Pack],
        ),
        f"Filters are counted by event log, each of which has a log group. Records are what the agent of one busy "
        f"server ships with `collection: event_ids`: whole ids, also where a filter finds few of them. *Matching* is what it ships with "
        "`collection: matching`: the records that some filter counts. The costs "
        f"are estimates for a month, {_SERVERS} such servers in one account and region, at public prices of 2026 "
        f"and {RECORD_BYTES:,} bytes a record; where domain controllers alone write the events, for as many "
        "of these. Counted with them is what every deployment has unless it says otherwise: a key, a dashboard "
        "and the no-data alarm. Storage adds 0.03 dollars for each GB and month that it is kept.",
        "### Packs together",
        f"A log group takes {METRIC_FILTERS_A_LOG_GROUP} metric filters. This many are needed on the one "
        "with the most for a pack (diagonal) and for two together; a watched path adds one for each event that "
        "watches it. `python -m deployment check` reports a choice that does not fit.",
        table(
            ["", *(pack.value for pack in Pack)],
            [[pack.value, *(_filters(pack, other) for other in Pack)] for pack in Pack],
        ),
        "## Event logs",
        "Each event log has an entry in the agent's configuration and a log group of its own. *Data* says how its "
        "records hold values: `named` for `<Data Name='Field'>`, also with names of several words, `elements` for "
        "`<Field>`, `unnamed` for `<Data>`. *Level* is the only one that is shipped of an id, where its events "
        "ask for one; otherwise records of all levels are.",
        table(
            ["Event log", "Ids", "Events", "Data", "Level", "Records a day", "Needs", "Packs"],
            [_log_row(channel) for channel in dict.fromkeys(event.channel for event in EVENTS)],
        ),
        "## Events",
        "An alarm fires from this number of records in a period on; *metric only* has no "
        "alarm. The volume is what a busy server writes a day, as an order of magnitude. *On by default* is said "
        "of a server without an audit policy of its own, by published tables: apply the policy rather than rely "
        "on it. *Evidence* says what shows that the filter patterns match: a record of a real log, an example of the id "
        "with other values, or the provider's manifest alone. A path is an example that a deployment replaces by its "
        "`watched_paths`.",
        *(block for family in families for block in _family(family)),
    )


def family_title(family: Family) -> str:
    """Return the heading of a family's events."""
    return family.value.replace("_", " ").capitalize()


def _price_headers() -> list[str]:
    return [f"USD, {region}" for region in PRICES]


def _pack_row(pack: Pack) -> list[str]:
    events = events_of(pack)
    return [
        f"`{pack.value}`",
        text(pack.purpose),
        str(len(events)),
        "<br>".join(f"{number} {channel}" for channel, number in _filters_by_channel(events).items()),
        str(sum(event.alarm is not None for event in events)),
        _number(records_a_day(events)),
        *_costs(events, Collection.EVENT_IDS),
        _number(records_a_day(events, Collection.MATCHING)),
        *_costs(events, Collection.MATCHING),
    ]


def _log_row(channel: str) -> list[str]:
    events = tuple(event for event in EVENTS if event.channel == channel)
    ids = sorted({event.event_id for event in events})
    levels = {event.event_id: ", ".join(map(str, sorted(event.levels))) for event in events if event.levels}
    needs = dict.fromkeys(each for event in events for each in event.prerequisites if each.value.event_log)
    packs = [pack.value for pack in Pack if any(pack in event.packs for event in events)]
    return [
        channel,
        ", ".join(map(str, ids)) if len(ids) <= _MOST_IDS else f"{len(ids)} ids",
        str(len(events)),
        ", ".join(sorted({words for event in events for words in _data(event.provider)})),
        ", ".join(f"{event_id}: {level}" for event_id, level in levels.items()),
        _number(records_a_day(events)),
        ", ".join(text(each.value.title) for each in needs),
        ", ".join(packs),
    ]


def _data(provider: Provider) -> tuple[str, ...]:
    """Return how a provider's records may hold values."""
    if provider.markup is Markup.USER_DATA:
        return ("elements",)
    return ("named", "unnamed") if provider.classic else ("named",)


def _costs(events: tuple[SecurityEvent, ...], collection: Collection) -> Iterator[str]:
    for prices in PRICES.values():
        yield f"{monthly_cost(events, servers=_SERVERS, prices=prices, collection=collection):.0f}"


def _filters(*packs: Pack) -> str:
    events = tuple(event for event in EVENTS if not set(packs).isdisjoint(event.packs))
    number = max(_filters_by_channel(events).values())
    return str(number) if number <= METRIC_FILTERS_A_LOG_GROUP else f"**{number}**"


def _filters_by_channel(events: tuple[SecurityEvent, ...]) -> dict[str, int]:
    numbers = Counter[str]()
    for event in events:
        numbers[event.channel] += len(event.patterns)
    return dict(numbers)


def _family(family: Family) -> tuple[str, str]:
    header = [
        "Key",
        "Id",
        "Title",
        "Severity",
        "Alarm",
        "A day",
        "Audit",
        "On by default",
        "Evidence",
        "ATT&CK",
        "Packs",
        "Note",
    ]
    rows = [_event_row(event) for event in EVENTS if event.family is family]
    return f"### {family_title(family)}", table(header, rows)


def _event_row(event: SecurityEvent) -> list[str]:
    notes = [text(event.note)] if event.note else []
    if event.domain_controllers_only:
        notes.insert(0, "Domain controllers only.")
    if event.healthy:
        notes.append(f"**On a healthy server:** {text(event.healthy)}")
    return [
        f"`{event.key}`",
        _identity(event),
        f"{text(event.title)}<br>{text(event.title_ja)}",
        event.severity.value,
        rule(event.alarm) if event.alarm else "metric only",
        _number(event.volume.records_a_day),
        _audit(event),
        _on_by_default(event),
        event.evidence.value,
        " ".join(map(_technique, event.attack)),
        ", ".join(pack.value for pack in event.packs),
        " ".join(notes),
    ]


def _identity(event: SecurityEvent) -> str:
    reference = event.documentation
    number = f"[{event.event_id}]({reference})" if reference else str(event.event_id)
    return number if event.channel == "Security" else f"{number} ({event.channel})"


def _audit(event: SecurityEvent) -> str:
    titles = [each.value.title for each in event.audits]
    linked = " and ".join(f"[{title}](audit-policy.md#{anchor(title)})" for title in titles)
    return f"{linked}: {event.outcome.value}" if linked else ""


def _on_by_default(event: SecurityEvent) -> str:
    return event.audit.value.by_default(event.outcome) if event.audit else "always written"


def _technique(technique: str) -> str:
    return f"[{technique}]({technique_page(technique)})"


def _number(number: float) -> str:
    return f"{number:,.0f}" if number >= 1 else f"{number:g}"
