"""One web page that needs nothing else: it loads nothing, and runs the script only that it comes with."""

import base64
import hashlib
import json
from collections.abc import Iterable
from html import escape
from importlib.resources import files
from typing import Any

#: The switch between the languages: parts of the class ``en`` or ``ja`` are shown by it.
LANGUAGES = (
    '<span class="language" role="group" aria-label="Language">'
    '<button type="button" data-language="en" aria-pressed="true">English</button>'
    '<button type="button" data-language="ja" aria-pressed="false" lang="ja">日本語</button></span>'
)


def web_page(package: str, title: str, body: Iterable[str], data: Any) -> str:
    """Return a page, as HTML.

    Args:
        package: The package whose ``page.css`` and ``page.js`` go on where those of all pages end.
        title: The title, as text.
        body: The content, as HTML: what does not come from the program is escaped.
        data: What the script draws from, JSON types only.
    """
    style, script = (
        _text(__package__, f"shared.{kind}") + _text(package, f"page.{kind}") for kind in ("css", "js")
    )
    # In JSON, "<" stands in texts only: without it, nothing in them can end the script element.
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return "".join(
        [
            '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{escape(_policy(script))}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{escape(title)}</title><style>{style}</style></head><body><main>",
            *body,
            f'</main><script type="application/json" id="data">{text}</script>',
            f"<script>{script}</script></body></html>",
        ]
    )


def _text(package: str, name: str) -> str:
    return (files(package) / name).read_text(encoding="utf-8")


def _policy(script: str) -> str:
    """Return the Content-Security-Policy under which only this script runs."""
    source = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return (
        f"default-src 'none'; script-src 'sha256-{source}'; style-src 'unsafe-inline'; "
        "base-uri 'none'; form-action 'none'"
    )
