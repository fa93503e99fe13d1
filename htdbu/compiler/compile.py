"""The compiler: from a rule file to a `Program`, as a flat list of passes that report what they find."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from pydantic import ValidationError

from htdbu.compiler import checks, declarations, examples, imports, lookups, prices, schema, skeleton, statements
from htdbu.compiler.context import Context
from htdbu.compiler.diagnostics.kinds import htr001_syntax
from htdbu.compiler.diagnostics.model import Diagnostic
from htdbu.compiler.diagnostics.view import View, with_fixes
from htdbu.compiler.files import read_text
from htdbu.compiler.ignores import Ignore, is_decided_later, unsilenced
from htdbu.compiler.program import Program
from htdbu.errors import CompileError, DataError
from htdbu.grammar.parser import parse
from htdbu.grammar.source import Source, Span

PASSES: tuple[Callable[[Context], None], ...] = (
    checks.report_syntax,
    declarations.collect_table,
    declarations.collect_lost_names,
    imports.load_imports,
    declarations.collect_names,
    declarations.collect_params,
    declarations.check_overrides,
    lookups.collect_lookups,
    schema.build_columns,
    statements.check_definitions,
    schema.derive_columns,
    statements.build_rules,
    statements.build_table_rules,
    skeleton.build_factors,
    skeleton.build_targets,
    examples.build_tests,
    checks.report_unused,
    imports.report_unused_imports,
)
"""In this order; each reads what the earlier ones left in the context."""

PROGRAM_PASSES: tuple[Callable[[Context, Program], None], ...] = (
    checks.report_unbounded,
    checks.report_overflow,
    prices.report_prices,
)
"""These judge the program that the sound statements make."""


@dataclass(frozen=True)
class Compilation:
    """What came out of a file: the program of its sound statements, every finding in text order, the sources.

    Attributes:
        ignores: the directives that silence findings; see `with_later`.
    """

    program: Program
    diagnostics: tuple[Diagnostic, ...]
    sources: Mapping[str, Source]
    ignores: tuple[Ignore, ...] = ()

    @property
    def errors(self) -> list[Diagnostic]:
        """The findings that stop the commands that need the program."""
        return [finding for finding in self.diagnostics if finding.is_error]

    def with_later(self, findings: Iterable[Diagnostic], decided: Collection[str] = ()) -> list[Diagnostic]:
        """All findings, with those of tests, analyses or data that no ignore silences.

        Args:
            decided: the codes of which these are all there are; an ignore of one that silences nothing is HTR106.
        """
        later = [code for code in decided if is_decided_later(code)]  # of the others, HTR106 has told
        return [*self.diagnostics, *unsilenced(self.ignores, findings, later)]

    def checked(self) -> Program:
        """The program.

        Raises:
            CompileError: if there are errors.
        """
        if self.errors:
            from htdbu.compiler.diagnostics.render import render_human

            shown = render_human(self.errors, self.sources, color=False)
            raise CompileError(f"{len(self.errors)} error(s) in the rules\n{shown}", self.diagnostics)
        return self.program


def compile_source(source: Source, params: Mapping[str, object] | None = None) -> Compilation:
    """Compile a text in the rule language.

    Args:
        params: values for the file's params, by name.

    Raises:
        UsageError: where `params` names none of the file's, or gives a value of another type.
    """
    return compile_tree(Context(source, parse(source), params or {}))


def compile_tree(context: Context) -> Compilation:
    """Run all passes over a syntax tree; raises as `compile_source` does."""
    source = context.source
    for step in PASSES:
        _guarded(context, partial(step, context))
    program = _assemble(context)
    for judge in PROGRAM_PASSES:
        _guarded(context, partial(judge, context, program))
    checks.apply_ignores(context)
    context.findings = with_fixes(context.findings, View(source, context.sources, context.tree))
    findings = sorted(context.findings, key=lambda f: (f.span.file != source.name, f.span.start, f.code))
    return Compilation(program, tuple(findings), context.sources, context.ignores)


def _guarded(context: Context, step: Callable[[], None]) -> None:
    """Run a pass; expressions that grow too deep once their definitions are put in are a finding, not a crash."""
    try:
        step()
    except RecursionError:
        context.report(htr001_syntax.too_large(Span(context.source.name, 0, 0)))
        context.scope.used.update(context.scope.defs, context.scope.params, context.scope.lookups)


def _assemble(context: Context) -> Program:
    return Program(
        name=None if context.table is None else context.table.name.value,
        columns=tuple(context.columns.values()),
        rules=tuple(context.rules),
        factors=tuple(context.factors),
        targets=tuple(context.targets),
        params=tuple(context.params),
        uniques=tuple(context.uniques),
        dependencies=tuple(context.dependencies),
        lookups=tuple(context.scope.lookups.values()),
        tests=tuple(context.tests),
        doc=None if context.table is None else context.table.doc,
    )


def compile_json(source: Source, params: Mapping[str, object] | None = None) -> Compilation:
    """Read the JSON form of a program; params change the literals that came from them."""
    try:
        program = Program.model_validate_json(source.text)
    except ValidationError as problem:
        whole = Span(source.name, 0, min(1, len(source.text)))
        findings = [
            htr001_syntax.KIND.at(whole, f"{'.'.join(map(str, error['loc'])) or 'the file'}: {error['msg']}")
            for error in problem.errors()[:20]
        ]
        return Compilation(Program(), tuple(findings), {source.name: source})
    from htdbu.compiler.revalidate import revalidate

    program, findings = revalidate(program, source, params or {})
    return Compilation(program, tuple(findings), {source.name: source})


def compile_file(path: str | Path, params: Mapping[str, object] | None = None) -> Compilation:
    """Compile a `.htr` file, or a `.json` file with the JSON form.

    Raises:
        DataError: where the file cannot be read.
        UsageError: see `compile_source`.
    """
    source = read_source(path)
    return compile_json(source, params) if Path(path).suffix == ".json" else compile_source(source, params)


def read_source(path: str | Path) -> Source:
    """Read a rule file.

    Raises:
        DataError: where it is missing, a directory, too large, not readable or not UTF-8.
    """
    try:
        text = read_text(path, streams=True)
    except FileNotFoundError:
        raise DataError(f"there is no file {path}", "check the path of the rule file") from None
    except IsADirectoryError:
        raise DataError(f"{path} is a directory, not a rule file") from None
    except UnicodeDecodeError as problem:
        line = problem.object[: problem.start].count(b"\n") + 1
        raise DataError(f"{path} is not UTF-8 text (line {line})", "a rule file is plain text in UTF-8") from None
    except OSError as problem:
        raise DataError(f"{path} cannot be read: {problem.strerror}") from None
    return Source(str(path), text)
