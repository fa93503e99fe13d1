"""The report in a real browser: laid out, coloured, named, and loading nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from threading import Thread
from typing import Any

import numpy as np
import pandas as pd
import pytest

import htdbu
from htdbu.evaluation import evaluate, render_report
from tests.evaluation.report.browser.chromium import Chromium, Scheme
from tests.evaluation.report.shop import HOSTILE, RULES, shop

PHONE, DESKTOP = 360, 1280
LEAST_CONTRAST = 4.5
"""WCAG 2.2, 1.4.3 (AA)."""
LEAST_TARGET = 24
"""CSS pixels; WCAG 2.2, 2.5.8 (AA)."""
LEAST_LETTERS = 8
"""CSS pixels, in charts; each has its figures as a table too."""


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Chromium:
    return Chromium(tmp_path_factory.mktemp("browser"))


@pytest.fixture(scope="session")
def long_names() -> str:
    """Columns and levels with names as long and as hostile as they come."""
    name = "a_column_whose_name_goes_on_and_on_without_any_place_to_break_it_at_all"
    levels = [f"{HOSTILE} level {'x' * 40} {k}" for k in range(14)]
    spelled = ", ".join(f'"{level.replace(chr(34), chr(92) + chr(34))}"' for level in levels)
    program = htdbu.compile_text(
        f"## {'Explained at length. ' * 20}\ntable t {{ {name} : category {{ {spelled} }} y : bool }}\n"
        f"hard {name}_rule: {' or '.join(f'{name} == {part}' for part in spelled.split(', '))}"
    )
    rows = pd.DataFrame({name: levels * 10, "y": [True, False] * 70})
    return render_report(program, rows, rows, evaluate(program, rows, rows, "y"), rules_text="# " + "word" * 200)


@pytest.fixture(scope="session")
def pages(full_page: str, long_names: str) -> dict[str, str]:
    program = htdbu.compile_text(RULES)
    made = {"full": full_page, "long": long_names}
    for name, n in (("none", 0), ("one", 1)):
        rows = shop(n)
        made[name] = render_report(program, rows, rows, evaluate(program, rows, rows, "good"), rules_text=RULES)
    lone = htdbu.compile_text("table t { x : int in 0..9 }")
    rows = pd.DataFrame({"x": np.arange(60) % 10})
    made["one column"] = render_report(lone, rows, rows, evaluate(lone, rows, rows, "x"))
    return made


PAGES = ("full", "long", "none", "one", "one column")


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize(("width", "scheme"), [(PHONE, "dark"), (DESKTOP, "light")])
def test_a_page_fits_and_can_be_read(
    browser: Chromium, pages: dict[str, str], name: str, width: int, scheme: Scheme
) -> None:
    seen = browser.seen(pages[name], width, scheme)
    assert (width, scheme == "dark") == (seen["width"], seen["dark"])
    assert width >= seen["pageWidth"]
    assert [] == seen["outside"]
    assert [] == [region for region in seen["scrolling"] if region[:2] != [0, "region"] or not region[2]]
    assert [] == [pair for pair in seen["contrast"] if pair["ratio"] < LEAST_CONTRAST]
    assert 3 <= len(seen["contrast"])
    assert LEAST_TARGET <= min(seen["links"])
    assert LEAST_LETTERS <= min(seen["letters"], default=LEAST_LETTERS)
    assert [] == [image for image in seen["images"] if not image["beside"] or not image["description"]]
    assert [] == [image for image in seen["images"] if min(image["size"]) < 5]
    assert [] == seen["resources"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_both_schemes_have_contrast_and_differ(browser: Chromium, full_page: str, scheme: Scheme) -> None:
    seen = browser.seen(full_page, 700, scheme)
    assert LEAST_CONTRAST <= min(pair["ratio"] for pair in seen["contrast"])
    papers = {pair["colours"].partition(" on ")[2] for pair in seen["contrast"]}
    lightest = max(max(map(int, paper.split(","))) for paper in papers)
    assert (lightest > 200) == (scheme == "light")


def test_what_is_seen_is_what_was_measured(browser: Chromium, full_page: str) -> None:
    seen = browser.seen(full_page, DESKTOP)
    text = " ".join(seen["text"].split())
    for words in (
        "Is it valid?",
        "Is it useful?",
        "Is it close?",
        "Is it private?",
        "3 rows break a hard rule.",
        HOSTILE,
    ):
        assert words in text
    levels = [level for level, _ in seen["headings"]]
    assert [1, 2] == levels[:2]
    assert "Verdict" == seen["headings"][1][1]
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert all(words.strip() for _, words in seen["headings"])


def test_everything_has_a_role_and_a_name(browser: Chromium, full_page: str) -> None:
    heard = browser.heard(full_page)
    roles = [role for role, _ in heard["landmarks"]]
    assert [1] * 4 == [roles.count(role) for role in ("banner", "navigation", "main", "contentinfo")]
    assert [] == [role for role, name in heard["landmarks"] if role == "region" and not name]
    assert {"image"} == {role for role, _ in heard["images"]}
    names = [name for _, name in heard["images"]]
    assert all(names)
    assert len(names) == len(set(names))
    assert "price: real and synthetic rows" in names
    assert [] == [region for region in heard["regions"] if region[0] != "region" or not region[1]]


def test_it_is_the_same_with_scripts_blocked(browser: Chromium, full_page: str) -> None:
    blocked = browser.seen(full_page, DESKTOP, scripts=False)
    assert browser.seen(full_page, DESKTOP) == blocked
    assert "Is it private?" in blocked["text"]


def test_scripts_are_blocked_where_that_is_asked_and_by_the_page_itself(browser: Chromium, full_page: str) -> None:
    script = "<script>document.querySelector('p').textContent = 'a script ran'</script></body>"
    lively = f"<!doctype html><body><nav><a href='#'>link</a></nav><p>text</p>{script}"
    texts = [browser.seen(lively, DESKTOP, scripts=scripts)["text"] for scripts in (True, False)]
    assert [True, False] == ["a script ran" in text for text in texts]
    assert "a script ran" not in browser.seen(full_page.replace("</body>", script), DESKTOP)["text"]


@contextmanager
def served(page: str) -> Iterator[tuple[str, list[str]]]:
    """The address of a page on a server of this machine, and what was asked of the server."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(page.encode())

        def log_message(self, format: str, *arguments: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_it_asks_for_nothing_but_itself(browser: Chromium, full_page: str) -> None:
    no_names = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
    with served(full_page) as (address, asked):
        shown = browser.dump(f"{address}/report.html", no_names)
    assert "Is it valid?" in shown
    assert ["/report.html"] == asked
    # What asks for more is noticed; a page of ours that tried to would be held back by itself.
    with served('<!doctype html><img src="/more.png">') as (address, asked):
        browser.dump(f"{address}/report.html", no_names)
    assert "/more.png" in asked
    with served(full_page.replace("</main>", '<img src="/more.png"></main>')) as (address, asked):
        browser.dump(f"{address}/report.html", no_names)
    assert ["/report.html"] == asked
