"""`htdbu tune`: rows, a patch beside them, and a rule file that changes with `--apply` only."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from tests.cli.conftest import Outcome
from tests.evaluation.tuning.conftest import TRUTH, club

Htdbu = Callable[..., Outcome]
SPOILT = TRUTH.replace("age >= 10\n", "age >= 30\n")
QUICK = ("--generator", "trees", "--max-rounds", 2)


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """A rule file with a wrong bound, and rows."""
    (tmp_path / "club.htr").write_text(SPOILT)
    club(400).to_csv(tmp_path / "club.csv", index=False)
    return tmp_path / "club.htr", tmp_path / "club.csv"


@pytest.mark.slow
def test_a_wrong_rule_is_patched_beside_the_rows_and_changed_with_apply(
    htdbu: Htdbu, files: tuple[Path, Path], tmp_path: Path
) -> None:
    out = tmp_path / "out.csv"
    outcome = htdbu("tune", *files, "-n", 50, "-o", out, *QUICK, "--format", "json")
    assert (1, "") == (outcome.code, outcome.err)
    assert {"rule youngest"} <= {f"{cause['kind']} {cause['name']}" for cause in outcome.json["causes"]}
    assert SPOILT == files[0].read_text()
    assert outcome.json["patch"] == Path(f"{out}.patch").read_text()
    assert pd.read_csv(out)["age"].min() >= 30
    assert 0 == htdbu("check", files[0], out).code

    page = tmp_path / "report.html"
    outcome = htdbu("tune", *files, "-n", 50, "-o", out, *QUICK, "--apply", "--report", page)
    assert "Feedback loop" in page.read_text()
    assert "# tune: " in page.read_text()
    assert "at fault: rule youngest" in outcome.out
    assert "# tune: " in files[0].read_text()
    assert "age >= 10\n" in files[0].read_text()
    assert 0 == htdbu("check", files[0], out).code
    assert 0 == htdbu("compile", files[0]).code


@pytest.mark.slow
def test_a_rule_that_is_kept_is_no_finding(htdbu: Htdbu, files: tuple[Path, Path], tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    outcome = htdbu("tune", *files, "-n", 20, "-o", out, *QUICK, "--keep", "youngest", "--format", "json")
    assert not [cause for cause in outcome.json["causes"] if cause["kind"] == "rule"]
    assert not Path(f"{out}.patch").exists()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--keep", "nobody"), "no rule, factor or target `nobody` to keep"),
        (("--set", "depth"), "is not of the form NAME=V"),
        (("--generator", "trees", "--set", "depth=3"), "trees has no setting 'depth'"),
        (("--target", "agee"), "there is no column `agee`"),
    ],
)
def test_what_cannot_run_says_why_and_leaves_nothing(
    htdbu: Htdbu, files: tuple[Path, Path], tmp_path: Path, options: tuple[str, ...], said: str
) -> None:
    outcome = htdbu("tune", *files, "-n", 5, "-o", tmp_path / "out.csv", *options)
    assert 2 == outcome.code
    assert said in outcome.err
    assert ["club.csv", "club.htr"] == sorted(path.name for path in tmp_path.iterdir())


def test_the_json_form_cannot_be_patched(htdbu: Htdbu, files: tuple[Path, Path], tmp_path: Path) -> None:
    form = tmp_path / "club.json"
    assert 0 == htdbu("compile", files[0], "--emit", "ir", "-o", form).code
    outcome = htdbu("tune", form, files[1], "-n", 5, "-o", tmp_path / "out.csv")
    assert (2, True) == (outcome.code, "holds the JSON form" in outcome.err)
