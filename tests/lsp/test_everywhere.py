"""No feature fails anywhere in a file, sound or broken; renaming any name of it keeps what it means."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcInvalidParams

from htdbu.compiler.compile import compile_source
from htdbu.compiler.incremental import Session
from htdbu.grammar.source import Source
from htdbu.lsp.document import Document
from htdbu.lsp.features import (
    code_actions,
    completion,
    definition,
    formatting,
    hover,
    rename,
    semantic_tokens,
    signature,
    symbols,
)
from htdbu.lsp.findings import published
from tests.lsp.client import applied
from tests.lsp.texts import TEXT

UTF16 = types.PositionEncodingKind.Utf16
RENAMED = ("name", "argument", "rule", "target", "table")
WHOLE = (
    TEXT
    + """\
## Guards.
when age > 3 {
  soft(2) inner: pay > 1 or sum([p*]) >= 0
}
factor job { "clerk" -> pay in 1..2, age ~ { 1..2: 100% } }
target m: mean(age given working) in 1..3
target d: dist(job) ~ { "none": 50%, "clerk": 50% } within 5%
unique (age, job)
fd age -> job, pay
"""
)


def document(text: str, session: Session | None = None, before: Document | None = None) -> Document:
    opened: dict[str, Document] = {}
    made = Document("file:///a/b.htr", text, session or Session(), UTF16, opened, 1, before)
    opened[made.uri] = made
    return made


def ask_everything(asked: Document, offsets: Iterator[int]) -> None:
    published(asked)
    symbols.symbols(asked)
    symbols.folds(asked)
    formatting.formatting(asked)
    semantic_tokens.encoded(asked)
    for offset in offsets:
        hover.hover(asked, offset)
        completion.completions(asked, offset)
        definition.definition(asked, offset)
        definition.uses(asked, offset)
        signature.signature(asked, offset)
        code_actions.code_actions(asked, offset, offset)


def test_every_place_of_a_sound_file_can_be_asked_about() -> None:
    assert [] == [finding.message for finding in compile_source(Source("a.htr", WHOLE)).errors]
    ask_everything(document(WHOLE), iter(range(len(WHOLE) + 1)))


@pytest.mark.parametrize("seed", range(4))
def test_every_feature_bears_broken_files(seed: int) -> None:
    draw, session, before, text = random.Random(seed), Session(), None, WHOLE
    puts = ["", "{", "}", '"', "`", "(", ")", "\n", " and ", "🦊", "in ", "#", "[p*]", "hard x: ", 'by "age.domain"']
    for step in range(40):
        text = WHOLE if step % 8 == 0 else text
        start = draw.randint(0, len(text))
        text = text[:start] + draw.choice(puts) + text[min(len(text), start + draw.choice([0, 1, 3, 40])) :]
        before = document(text, session, before)
        ask_everything(before, iter((start, draw.randint(0, len(text)), len(text))))


def test_any_name_can_be_renamed_and_named_back() -> None:
    asked = document(WHOLE)
    meant = compile_source(Source("a.htr", WHOLE))
    codes = [finding.code for finding in meant.diagnostics]
    done, kept = set(), set()
    for name in asked.names:
        if name.key in done or name.space not in RENAMED:
            continue
        done.add(name.key)
        try:
            edit = rename.rename(asked, name.span.start, "new name")
        except JsonRpcInvalidParams:
            kept.add(name.name)
            continue
        text = applied(WHOLE, _edits(edit))
        assert codes == [finding.code for finding in compile_source(Source("a.htr", text)).diagnostics]
        other = document(text)
        place = next(one.span.start for one in other.names if (one.space, one.name) == (name.space, "new name"))
        again = applied(text, _edits(rename.rename(other, place, name.name)))
        assert meant.program == compile_source(Source("a.htr", again)).program
    assert {"pay"} == kept  # a pattern stands for it
    assert 15 == len(done)


def _edits(edit: types.WorkspaceEdit | None) -> list[types.TextEdit]:
    assert edit is not None
    assert edit.changes is not None
    (found,) = edit.changes.values()
    return [*found]
