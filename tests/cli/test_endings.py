"""However a command ends, it says so in a line or two, with the exit code of the contract and no half-written file."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from htdbu.cli.errors import run
from htdbu.errors import DataError, OutputError
from tests.cli.conftest import Outcome

Htdbu = Callable[..., Outcome]


def calls(rules: Path, data: Path, out: Path) -> dict[str, tuple[object, ...]]:
    """A call of every command that reads data."""
    return {
        "check": ("check", rules, data, "--rows", out),
        "repair": ("repair", rules, data, "-o", out),
        "synthesize": ("synthesize", rules, data, "-n", 10, "-o", out),
        "fit": ("fit", data, "-o", out, "--rules", rules),
        "evaluate": (
            "evaluate",
            rules,
            "--real",
            data,
            "--synthetic",
            data,
            "--target",
            "job",
            "--report",
            out,
        ),
        "compile": ("compile", rules, "--data", data),
    }


@pytest.mark.parametrize("command", ["check", "repair", "fit", "synthesize", "evaluate", "compile"])
@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("missing.csv", None, "no such file"),
        (".", None, "is a directory"),
        ("binary.csv", b"\x7fELF\0\0", "is a binary file"),
        ("empty.csv", b"", "is empty"),
        ("latin.csv", b"id,age\n1,\xe9\n", "line 2, byte 3: not UTF-8"),
        ("ragged.csv", b"id,age\n1\n", "line 2: 1 field"),
        ("sheet.xlsx", b"PK", "cannot be read"),
    ],
)
def test_data_that_cannot_be_read(
    htdbu: Htdbu, rules: Path, tmp_path: Path, command: str, name: str, content: bytes | None, message: str
) -> None:
    data, out = tmp_path / name, tmp_path / "out.csv"
    if content is not None:
        data.write_bytes(content)
    outcome = htdbu(*calls(rules, data, out)[command])
    assert (2, "") == (outcome.code, outcome.out)
    assert outcome.err.startswith("error: ")
    assert message in outcome.err
    assert "Traceback" not in outcome.err
    assert not out.exists()


@pytest.mark.parametrize("command", ["check", "repair", "fit", "synthesize", "evaluate"])
def test_data_without_a_declared_column(htdbu: Htdbu, rules: Path, table: Path, tmp_path: Path, command: str) -> None:
    out = tmp_path / "out.csv"
    table.write_text("id,Age,job,income,since\n1,30,clerk,1,\n")
    outcome = htdbu(*calls(rules, table, out)[command])
    assert (2, "") == (outcome.code, outcome.out)
    assert "age" in outcome.err
    assert 'as "Age"' in outcome.err
    assert not out.exists()


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("missing.htr", None, "no file"),
        (".", None, "is a directory"),
        ("binary.htr", b"\x7fELF\xff\0", "is not UTF-8"),
        ("broken.json", b"{", "has an error"),
    ],
)
def test_rules_that_cannot_be_read(
    htdbu: Htdbu, table: Path, tmp_path: Path, name: str, content: bytes | None, message: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    outcome = htdbu("check", tmp_path / name, table)
    assert (2, "") == (outcome.code, outcome.out)
    assert message in outcome.err
    assert "Traceback" not in outcome.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("chekc",), "did you mean check?"),
        (("check",), "Missing argument 'RULES'"),
        (("check", "a", "b", "--nope"), "--nope"),
        (("check", "a", "b", "--param", "x"), "NAME=V"),
        (("check", "a", "b", "--delimiter", ";;"), "one sign"),
        (("repair", "a", "b"), "-o"),
        (("repair", "a", "b", "-o", "x.csv", "--threads", "0"), "--threads"),
        (("synthesize", "a", "b", "-n", "-1", "-o", "x.csv"), "-n"),
        (("synthesize", "a", "b", "-n", "ten", "-o", "x.csv"), "ten"),
    ],
)
def test_calls_that_are_wrong(htdbu: Htdbu, arguments: tuple[str, ...], message: str) -> None:
    outcome = htdbu(*arguments)
    assert (2, "") == (outcome.code, outcome.out)
    assert message in outcome.err
    assert "--help" in outcome.err


WRITES_OVER = [
    ("check", "RULES", "DATA", "--rows", "DATA"),
    ("repair", "RULES", "DATA", "-o", "out.csv", "--changes", "RULES"),
    ("synthesize", "RULES", "DATA", "-n", "5", "-o", "DATA"),
    ("synthesize", "RULES", "DATA", "-n", "5", "-o", "out.csv", "--report", "RULES"),
    ("evaluate", "RULES", "--real", "DATA", "--synthetic", "DATA", "--target", "job", "--report", "DATA"),
    ("evaluate", "RULES", "--real", "DATA", "--synthetic", "DATA", "--target", "job", "--report", "RULES"),
    ("compile", "RULES", "--emit", "ir", "-o", "RULES"),
    ("compile", "RULES", "--data", "DATA", "--emit", "ir", "-o", "DATA"),
    ("fit", "DATA", "-o", "DATA"),
    ("tune", "RULES", "DATA", "-n", "5", "-o", "DATA"),
]


@pytest.mark.parametrize("call", WRITES_OVER, ids=" ".join)
def test_no_output_goes_over_a_file_that_is_read(
    htdbu: Htdbu, rules: Path, table: Path, tmp_path: Path, call: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    before = rules.read_bytes(), table.read_bytes()
    outcome = htdbu(*({"RULES": rules.name, "DATA": table.name}.get(word, word) for word in call))
    assert (2, "") == (outcome.code, outcome.out)
    assert "would be written over" in outcome.err
    assert before == (rules.read_bytes(), table.read_bytes())
    assert not (tmp_path / "out.csv").exists()


@pytest.mark.parametrize("value", ["working_age=old", "nothing=1"])
def test_params_that_do_not_fit(htdbu: Htdbu, rules: Path, table: Path, value: str) -> None:
    outcome = htdbu("check", rules, table, "--param", value)
    assert (2, "") == (outcome.code, outcome.out)
    assert value.partition("=")[0] in outcome.err


def test_an_unknown_generator_is_answered_by_the_known(htdbu: Htdbu, rules: Path, table: Path, tmp_path: Path) -> None:
    outcome = htdbu("synthesize", rules, table, "-n", 5, "-o", tmp_path / "out.csv", "--generator", "xgbost")
    assert 2 == outcome.code
    assert "xgboost" in outcome.err


def test_an_output_without_a_folder_is_refused_before_the_work(htdbu: Htdbu, rules: Path, tmp_path: Path) -> None:
    outcome = htdbu("repair", rules, tmp_path / "missing.csv", "-o", tmp_path / "no" / "out.csv")
    assert 2 == outcome.code
    assert "mkdir -p" in outcome.err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is always full")
def test_a_full_disk(htdbu: Htdbu, rules: Path, table: Path) -> None:
    outcome = htdbu("repair", rules, table, "-o", "/dev/full")
    assert (2, "") == (outcome.code, outcome.out)
    assert "No space left on device" in outcome.err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is always full")
def test_a_full_standard_output(rules: Path, table: Path) -> None:
    command = [sys.executable, "-m", "htdbu", "check", str(rules), str(table)]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert 2 == done.returncode
    assert "error: standard output: No space left on device" == done.stderr.strip()


def test_a_reader_that_goes_away(rules: Path, table: Path) -> None:
    command = [sys.executable, "-m", "htdbu", "check", str(rules), str(table), "--format", "json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        err = process.stderr.read()
    assert 2 == process.returncode
    assert "error: the reader of the output went away before its end" == err.strip()


LINES = b"".join(b"%d,9,clerk,%d,2001-01-01\n" % (i, i % 997) for i in range(5_000))


def hear_interrupts() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def repairing(rules: Path, folder: Path) -> subprocess.Popen[bytes]:
    """A repair at work: it has begun to read its standard input, which goes on."""
    command = [sys.executable, "-m", "htdbu", "repair", str(rules), "-", "-o", str(folder / "out.csv")]
    pipe = subprocess.PIPE
    # A shell starts what it runs in the background deaf to Ctrl-C, and children inherit that.
    process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, preexec_fn=hear_interrupts)
    assert process.stdin is not None
    process.stdin.write(b"id,age,job,income,since\n" + LINES)
    process.stdin.flush()  # a pipe holds less than these lines: they have been read, but for an end
    return process


ENDS_BESIDE_A_THREAD = """
import sys, threading
from htdbu.cli.errors import leave
threading.Thread(target=threading.Event().wait).start()
sys.stdout.write("said")
leave(int(sys.argv[1]))
"""


@pytest.mark.parametrize("code", [2, 130, 143])
def test_a_command_that_stops_early_waits_for_no_thread_and_loses_no_output(code: int) -> None:
    done = subprocess.run(
        [sys.executable, "-c", ENDS_BESIDE_A_THREAD, str(code)], capture_output=True, text=True, timeout=60
    )
    assert (code, "said", "") == (done.returncode, done.stdout, done.stderr)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interruption_leaves_no_file(rules: Path, tmp_path: Path, number: signal.Signals, code: int) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    with repairing(rules, folder) as process:
        process.send_signal(number)
        _, err = process.communicate(timeout=60)
    assert code == process.returncode
    assert b"error: interrupted, nothing was written" == err.strip()
    assert [] == list(folder.iterdir())


@pytest.mark.slow
def test_an_interrupted_write_leaves_a_whole_file_or_none(rules: Path, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    with repairing(rules, folder) as process:
        assert process.stdin is not None
        process.stdin.close()
        while not any(folder.iterdir()) and process.poll() is None:
            time.sleep(0.001)
        process.send_signal(signal.SIGINT)
        process.wait(timeout=60)
    left = list(folder.iterdir())
    assert process.returncode in (0, 130, -signal.SIGINT)  # the last: while the interpreter was ending
    assert [] == left or (["out.csv"] == [path.name for path in left] and 5_001 == left[0].read_bytes().count(b"\n"))


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        (KeyboardInterrupt(), 130, "error: interrupted, nothing was written\n"),
        (DataError("no such file", "look again"), 2, "error: no such file\n  hint: look again\n"),
        (OutputError("disk full"), 2, "error: disk full\n"),
        (MemoryError(), 2, "error: out of memory\n"),
        (ZeroDivisionError("division\nby zero"), 2, "error: unexpected ZeroDivisionError: division\n"),
    ],
)
def test_every_error_is_told(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    error: BaseException,
    code: int,
    message: str,
) -> None:
    monkeypatch.delenv("HTDBU_TRACEBACK", raising=False)

    def fail() -> int:
        raise error

    assert code == run(fail)
    out, err = capsys.readouterr()
    assert "" == out
    assert err.startswith(message)
    assert "Traceback" not in err


def test_a_traceback_is_there_for_who_asks(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTDBU_TRACEBACK", "1")
    assert 2 == run(lambda: 1 // 0)
    assert "Traceback" in capsys.readouterr().err


def test_a_terminal_without_our_signs_gets_their_codes(rules: Path, table: Path, tmp_path: Path) -> None:
    strange = tmp_path / "strange.csv"
    strange.write_bytes(table.read_bytes())
    rules.write_text(rules.read_text().replace("no_child_works", "`kein_Kind_müht_sich`"))
    command = [sys.executable, "-m", "htdbu", "check", str(rules), str(strange)]
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (1, "") == (done.returncode, done.stderr)
    assert "m\\xfcht" in done.stdout
