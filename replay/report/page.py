"""What a replay found, as one web page that needs nothing else: readable offline, in light and dark."""

import base64
import hashlib
import json
from html import escape
from importlib.resources import files
from pathlib import Path

from plotly.offline import get_plotlyjs

from cli.files import write_text
from replay.engine.replay_result import ReplayResult
from replay.report import page_charts, page_parts
from replay.report.evidence import RecordEvidence


def write_page(result: ReplayResult, evidence: RecordEvidence, path: Path) -> None:
    """Write the page; the file appears complete or not at all.

    Raises:
        OSError: It cannot be written.
    """
    write_text(path, page(result, evidence))


def page(result: ReplayResult, evidence: RecordEvidence) -> str:
    """Return the page.

    Whatever stands in an event is shown as text. Should a way around that be found, the page's own policy
    still lets nothing run but the two scripts it comes with, and nothing be loaded.
    """
    charts = page_charts.charts(result)
    scripts = [get_plotlyjs(), _resource("page.js")] if charts else []
    # In JSON, "<" stands in texts only: without it, nothing in them can end the script element.
    data = json.dumps(charts, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return "".join(
        [
            '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{escape(_policy(scripts))}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>Replay: {escape(result.watch.name)}</title>",
            f"<style>{_resource('page.css')}</style></head><body><main>",
            *page_parts.parts(result, evidence),
            f'</main><script type="application/json" id="data">{data}</script>',
            *(f"<script>{script}</script>" for script in scripts),
            "</body></html>",
        ]
    )


def _resource(name: str) -> str:
    return (files(__package__) / name).read_text(encoding="utf-8")


def _policy(scripts: list[str]) -> str:
    """Return the Content-Security-Policy under which only these scripts run."""
    sources = [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts]
    allowed = " ".join(f"'sha256-{source}'" for source in sources) or "'none'"
    return (
        f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; "
        "img-src data: blob:; base-uri 'none'; form-action 'none'"
    )
