"""What axe finds in the web pages in Chromium: light and dark, wide and narrow."""

import json
import re
import shutil
import subprocess
from html import unescape
from pathlib import Path

import pytest

from tests.accessibility.pages import written_pages

pytestmark = pytest.mark.slow

_HERE = Path(__file__).parent
_AXE = _HERE.parents[1] / "node_modules" / "axe-core" / "axe.min.js"
_REPORTING = """
addEventListener("load", async () => {
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const found = await accessibilityFindings();
  parent.postMessage({ width: innerWidth, needed: document.documentElement.scrollWidth, dark, found }, "*");
});
"""
_FRAMES = """<!DOCTYPE html><iframe width="1200" height="900" src="{page}"></iframe>
<iframe width="400" height="800" src="{page}"></iframe><pre id="found"></pre><script>
addEventListener("message", ({{ data }}) => {{
  document.getElementById("found").append(`${{JSON.stringify(data)}}\\n`);
}});
</script>"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("page", ["report.html", "catalog.html"])
def test_axe_finds_nothing_in_chromium_at_either_width(tmp_path: Path, page: str, scheme: str) -> None:
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("no browser: install chromium or google-chrome")
    written_pages(tmp_path)
    # The page's own policy would not let axe run.
    text = re.sub("<meta http-equiv[^>]*>", "", (tmp_path / page).read_text(encoding="utf-8"))
    scripts = [
        _AXE.read_text(encoding="utf-8"),
        (_HERE / "findings.js").read_text(encoding="utf-8"),
        _REPORTING,
    ]
    added = "".join("<script>" + script.replace("</script", r"<\/script") + "</script>" for script in scripts)
    (tmp_path / page).write_text(text.replace("</body>", f"{added}</body>"), encoding="utf-8")
    frames = tmp_path / "frames.html"
    frames.write_text(_FRAMES.format(page=page), encoding="utf-8")
    command = [chromium, "--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=1700,1000"]
    command += [f"--user-data-dir={tmp_path / 'profile'}", "--allow-file-access-from-files"]
    command += [f"--blink-settings=preferredColorScheme={0 if scheme == 'dark' else 1}"]
    command += ["--virtual-time-budget=60000", "--dump-dom", frames.as_uri()]
    run = subprocess.run(command, capture_output=True, text=True, timeout=300, check=True)
    reported = re.search('<pre id="found">(.*?)</pre>', run.stdout, re.DOTALL)
    assert reported
    results = [json.loads(line) for line in unescape(reported[1]).splitlines()]
    assert {(each["width"], each["dark"]) for each in results} == {
        (1200, scheme == "dark"),
        (400, scheme == "dark"),
    }
    assert [each["found"] for each in results] == [[], []]
    # Nothing makes the whole page scroll sideways.
    assert all(each["needed"] <= each["width"] for each in results)
