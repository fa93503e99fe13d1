"""A headless Chromium, to look at a page as it is laid out; no driver, only its command line.

The page is shown unchanged in a frame of a given width, and a script outside of the frame measures it, so that the
page's own policy against scripts stays in force.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from html import escape, unescape
from pathlib import Path
from typing import Any, Literal

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--enable-blink-features=ComputedAccessibilityInfo",
)
Scheme = Literal["dark", "light"]
HERE = Path(__file__).parent


def find_chromium() -> str:
    """Its path; without one a test is skipped, or fails where `HTDBU_REQUIRE_BROWSER` is set."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        reason = f"no browser found under the names {', '.join(NAMES)}; Debian: apt-get install chromium"
        if os.environ.get("HTDBU_REQUIRE_BROWSER", "0") not in ("", "0"):
            pytest.fail(f"{reason}; HTDBU_REQUIRE_BROWSER forbids to go without")
        pytest.skip(reason)
    return found


class Chromium:
    """Starts the browser anew for every look, in a profile of its own.

    Args:
        folder: an empty folder for pages and profiles.
    """

    def __init__(self, folder: Path) -> None:
        self.path, self.folder = find_chromium(), folder
        self._looks = 0

    def dump(self, address: str, *options: str) -> str:
        """The document at an address once it is loaded, as HTML."""
        self._looks += 1
        profile = self.folder / f"profile-{self._looks}"
        call = [self.path, *OPTIONS, f"--user-data-dir={profile}", *options, "--dump-dom", address]
        done = subprocess.run(call, capture_output=True, text=True, timeout=300, check=False, encoding="utf-8")
        assert done.returncode == 0, done.stderr[-2000:]
        shutil.rmtree(profile, ignore_errors=True)
        return done.stdout

    def seen(self, page: str, width: int, scheme: Scheme = "light", *, scripts: bool = True) -> dict[str, Any]:
        """What `seen.js` finds in a page that is shown so many CSS pixels wide, all that is folded away opened.

        Args:
            scripts: whether scripts of the page may run.
        """
        return self._measured(page, "seen.js", width, scheme, "" if scripts else ' sandbox="allow-same-origin"')

    def heard(self, page: str) -> dict[str, Any]:
        """What `heard.js` finds."""
        return self._measured(page, "heard.js", 1280, "light")

    def _measured(self, page: str, script: str, width: int, scheme: Scheme, sandbox: str = "") -> dict[str, Any]:
        outer = self.folder / "outer.html"
        scripts = "\n".join((HERE / name).read_text("utf-8") for name in (script, "frame.js"))
        outer.write_text(
            '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="color-scheme" content="light dark">'
            f'<iframe id="page" style="width: {width}px; height: 800px; border: 0" srcdoc="{escape(page)}"{sandbox}>'
            "</iframe>"
            f'<pre id="measured"></pre><script>{scripts}</script></html>',
            "utf-8",
        )
        found = self.dump(outer.as_uri(), f"--blink-settings=preferredColorScheme={int(scheme == 'light')}")
        words = re.search(r'<pre id="measured">(.*?)</pre>', found, re.DOTALL)
        assert words is not None
        measured: dict[str, Any] = json.loads(unescape(words[1]))
        assert "error" not in measured, measured["error"]
        return measured
