"""``docs/reference/appendix-l.md``: which event covers each row of Microsoft's list, or why none."""

from catalog.docs.appendix_l import MUST_BE_COVERED, Row, appendix_l, reasons
from catalog.docs.catalog_page import family_title
from catalog.docs.markdown import anchor, page, table, text

_APPENDIX_L = "https://learn.microsoft.com/windows-server/identity/ad-ds/plan/appendix-l--events-to-monitor"


def appendix_l_page() -> str:
    """Return the page."""
    rows = appendix_l()
    ratings = tuple(dict.fromkeys(row.criticality for row in rows))
    return page(
        "# Microsoft's events to monitor",
        f'[Appendix L]({_APPENDIX_L}) of Microsoft\'s "Best Practices for Securing Active Directory" rates '
        f"{len(rows)} events, the last time in 2018. The catalog covers every one rated "
        f"{' or '.join(MUST_BE_COVERED)}, at whose first occurrence Microsoft would have somebody look, and of the "
        "others those that tell of an intruder rather than of a server's daily work. The summaries are this "
        "project's own; an id in parentheses is that of Windows 2000 and 2003.",
        table(
            ["Rated", "Rows", "Covered"],
            [
                [rating, str(len(of_rating)), str(sum(bool(row.events) for row in of_rating))]
                for rating in ratings
                if (of_rating := [row for row in rows if row.criticality == rating])
            ],
        ),
        "## Why a row is left out",
        table(
            ["Reason", "Rows", ""],
            [
                [f"`{reason}`", str(number), text(explanation)]
                for reason, explanation in reasons().items()
                if (number := sum(row.reason == reason and not row.events for row in rows))
            ],
        ),
        "## Row by row",
        table(
            ["Id", "What happened", "Rated", "Covered by, or left out because of"],
            [
                [_identity(row), text(row.summary), row.criticality, _coverage(row)]
                for rating in ratings
                for row in rows
                if row.criticality == rating
            ],
        ),
    )


def _identity(row: Row) -> str:
    if row.event_id:
        return str(row.event_id)
    today = f", today {row.written_today_as}" if row.written_today_as else ""
    return f"({row.legacy_ids}){today}"


def _coverage(row: Row) -> str:
    if row.events:
        return ", ".join(
            f"[`{event.key}`](catalog.md#{anchor(family_title(event.family))})" for event in row.events
        )
    return f"left out: {row.reason}"
