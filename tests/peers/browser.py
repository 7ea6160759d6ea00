# SPDX-License-Identifier: Apache-2.0
"""axe-core, the judge of accessible HTML, run in a headless Chromium."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from html import unescape
from pathlib import Path
from typing import Final

import pytest

BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_POLICY: Final = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>')
_RUN: Final = """
axe.run(document).then(found => {
  const said = document.createElement("pre");
  said.id = "axe-says";
  const places = nodes => nodes.map(node => node.target.join(" ")).join(", ");
  const violations = found.violations.map(one => `${one.id}: ${places(one.nodes)}`);
  said.textContent = JSON.stringify({violations, passes: found.passes.length});
  document.body.appendChild(said);
});
"""


def axe(page: bytes, folder: Path, *, dark: bool = False, width: int = 1200) -> list[str]:
    """What axe-core objects to in a page, rule by rule; nothing if it finds no fault.

    The page permits no script, so a copy of it without its policy is judged.

    Args:
        page: the page.
        folder: an empty folder for the copy and for the browser.
        dark: whether the reader prefers dark pages.
        width: the width of the window in pixels.
    """
    script = os.environ.get("EINVOICE_AXE")
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if not script:
        pytest.skip('the environment variable EINVOICE_AXE is not set; eval "$(tools/peers.sh)" fetches axe-core')
    if browser is None:
        pytest.skip("there is no Chromium to run axe-core in")
    copy = folder / "page.html"
    text, count = _POLICY.subn("", page.decode())
    assert count == 1
    library = Path(script).read_text(encoding="utf-8")
    copy.write_text(text.replace("</body>", f"<script>{library}</script><script>{_RUN}</script></body>"), "utf-8")
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=30000", "--dump-dom"]
    options += [f"--user-data-dir={folder / 'browser'}", f"--window-size={width},1600"]
    options += ["--blink-settings=preferredColorScheme=0"] if dark else []
    done = subprocess.run([browser, *options, copy.as_uri()], capture_output=True, text=True, check=False, timeout=180)
    found = re.search(r'<pre id="axe-says">(.*?)</pre>', done.stdout, re.DOTALL)
    assert found, done.stderr[-2000:]
    said = json.loads(unescape(found[1]))
    assert said["passes"] > 20
    violations: list[str] = said["violations"]
    return violations
