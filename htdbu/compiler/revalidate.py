"""The JSON form has no syntax tree: its program is written as a rule file, and the compiler judges that.

So every check of the language holds for it too. What the text cannot say, or would say otherwise, is no program of the
language. The program that is used is the one that was read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from htdbu.compiler.compile import compile_source
from htdbu.compiler.declarations import override
from htdbu.compiler.diagnostics.kinds import htr001_syntax
from htdbu.compiler.diagnostics.model import Diagnostic
from htdbu.compiler.expressions import Call, Case, ColumnRef, Constant, LookupCall, Node
from htdbu.compiler.program import Program
from htdbu.compiler.writing import UnwritableError, write_expression
from htdbu.compiler.writing.program import Line, joined, lines
from htdbu.compiler.writing.sameness import canonical
from htdbu.errors import UsageError
from htdbu.grammar.source import Source, Span

_EXPRESSIONS = (Constant, ColumnRef, Call, Case, LookupCall)


def revalidate(program: Program, source: Source, params: Mapping[str, object]) -> tuple[Program, list[Diagnostic]]:
    """Set the params of a program read from JSON, and report all that is wrong with it, at the file's beginning.

    Raises:
        UsageError: for a param that the program does not have, or a value of another type.
    """
    place = Span(source.name, 0, min(1, len(source.text)))
    try:
        program = with_params(program, params)
        return program, list(_findings(program, place))
    except RecursionError:
        return program, [htr001_syntax.too_large(place)]


def with_params(program: Program, params: Mapping[str, object]) -> Program:
    """The program with other values for its params, in every literal that came from one."""
    known = {param.name: param for param in program.params}
    for name in params:
        if name not in known:
            raise UsageError(f"there is no param `{name}`", f"the program has {', '.join(known) or 'none'}")
    values = {name: override(name, known[name].value, value) for name, value in params.items()}
    if not values:
        return program
    set_ = [p.model_copy(update={"value": values[p.name]}) if p.name in values else p for p in program.params]
    return Program.model_validate(_replaced(program.model_copy(update={"params": tuple(set_)}), values))


def _replaced(node: Any, values: Mapping[str, Constant]) -> Any:
    if isinstance(node, Constant) and node.param is not None and node.param in values:
        return node.model_copy(update={"value": values[node.param].value})
    if isinstance(node, Node):
        fields = type(node).model_fields
        return node.model_copy(update={name: _replaced(getattr(node, name), values) for name in fields})
    return tuple(_replaced(item, values) for item in node) if isinstance(node, tuple) else node


def _findings(program: Program, place: Span) -> Iterator[Diagnostic]:
    """What no text can say; else what is wrong with the text; else where the text says something else."""
    written = lines(program)
    unsaid = [(line.owner, line.error.finding(place)) for line in written if line.error is not None]
    if unsaid:
        yield from (_told(finding, owner, place) for owner, finding in unsaid)
        return
    text = Source(place.file, joined(written))
    compilation = compile_source(text)
    told = [_told(error, _owner(error, text, written), place) for error in compilation.errors]
    yield from {(finding.code, finding.message): finding for finding in told}.values()
    if not told:
        yield from _differences(canonical(program, docs=False), canonical(compilation.program, docs=False), place)


def _owner(finding: Diagnostic, text: Source, written: Sequence[Line]) -> str:
    """What stands on the line that a finding is about."""
    line, _ = text.position(finding.span.start)
    return written[line - 1].owner if line <= len(written) else ""


def _told(finding: Diagnostic, owner: str, place: Span) -> Diagnostic:
    """A finding at the file's beginning, without what the reader of the JSON form does not see."""
    message = f"in {owner}: {finding.message}" if owner else finding.message
    return replace(finding, message=message, span=place, related=(), fix=None)


def _differences(mine: Program, other: Program, place: Span) -> Iterator[Diagnostic]:
    """Where a program says something else than the text of it: one finding for each of its lists."""
    for field in Program.model_fields:
        here, there = getattr(mine, field), getattr(other, field)
        if field != "span" and here != there:
            yield htr001_syntax.KIND.at(place, _difference(field, here, there))


def _difference(path: str, mine: Any, other: Any) -> str:
    """The first place where two parts differ; expressions are told whole."""
    if isinstance(mine, tuple) and isinstance(other, tuple):
        pairs = enumerate(zip(mine, other, strict=False))
        both = min(len(mine), len(other))
        index = next((i for i, (a, b) in pairs if a != b), both)
        if index < both:
            return _difference(f"{path}.{index}", mine[index], other[index])
        if len(mine) > both:
            return f"{path}.{both}: {_shown(mine[both])} does not belong here by the rest of the program"
        return f"{path}.{both}: {_shown(other[both])} is missing, which the rest of the program asks for"
    if isinstance(mine, Node) and type(mine) is type(other) and not isinstance(mine, _EXPRESSIONS):
        fields = (name for name in type(mine).model_fields if name != "span")
        field = next(name for name in fields if getattr(mine, name) != getattr(other, name))
        return _difference(f"{path}.{field}", getattr(mine, field), getattr(other, field))
    return f"{path}: {_shown(mine)} stands here, where the rest of the program asks for {_shown(other)}"


def _shown(value: Any) -> str:
    """A value for a message."""
    if isinstance(value, _EXPRESSIONS):
        try:
            return f"`{write_expression(value):.80}`"
        except UnwritableError:
            return "an expression that cannot be written"
    if isinstance(value, Node):
        return f"`{getattr(value, 'name', None) or getattr(value, 'column', None) or type(value).__name__}`"
    return "null" if value is None else f"`{str(value).lower() if isinstance(value, bool) else value}`"
