"""The page: every event with all that is derived from it, the ATT&CK matrix, compliance frameworks."""

from collections.abc import Collection, Mapping, Sequence
from html import escape
from importlib.resources import files
from typing import Any

from catalog.derived.as_json import as_json
from catalog.derived.audit_script import audit_requirements
from catalog.derived.compliance import controls
from catalog.docs.audit_noise import NOISE
from catalog.model.alarm_rule import rule
from catalog.model.security_event import SecurityEvent, Severity
from catalog.samples import samples_of
from catalog.site.web_page import LANGUAGES, web_page

#: The order of the tactics in the matrix.
TACTICS = (
    "resource-development",
    "initial-access",
    "execution",
    "persistence",
    "privilege-escalation",
    "stealth",
    "defense-impairment",
    "credential-access",
    "discovery",
    "lateral-movement",
    "collection",
    "command-and-control",
    "impact",
)
#: How much of a sample is shown.
_SAMPLE = 4000


def site_page(
    events: Sequence[SecurityEvent], *, title: str, watched: Mapping[str, Collection[str]] | None = None
) -> str:
    """Return the page, as HTML.

    Args:
        events: The events that it is about.
        title: What it says of them.
        watched: The accounts that watch each event, by its key, where the page is about a deployment.
    """
    chosen = events if watched is None else [event for event in events if watched.get(event.key)]
    data = {
        "events": [_event(event, watched) for event in events],
        "techniques": _techniques(),
        "tactics": TACTICS,
        "severities": [severity.value for severity in reversed(Severity)],
        "controls": [
            (each.framework, each.number, each.asks_for, each.is_general, each.not_audited(chosen))
            for each in controls()
        ],
        "isDeployment": watched is not None,
    }
    body = (
        f'<header><p class="muted">Windows security monitoring on AWS</p><h1>{escape(title)}</h1>',
        '<nav aria-label="Views"><a href="#events">Events</a><a href="#attack">ATT&amp;CK</a>',
        f'<a href="#compliance">Compliance</a>{LANGUAGES}</nav></header>',
        '<section id="events"><h2 class="unseen">Events</h2></section>',
        '<section id="attack" hidden><h2 class="unseen">ATT&amp;CK</h2></section>',
        '<section id="compliance" hidden><h2 class="unseen">Compliance</h2></section>',
        "<noscript><p>This page needs scripts, which come with it. "
        "<code>python -m catalog list</code> shows the same in a terminal.</p></noscript>",
    )
    return web_page(__package__, title, body, data)


def _event(event: SecurityEvent, watched: Mapping[str, Collection[str]] | None) -> dict[str, Any]:
    samples = samples_of(event)
    return {
        **as_json(event),
        "event_ids": list(event.event_ids),
        "rule": rule(event.alarm) if event.alarm else None,
        "engines": ["metric", "log"] if event.patterns else ["log"],
        "commands": [each.command for each in audit_requirements([event])],
        "noise": NOISE[event.audit] if event.audit else "",
        "reference": event.documentation,
        "samples": [[name, text[:_SAMPLE]] for name, text in samples.matching.items()],
        "near_misses": list(samples.not_matching),
        "controls": [f"{each.framework} {each.number}" for each in controls() if each.answered_by(event)],
        "accounts": sorted(watched.get(event.key, ())) if watched is not None else None,
    }


def _techniques() -> list[list[str]]:
    """Return the id, name and tactics of each technique that the matrix shows."""
    table = (files(__package__) / "techniques.tsv").read_text(encoding="utf-8")
    return [line.split("\t") for line in table.splitlines()[1:]]
