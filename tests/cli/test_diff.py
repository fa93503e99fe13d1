"""`htdbu diff`: verdicts, exit codes and rows, for people and for programs."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import RULES, Outcome

Htdbu = Callable[..., Outcome]
KEYS = {"verdict", "only_old", "only_new", "rules", "columns", "params", "targets", "factors", "uniques", "undecided"}


@pytest.fixture
def changed(tmp_path: Path) -> Callable[..., Path]:
    """The rules with some texts replaced."""

    def make(*pairs: tuple[str, str], name: str = "new.htr") -> Path:
        text = RULES
        for before, after in pairs:
            assert before in text
            text = text.replace(before, after)
        (tmp_path / name).write_text(text)
        return tmp_path / name

    return make


def test_a_file_is_equivalent_to_itself(htdbu: Htdbu, rules: Path) -> None:
    outcome = htdbu("diff", rules, rules)
    assert (0, "") == (outcome.code, outcome.err)
    assert "equivalent: both files accept the same rows\n\n3 rules unchanged\n" == outcome.out


def test_a_stricter_file_and_the_row_that_shows_it(htdbu: Htdbu, rules: Path, changed: Callable[..., Path]) -> None:
    new = changed(("age >= 40", "age >= 45"))
    outcome = htdbu("diff", rules, new)
    assert 1 == outcome.code
    assert (
        "stricter: the new file accepts only rows that the old one accepts, and not all of them\n\n"
        f"only {rules} accepts this row; in {new} it breaks judges_are_old\n"
        "column  value\nid      50\nage     44\njob     judge\nincome  500000.00\nsince   2010-07-02\n\n"
        "rule            change    shown by\njudges_are_old  stricter  only old: age=44, job=judge\n\n"
        "2 rules unchanged\n"
    ) == outcome.out


def test_the_rows_of_the_json_are_judged_so_by_check(
    htdbu: Htdbu, rules: Path, changed: Callable[..., Path], tmp_path: Path
) -> None:
    new = changed(("age >= 40", "age >= 45"), ("in 0..120", "in 0..130"))
    outcome = htdbu("diff", rules, new, "--format", "json")
    told = outcome.json
    assert set(told) >= KEYS
    assert (1, "neither") == (outcome.code, told["verdict"])
    assert (["judges_are_old"], ["age.domain"]) == (told["only_old_breaks"], told["only_new_breaks"])
    for row, codes in ((told["only_old"], (0, 1)), (told["only_new"], (1, 0))):
        data = tmp_path / "row.csv"
        with data.open("w", newline="") as file:
            writer = csv.DictWriter(file, row)
            writer.writeheader()
            writer.writerow(row)
        assert codes == tuple(htdbu("check", path, data).code for path in (rules, new))
    changes = {rule["name"]: rule["change"] for rule in told["rules"]}
    assert {"no_child_works": "unchanged", "judges_are_old": "stricter", "modest": "unchanged"} == changes
    assert {"name": "age", "change": "wider", "details": ["domain"]} in told["columns"]


def test_soft_rules_are_told_and_do_not_count(htdbu: Htdbu, rules: Path, changed: Callable[..., Path]) -> None:
    outcome = htdbu("diff", rules, changed(("soft(2)", "soft(3)")), "--format", "json")
    (modest,) = [rule for rule in outcome.json["rules"] if rule["name"] == "modest"]
    assert (0, "equivalent") == (outcome.code, outcome.json["verdict"])
    assert ("reweighted", 2.0, 3.0) == (modest["change"], modest["old_weight"], modest["new_weight"])


def test_params_count_in_the_files_that_have_them(htdbu: Htdbu, rules: Path, changed: Callable[..., Path]) -> None:
    new = changed(("param working_age = 15", ""), ("working_age", "15"))
    assert 0 == htdbu("diff", rules, new).code
    outcome = htdbu("diff", rules, new, "--param", "working_age=16", "--format", "json")
    assert (1, "looser") == (outcome.code, outcome.json["verdict"])
    assert [{"name": "working_age", "change": "removed"}] == outcome.json["params"]
    outcome = htdbu("diff", rules, new, "--param", "workin_age=16")
    assert 2 == outcome.code
    assert "neither file has a param `workin_age`\n  hint: did you mean `working_age`?" in outcome.err


def test_columns_of_different_kinds_cannot_be_compared(htdbu: Htdbu, rules: Path, changed: Callable[..., Path]) -> None:
    new = changed(('category { "none", "clerk", "judge" }', "text"))
    outcome = htdbu("diff", rules, new)
    assert 1 == outcome.code
    said = "neither: no value of `job` can be in both files (category before, text now), so the rules are not compared"
    assert outcome.out.startswith(said)
    told = htdbu("diff", rules, new, "--format", "json").json
    assert ("neither", ["job"]) == (told["verdict"], told["incomparable"])


def test_what_the_search_cannot_find_out_is_told(htdbu: Htdbu, tmp_path: Path) -> None:
    text = "table t { a : int in 2..900_000_000  b : int in 2..900_000_000  c : int in 1..9_999 }\n"
    (tmp_path / "old.htr").write_text(text + "hard r: mod(a * b, 99_991) == c\n")
    (tmp_path / "new.htr").write_text(text + "hard r: mod(a * b + a, 99_991) == c\n")
    calls = ["diff", tmp_path / "old.htr", tmp_path / "new.htr", "--effort", "1e-9"]
    outcome = htdbu(*calls)
    assert 1 == outcome.code
    assert outcome.out.startswith("undecided: the search could not find out")
    told = htdbu(*calls, "--format", "json").json
    assert ("undecided", None, ["only_old", "only_new", "r"]) == (told["verdict"], told["only_old"], told["undecided"])
    assert "undecided" == told["rules"][0]["change"]


def test_broken_and_missing_files_cannot_run(htdbu: Htdbu, rules: Path, changed: Callable[..., Path]) -> None:
    broken = htdbu("diff", rules, changed(("age >= 40", "aeg >= 40")))
    assert 2 == broken.code
    assert "did you mean `age`?" in broken.err
    missing = htdbu("diff", rules, rules.parent / "none.htr")
    assert 2 == missing.code
    assert "none.htr" in missing.err
    assert 2 == htdbu("diff", rules).code
    assert 2 == htdbu("diff", rules, rules, "--effort", "0").code


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes have no names here")
def test_a_file_may_come_through_a_pipe(htdbu: Htdbu, rules: Path, tmp_path: Path) -> None:
    import threading

    pipe = tmp_path / "pipe.htr"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_text, args=(RULES,))
    writer.start()
    outcome = htdbu("diff", rules, pipe, "--param", "working_age=16")
    writer.join()
    assert (0, "") == (outcome.code, outcome.err)
