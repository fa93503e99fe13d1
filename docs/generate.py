"""Make the generated parts of the documentation; `python -m docs.generate` from the root of the checkout.

A page says where a generated part stands: between `<!-- generated: WHAT -->` and `<!-- end -->`. The pages of the
findings in `docs/diagnostics/` are generated whole, and so is the language on one page. `--check` writes nothing and
names the pages that are stale.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path

from docs.generating.blocks import blocks_of
from docs.generating.diagnostics import diagnostic_index, diagnostic_pages
from docs.generating.functions import function_table
from docs.generating.generators import generator_table
from docs.generating.kleene import kleene_table
from docs.generating.measures import measure_table
from docs.generating.metrics import metric_differences, metric_sections
from docs.generating.rules import findings
from htdbu.providers.llm.language import language_page

DOCS = Path(__file__).parent
_PART = re.compile(r"(<!-- generated: (\w+) ?([^\n]*?) -->\n).*?(<!-- end -->)", re.DOTALL)


def include(page: Path, name: str) -> str:
    """A file of the page's folder, as a block."""
    return f"```{Path(name).suffix[1:]} file={name}\n{(page.parent / name).read_text('utf-8')}```\n"


def recipes(page: Path, _: str) -> str:
    """One line for every page of the cookbook: its title and the first sentence of its story."""
    lines = []
    for path in sorted(page.parent.glob("[0-9]*.md")):
        title, _blank, story = path.read_text("utf-8").split("\n", 2)
        summary = re.split(r"(?<=\.)\s", story.strip().replace("\n", " "), maxsplit=1)[0]
        lines.append(f"| {path.name[:2]} | [{title.removeprefix('# ')}]({path.name}) | {summary} |")
    return "| | recipe | about |\n|---|---|---|\n" + "\n".join(lines) + "\n"


PARTS: dict[str, Callable[[Path, str], str]] = {
    "include": include,
    "recipes": recipes,
    "functions": lambda page, _: function_table(),
    "generators": lambda page, _: generator_table(),
    "measures": lambda page, _: measure_table(),
    "kleene": lambda page, operator: kleene_table(operator),
    "metrics": lambda page, _: metric_sections(),
    "metric_differences": lambda page, _: metric_differences(),
    "codes": lambda page, folder: diagnostic_index(folder),
}
"""What may stand after `generated:`; given the page and the rest of the line."""


def mended(page: Path) -> str:
    """A page with its generated parts made anew."""
    text = page.read_text("utf-8")

    def part(found: re.Match[str]) -> str:
        if found[2] == "findings":
            return found[1] + shown_findings(page, text[: found.start()]) + found[4]
        return found[1] + PARTS[found[2]](page, found[3]) + found[4]

    return _PART.sub(part, text)


def shown_findings(page: Path, before: str) -> str:
    """What the compiler says of the last rule block before a place of a page."""
    rules = [block for block in blocks_of(page, before) if block.kind == "htr"][-1]
    return "".join(["```text\n", *(f"{line}\n" for line in findings(rules)), "```\n"])


def generated() -> dict[Path, str]:
    """Every page that is generated, or holds generated parts, with the text that it should have."""
    pages = {DOCS / "diagnostics" / name: text for name, text in diagnostic_pages().items()}
    pages[DOCS / "language" / "for-llms.md"] = language_page()
    for page in sorted(DOCS.rglob("*.md")):
        if page not in pages and _PART.search(page.read_text("utf-8")):
            pages[page] = mended(page)
    return pages


def stale() -> list[Path]:
    """Pages that are not as they would be generated; those of findings that are no more, too."""
    pages = generated()
    left = [path for path in sorted((DOCS / "diagnostics").glob("HTR*.md")) if path not in pages]
    return left + [path for path, text in pages.items() if not path.exists() or path.read_text("utf-8") != text]


def main(arguments: list[str]) -> int:
    """Write what is stale, or only name it."""
    found = stale()
    pages = generated()
    for path in found:
        print(path.relative_to(DOCS.parent))
        if "--check" in arguments:
            continue
        if path in pages:
            path.write_text(pages[path], "utf-8", newline="\n")
        else:
            path.unlink()
    return int(bool(found) and "--check" in arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
