"""Output styles: what people see, and that programs can read the rest."""

from __future__ import annotations

import io
import json
import os
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft4Validator
from syrupy.assertion import SnapshotAssertion

from htdbu.compiler.compile import compile_source
from htdbu.compiler.diagnostics import all_kinds, render_human
from htdbu.compiler.diagnostics.colors import wants_color
from htdbu.compiler.diagnostics.kinds.htr704_data_misses_column import missing
from htdbu.compiler.diagnostics.model import Edit, Fix, Label, Severity
from htdbu.compiler.diagnostics.registry import all_outputs
from htdbu.compiler.diagnostics.report import Report
from htdbu.compiler.diagnostics.view import View
from htdbu.compiler.diagnostics.widths import WIDEST, Line
from htdbu.grammar.source import Source, Span

FILE = "rules.htr"
SCHEMA = Path(__file__).parent / "data" / "sarif-schema-2.1.0.json"
ODD = "\x00\x01\x1b[31m\ud7ff\ufffe]]> \"&<>'\n\r,:%漢👩\u200d💻"
BROKEN = 'table t {\n  age : int in 0..120\n  age : bool\n}\nparam old = 3\nhard r: aeg >= 3\nhard s: age = "3"\n'


def reported(text: str, file: str = FILE, fail_level: Severity = "error") -> Report:
    """Everything that is found in a text."""
    done = compile_source(Source(file, text))
    return Report(done.diagnostics, done.sources, [file], fail_level)


def odd() -> Report:
    """A finding in which everything is odd that a file may hold."""
    source = Source("a b/ü,:%#?.htr", f"{ODD}\n{ODD}\n")
    span = source.span(0, len(source.text))
    fix = Fix(ODD, (Edit(source.span(1, 2), ODD), Edit(source.span(5, 5), "")))
    finding = all_kinds()["HTR101"].at(
        span, ODD, related=(Label(span, ODD),), note=ODD, help=ODD, fix=fix, rules=(ODD,), witness={ODD: ODD}
    )
    return Report(
        [finding, all_kinds()["HTR001"].at(Span("", 0, 0), "x")],
        {source.name: source},
        [source.name],
    )


def rendered(style: str, report: Report) -> str:
    return all_outputs()[style].render(report)


def excerpt(text: str, *places: tuple[int, int, str]) -> list[str]:
    """What is drawn of a finding at the first place, with labels at the others."""
    source = Source(FILE, text)
    related = tuple(Label(source.span(start, end), label) for start, end, label in places[1:])
    finding = all_kinds()["HTR102"].at(source.span(*places[0][:2]), "message", related=related)
    return render_human([finding], {FILE: source}).splitlines()[3:]


# For people ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", [code for code in all_kinds() if re.fullmatch("HTR[0-2]..|HTR30.|HTR604", code)])
def test_every_kind_is_shown_clearly(code: str, snapshot: SnapshotAssertion) -> None:
    report = reported(all_kinds()[code].failing)
    finding = next((finding for finding in report.findings if finding.code == code), None)
    assert finding is not None
    assert snapshot == "\n" + render_human([finding], report.sources) + "\n"


def test_a_missing_header_is_shown_clearly(snapshot: SnapshotAssertion) -> None:
    source = Source(FILE, all_kinds()["HTR704"].failing)
    (column,) = View(source).columns()
    finding = missing("age", "age", column.name.span, ["Id", "Age"], View(source))
    assert snapshot == "\n" + render_human([finding], {FILE: source}) + "\n"


def test_many_places_over_lines_stay_readable(snapshot: SnapshotAssertion) -> None:
    text = (
        "hard first: age >= 3\n"
        "  and age <= 5\n"
        "hard second: age >= 10\n"
        "when age in 1..20 {\n"
        "  hard third: case {\n"
        "    age < 5 -> 1;\n"
        "    else -> 2\n"
        "  } == 3\n"
        "}\n"
    )
    places = [(0, 35), (36, 58), (59, len(text) - 1)]
    source = Source(FILE, text)
    labels = tuple(Label(source.span(*place), f"rule {i}") for i, place in enumerate(places[1:], 2))
    finding = all_kinds()["HTR102"].at(source.span(*places[0]), "these rules cannot agree", related=labels)
    assert snapshot == "\n" + render_human([finding], {FILE: source}) + "\n"


@given(st.data())
def test_whatever_the_places_every_label_is_drawn(data: st.DataObject) -> None:
    text = data.draw(st.text("ab \t\n漢", max_size=60))
    ends = st.tuples(*[st.integers(0, len(text))] * 2).map(sorted)
    places = [(*pair, f"label {i}") for i, pair in enumerate(data.draw(st.lists(ends, min_size=1, max_size=5)))]
    drawn = "\n".join(excerpt(text, *places))
    assert [] == [label for _, _, label in places[1:] if label not in drawn]


def test_the_head_names_severity_code_message_and_place() -> None:
    lines = rendered("human", reported("table t {\n  a : int in 0..9\n}\nhard r: b > 3\n")).splitlines()
    assert ["error[HTR101] there is no column, param or def `b`", " --> rules.htr:4:9", "  |"] == lines[:3]


def test_carets_stand_under_what_is_meant() -> None:
    assert ["1 | hard r: aeg > 3", "  |         ^^^"] == excerpt("hard r: aeg > 3\n", (8, 11, ""))


def test_a_place_without_width_gets_one_caret() -> None:
    assert ["1 | ab", "  |   ^"] == excerpt("ab\n", (2, 2, ""))


def test_places_of_one_line_share_it() -> None:
    expected = [
        "1 | hard r: a > b and c",
        "  |         -   ^     - the third",
        "  |         |",
        "  |         the first",
    ]
    assert expected == excerpt("hard r: a > b and c", (12, 13, ""), (8, 9, "the first"), (18, 19, "the third"))


def test_labels_that_would_stand_on_each_other_hang_below_one_another() -> None:
    expected = ["1 | abcdef", "  | --^-- c", "  | ||", "  | |b", "  | a"]
    assert expected == excerpt("abcdef", (2, 3, ""), (0, 1, "a"), (1, 2, "b"), (3, 5, "c"))


def test_near_lines_are_drawn_together_and_a_gap_is_marked() -> None:
    text = "".join(f"line{i}\n" for i in range(1, 10))
    expected = [
        "1 | line1",
        "  | ----- first",
        "2 | line2",
        "3 | line3",
        "  | ^",
        "...",
        "9 | line9",
        "  | - last",
    ]
    assert expected == excerpt(text, (12, 13, ""), (0, 5, "first"), (48, 49, "last"))


def test_a_place_over_lines_gets_a_bracket() -> None:
    text = "hard r: case {\n  a -> 1;\n  else -> 2 } > 3\n"
    expected = [
        "1 |   hard r: case {",
        "  |  _________^",
        "2 | |   a -> 1;",
        "3 | |   else -> 2 } > 3",
        "  | |_____________^",
    ]
    assert expected == excerpt(text, (8, text.index("}") + 1, ""))


def test_a_long_place_is_shown_by_its_beginning_and_its_end() -> None:
    text = "".join(f"line{i:02}\n" for i in range(1, 13))
    expected = [
        " 1 | / line01",
        " 2 | | line02",
        " 3 | | line03",
        "...",
        "11 | | line11",
        "12 | | line12",
        "   | |______^",
    ]
    assert expected == excerpt(text, (0, len(text) - 1, ""))


def test_places_of_another_file_get_an_excerpt_of_their_own() -> None:
    one, two = Source("one.htr", "abc\n"), Source("two.htr", "xyz\n")
    finding = all_kinds()["HTR102"].at(one.span(0, 3), "message", related=(Label(two.span(1, 2), "there"),))
    lines = render_human([finding], {"one.htr": one, "two.htr": two}).splitlines()
    assert [" ::: two.htr:1:2", "  |", "1 | xyz", "  |  - there"] == lines[-4:]


@pytest.mark.parametrize(
    ("before", "columns"),
    [
        ("\t", 4),
        ("漢字", 4),
        ("e\u0301", 1),
        ("a\u200bb", 2),
        ("👍🏽", 2),
        ("👨\u200d👩\u200d👧", 2),
        ("❤\ufe0f", 2),
        ("\x1b", 1),
    ],
)
def test_carets_are_aligned_behind_characters_of_any_width(before: str, columns: int) -> None:
    line, carets = excerpt(f"{before}x = 1", (len(before), len(before) + 1, ""))
    assert "  | " + " " * columns + "^" == carets
    assert line.endswith("x = 1")


def test_a_wide_character_gets_carets_over_its_whole_width() -> None:
    assert "  |  ^^^^" == excerpt("a漢字b", (1, 3, ""))[1]


def test_a_long_line_is_cut_around_the_caret() -> None:
    text = "a" * 5_000 + "HERE" + "b" * 5_000
    line, carets = excerpt(text, (5_000, 5_004, ""))
    assert "…" == line[4] == line[-1]
    assert "HERE" == line[carets.index("^") : carets.rindex("^") + 1]
    assert len(line) <= WIDEST + 6


def test_places_far_apart_in_a_long_line_are_shown_one_by_one() -> None:
    text = "a" * 3_000 + "ONE" + "b" * 3_000 + "TWO" + "c" * 3_000
    lines = excerpt(text, (6_003, 6_006, ""), (3_000, 3_003, "label"))
    assert 4 == len(lines)
    assert ("ONE" in lines[0], "label" in lines[1], "TWO" in lines[2]) == (True, True, True)


def test_a_place_wider_than_the_line_that_is_shown_ends_with_it() -> None:
    line, carets = excerpt("a" * 1_000, (0, 1_000, ""))
    assert len(line) - 1 == len(carets)


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\n"), max_size=300), st.integers(0, 300))
def test_any_line_is_drawn_within_its_width(text: str, place: int) -> None:
    line = Line(text)
    shown = line.shown(min(place, len(text)))
    assert len(text) + 1 == len(shown.starts)
    assert [*shown.starts] == sorted(shown.starts)
    assert shown.starts[-1] <= WIDEST + 1
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202e]", shown.text)


def test_control_signs_are_shown_and_not_obeyed() -> None:
    assert "\x1b" not in rendered("human", odd())
    assert "\x1b" not in rendered("concise", odd())


def test_colours_change_nothing_but_the_colours() -> None:
    report = reported(BROKEN)
    coloured = render_human(report.findings, report.sources, color=True)
    assert "\x1b[1;31merror[HTR101]\x1b[0m" in coloured
    assert render_human(report.findings, report.sources) == re.sub("\x1b\\[[0-9;]*m", "", coloured)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("environment", "on_terminal", "elsewhere"),
    [
        ({}, True, False),
        ({"NO_COLOR": "1"}, False, False),
        ({"NO_COLOR": ""}, True, False),
        ({"FORCE_COLOR": "1"}, True, True),
        ({"FORCE_COLOR": "0"}, True, False),
        ({"CLICOLOR_FORCE": "1"}, True, True),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False, False),
        ({"TERM": "dumb"}, False, False),
        ({"CLICOLOR": "0"}, False, False),
    ],
)
def test_colours_are_for_whom_wants_them(environment: dict[str, str], on_terminal: bool, elsewhere: bool) -> None:
    assert (on_terminal, elsewhere) == tuple(wants_color(stream, environment) for stream in (Terminal(), io.StringIO()))


# For programs --------------------------------------------------------------------------------------------------------


def test_there_are_these_styles() -> None:
    assert ["human", "json", "concise", "github", "junit", "sarif"] == list(all_outputs())


@pytest.mark.parametrize("style", all_outputs())
def test_every_style_is_deterministic_and_ends_with_a_line_end(style: str) -> None:
    for report in (reported(BROKEN), odd()):
        first = rendered(style, report)
        assert first == rendered(style, report)
        assert first.endswith("\n")


def test_concise_is_one_line_whatever_a_finding_says() -> None:
    assert 2 == len(rendered("concise", odd()).splitlines())


def test_json_carries_the_fix() -> None:
    entry = json.loads(rendered("json", reported(BROKEN)))["diagnostics"][2]
    edit = {"file": FILE, "line": 6, "column": 9, "end_line": 6, "end_column": 12, "text": "age"}
    assert {"title": "use `age`", "safe": False, "edits": [edit]} == entry["fix"]


def test_json_says_null_where_there_is_no_fix() -> None:
    entry = json.loads(rendered("json", reported(BROKEN)))["diagnostics"][0]
    assert ("HTR102", None) == (entry["code"], entry["fix"])
    assert [
        {"file": FILE, "line": 2, "column": 3, "end_line": 2, "end_column": 6, "message": "first declared here"}
    ] == (entry["related"])


@pytest.fixture(scope="module")
def sarif_schema() -> Draft4Validator:
    return Draft4Validator(json.loads(SCHEMA.read_text("utf-8")))


@pytest.mark.parametrize(
    "report", [reported(BROKEN), reported("table t {\n}\n"), odd()], ids=["broken", "clean", "odd"]
)
def test_sarif_is_valid(report: Report, sarif_schema: Draft4Validator) -> None:
    assert [] == [error.message for error in sarif_schema.iter_errors(json.loads(rendered("sarif", report)))]


def test_sarif_documents_every_code() -> None:
    rules = json.loads(rendered("sarif", reported("table t {\n}\n")))["runs"][0]["tool"]["driver"]["rules"]
    assert list(all_kinds()) == [rule["id"] for rule in rules]
    assert all(rule["help"]["text"] and rule["help"]["markdown"] for rule in rules)


def test_sarif_results_name_their_place_their_rule_and_their_fix() -> None:
    run = json.loads(rendered("sarif", reported(BROKEN)))["runs"][0]
    first, _, third = run["results"][:3]
    assert "unicodeCodePoints" == run["columnKind"]
    place = third["locations"][0]["physicalLocation"]
    assert {"startLine": 6, "startColumn": 9, "endLine": 6, "endColumn": 12, "snippet": {"text": "aeg"}} == place[
        "region"
    ]
    assert {"uri": FILE, "uriBaseId": "%SRCROOT%", "index": 0} == place["artifactLocation"]
    assert "HTR101" == third["ruleId"] == run["tool"]["driver"]["rules"][third["ruleIndex"]]["id"]
    (change,) = third["fixes"][0]["artifactChanges"]
    assert "age" == change["replacements"][0]["insertedContent"]["text"]
    assert "first declared here" == first["relatedLocations"][0]["message"]["text"]


@pytest.mark.parametrize(
    ("file", "uri"),
    [
        ("a b/ü.htr", "a%20b/%C3%BC.htr"),
        ("100%.htr", "100%25.htr"),
        ("../a#b?.htr", "../a%23b%3F.htr"),
        ("c:d.htr", "c%3Ad.htr"),
        ("a\nb.htr", "a%0Ab.htr"),
        ("-x'\".htr", "-x'%22.htr"),
        (os.fsdecode(b"caf\xe9.htr"), "caf%E9.htr"),
    ],
)
def test_sarif_addresses_are_percent_encoded(file: str, uri: str) -> None:
    artifacts = json.loads(rendered("sarif", Report([], {}, [file])))["runs"][0]["artifacts"]
    assert [uri] == [artifact["location"]["uri"] for artifact in artifacts]


NO_UTF8 = os.fsdecode(b"caf\xe9.htr")


@pytest.mark.parametrize("style", list(all_outputs()))
@pytest.mark.parametrize("file", [NO_UTF8, f"/{NO_UTF8}/a.htr", "a b#%.htr", "a\nb\t.htr", "-x'\".htr", "\x1b[31m.htr"])
def test_the_name_of_a_file_may_be_anything(style: str, file: str) -> None:
    report = reported(f'{BROKEN}import "{NO_UTF8}"\n', file)
    assert rendered(style, report).encode("utf-8")


def test_names_that_are_no_text_are_shown_and_given_to_programs_as_they_are() -> None:
    report = reported(BROKEN, NO_UTF8)
    assert " --> caf\\xe9.htr:3:3" == rendered("human", report).splitlines()[1]
    assert "caf\\xe9.htr:3:3:" == rendered("concise", report).split(" ")[0]
    assert [NO_UTF8] == json.loads(rendered("json", report))["files"]
    assert " --> a␊b:3:3" == rendered("human", reported(BROKEN, "a\nb")).splitlines()[1]


def test_sarif_addresses_are_relative_to_where_the_call_was_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    report = Report([], {}, [str(tmp_path / "in.htr"), "/elsewhere/out.htr"])
    artifacts = json.loads(rendered("sarif", report))["runs"][0]["artifacts"]
    assert ["in.htr", "file:///elsewhere/out.htr"] == [artifact["location"]["uri"] for artifact in artifacts]


def test_sarif_fingerprints_survive_moves() -> None:
    def prints(text: str) -> list[str]:
        results = json.loads(rendered("sarif", reported(text)))["runs"][0]["results"]
        return [result["partialFingerprints"]["finding/v1"] for result in results]

    assert prints(BROKEN) == prints(f"# more\n\n{BROKEN}")


def test_github_commands_name_the_place() -> None:
    lines = rendered("github", reported(BROKEN)).splitlines()
    expected = (
        "::error file=rules.htr,line=6,endLine=6,col=9,endColumn=12,title=HTR101 unknown-name::"
        "there is no column, param or def `aeg`%0Ahelp: did you mean `age`?"
    )
    assert expected == lines[2]
    assert lines[1].startswith("::warning file=rules.htr,line=5,")


def test_github_paths_are_relative_to_where_the_call_was_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    report = reported(BROKEN, str(tmp_path / "in" / FILE))
    assert all("file=in/rules.htr," in line for line in rendered("github", report).splitlines())


def test_github_commands_are_escaped() -> None:
    first, second = rendered("github", odd()).splitlines()
    head, message = first.removeprefix("::error ").split("::", 1)
    assert "file=a b/ü%2C%3A%25#?.htr" == head.split(",")[0]
    assert "col=" not in head  # columns are for places of one line
    assert "%0A%0D,:%25" in message
    assert "::" in second
    assert "file=" not in second


def test_github_shows_infos_as_notices() -> None:
    kind = all_kinds()["HTR101"]
    info = type(kind)("HTR999", "told", "info", "m", "w", "f", "m").at(Span(FILE, 0, 1), "said")
    assert rendered("github", Report([info], {})).startswith("::notice file=rules.htr,")


def test_junit_has_a_suite_a_file_and_a_case_a_finding() -> None:
    broken, clean = reported(BROKEN), reported("table t {\n}\n", "clean.htr")
    report = Report(broken.findings, broken.sources, [FILE, "clean.htr"])
    root = ElementTree.fromstring(rendered("junit", report))
    assert ("testsuites", "5", "3") == (root.tag, root.get("tests"), root.get("failures"))
    assert [(FILE, "4", "3"), ("clean.htr", "1", "0")] == [
        (suite.get("name"), suite.get("tests"), suite.get("failures")) for suite in root
    ]
    assert not clean.findings
    assert ["failure", "system-out", "failure", "failure"] == [case[0].tag for case in root[0]]
    assert [] == list(root[1][0])


def test_junit_agrees_with_the_fail_level() -> None:
    root = ElementTree.fromstring(rendered("junit", reported(BROKEN, fail_level="warning")))
    assert "4" == root.get("failures")


def test_junit_survives_signs_that_xml_cannot_hold() -> None:
    root = ElementTree.fromstring(rendered("junit", odd()))
    failure = root.find(".//failure")
    assert failure is not None
    message = failure.get("message") or ""
    assert message.startswith("��")
    assert "漢👩\u200d💻" in message
