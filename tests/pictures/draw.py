"""``make pictures``: draws into ``docs/pictures`` what README.md shows: mails of alarms and a report.

The mails follow from the example deployment; their layout is CloudWatch's, and inferred. Chromium draws
the report, where there is one.
"""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from textwrap import wrap

from deployment import load_plan
from deployment.resources.alarms import alarm_specs
from replay.engine.replay_result import replay
from replay.engine.watch import of_account
from replay.report.evidence import RecordEvidence
from replay.report.page import page

REPOSITORY = Path(__file__).resolve().parents[2]
PICTURES = REPOSITORY / "docs" / "pictures"
_DEPLOYMENT = REPOSITORY / "deployment.yaml"
_EVENT = "administrators-member-added"
#: Characters of a line of a mail; pixels of a line, of a character, and of the edge.
_LONGEST, _LINE, _CHARACTER, _EDGE = 116, 19, 7.55, 24
_STYLE = """
text { font: 12.5px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
text { fill: #16202c; white-space: pre; }
.head { font-weight: 600; } .muted { fill: #5b6875; } rect { fill: #ffffff; stroke: #dfe4ea; }
@media (prefers-color-scheme: dark) {
  text { fill: #e5eaf0; } .muted { fill: #98a5b3; } rect { fill: #181f27; stroke: #2b343f; }
}
"""


def mails() -> dict[str, str]:
    """Return the picture of a mail of each kind of alarm, as SVG, by the name of its file."""
    region = next(each for each in load_plan(_DEPLOYMENT).regions if each.account == "production")
    reason = "Threshold Crossed: 1 datapoint [1.0] was greater than or equal to the threshold (1.0)."
    by_log = replace(region, log_engine=frozenset({_EVENT}))
    metric, log = (alarm_specs(plan)[_EVENT] for plan in (region, by_log))
    contributor = "Computer = web-01.example.com, SubjectUserName = mallory"
    return {
        "mail-metric-alarm.svg": _mail(
            metric.name, metric.description, f"State change: OK -> ALARM\nReason: {reason}"
        ),
        "mail-log-alarm.svg": _mail(log.name, log.description, f"Contributor: {contributor}"),
    }


def _mail(name: str, description: str, after: str) -> str:
    """Return a mail as SVG: its head, the alarm's description, and what CloudWatch adds."""
    head = [("muted", "From: AWS Notifications <no-reply@sns.amazonaws.com>")]
    head.append(("head", f'Subject: ALARM: "{name}" in EU (Frankfurt)'))
    lines = [*head, ("", ""), *_wrapped(description), ("", ""), *_wrapped(after)]
    width, height = int(_LONGEST * _CHARACTER + 2 * _EDGE), len(lines) * _LINE + 2 * _EDGE
    drawn = "".join(
        f'<text x="{_EDGE}" y="{_EDGE + (number + 0.75) * _LINE:g}" class="{kind}">{escape(line)}</text>\n'
        for number, (kind, line) in enumerate(lines)
        if line
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" role="img" aria-label="A mail about {escape(name)}">\n'
        f"<style>{_STYLE}</style>\n"
        f'<rect x="0.5" y="0.5" width="{width - 1}" height="{height - 1}" rx="10"/>\n{drawn}</svg>\n'
    )


def _wrapped(text: str) -> Iterator[tuple[str, str]]:
    for line in text.splitlines():
        yield from (("", part) for part in wrap(line, _LONGEST, subsequent_indent="  ") or [""])


def _report(chromium: str) -> None:
    """Draw the top of the report about the sample events."""
    # The report names the file as it was given.
    watch = of_account(_DEPLOYMENT.relative_to(REPOSITORY), "production")
    evidence = RecordEvidence(watch.chosen)
    result = replay([REPOSITORY / "examples/sample_events"], watch, witness=evidence, observer=evidence.saw)
    # Not every machine has a font for the switch to Japanese.
    html = page(result, evidence).replace("</style>", ".language { display: none; }</style>", 1)
    html = html.replace(f' id="event-{_EVENT}"', f' open id="event-{_EVENT}"', 1)
    with TemporaryDirectory() as folder:
        file = Path(folder) / "report.html"
        file.write_text(html, encoding="utf-8")
        command = [chromium, "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
        command += [
            f"--user-data-dir={folder}/profile",
            "--window-size=1100,1180",
            "--virtual-time-budget=5000",
        ]
        command += [f"--screenshot={PICTURES / 'report.png'}", file.as_uri()]
        subprocess.run(command, check=True, capture_output=True)


def main() -> int:
    """Draw all pictures."""
    PICTURES.mkdir(exist_ok=True)
    for name, svg in mails().items():
        (PICTURES / name).write_text(svg, encoding="utf-8")
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        print("report.png stays as it is: no browser; install chromium or google-chrome")
        return 0
    _report(chromium)
    return 0


if __name__ == "__main__":
    sys.exit(main())
