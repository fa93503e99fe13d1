"""Model files from anywhere: damaged, foreign, made to do harm. Each is read, or refused in one sentence."""

from __future__ import annotations

import io
import json
import pickle
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from htdbu.errors import DataError, HtdbuError, UsageError
from htdbu.generators import create, fit, load
from htdbu.generators.model_file import _digest

Members = dict[str, bytes]


@pytest.fixture(scope="module")
def small() -> bytes:
    """The bytes of a model with trees of both kinds, sums, categories and dates."""
    rng = np.random.default_rng(2)
    a, b = rng.integers(0, 200, (2, 120))
    word = np.where(a > 80, "x", rng.choice(["y", "z"], 120))
    frame = pd.DataFrame(
        {"a": a, "b": b, "c": a + b, "word": word, "day": pd.to_datetime("2020-01-01") + pd.to_timedelta(a, "D")}
    )
    generator = create("mixed", random_state=1, bits={"trees": 2, "levels": 2})
    return fit(frame, generator=generator).to_bytes()


def members(content: bytes) -> Members:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(parts: Members, **about: Any) -> bytes:
    """A file of these members, whose checksums are right."""
    others = {name: part for name, part in parts.items() if name != "model.json"}
    told = {**json.loads(parts["model.json"]), "digest": _digest(others), **about}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, part in {"model.json": json.dumps(told).encode(), **others}.items():
            archive.writestr(name, part)
    return buffer.getvalue()


@pytest.fixture
def outcome(tmp_path: Path) -> Callable[[bytes], str]:
    """What comes of a file: the message, or `read` where it could be read and drawn from."""

    def judge(content: bytes) -> str:
        path = tmp_path / "a.model"
        path.write_bytes(content)
        try:
            rows = load(path).generator.sample(5, random_state=1)
        except (DataError, UsageError) as found:
            error = found
        else:
            assert 5 == len(rows)
            return "read"
        assert error.message.startswith(str(path))
        assert "\n" not in error.message
        assert error.hint
        return error.message

    return judge


def test_flipped_bytes_and_cut_ends_are_refused_or_harmless(small: bytes, outcome: Callable[[bytes], str]) -> None:
    rng = np.random.default_rng(1)
    refused = 0
    for _ in range(250):
        content = bytearray(small)
        for place in rng.integers(0, len(small), rng.integers(1, 4)):
            content[place] ^= 1 << rng.integers(8)
        refused += outcome(bytes(content)) != "read"
    assert refused > 150
    for end in rng.integers(0, len(small), 100):
        assert outcome(small[:end]) != "read"
    for _ in range(50):
        assert outcome(rng.bytes(200)) != "read"


def test_arrays_changed_behind_right_checksums_are_refused_or_harmless(
    small: bytes, outcome: Callable[[bytes], str]
) -> None:
    rng, parts = np.random.default_rng(2), members(small)
    arrays = sorted(name for name in parts if name.endswith(".npy"))
    refused = 0
    for _ in range(40):
        name = arrays[rng.integers(len(arrays))]
        array = np.load(io.BytesIO(parts[name])).copy()
        if array.size:
            place = tuple(int(rng.integers(size)) for size in array.shape)
            array[place] = rng.choice(np.array([0, 1, array.max(initial=0) + 1, 127], array.dtype))
        if rng.random() < 0.3:
            array = array[:-1] if rng.random() < 0.5 else array.astype(float)
        buffer = io.BytesIO()
        np.save(buffer, array)
        refused += outcome(zipped({**parts, name: buffer.getvalue()})) != "read"
    assert refused > 10


@pytest.mark.parametrize(
    ("about", "message"),
    [
        ({"format": 2}, "of format 2"),
        ({"format": "1"}, "no model file of htdbu"),
        ({"generator": "os.system"}, "no generator 'os.system'"),
        ({"generator": ["trees"]}, "names no generator"),
        ({"params": {"random_state": -1}}, "no such `random_state`"),
        ({"params": {"random_state": 1, "trees": {"min_leaf": [1]}}}, "no such `trees`"),
        ({"params": {"random_state": 1, "__class__": 1}}, "no such `__class__`"),
        ({"generator": "bits", "params": {"random_state": 1, "depth": "5"}}, "no such `depth`"),
        ({"generator": "bits", "params": {"random_state": 1}}, "not what a model of this kind has"),
        ({"columns": []}, "no sound model"),
        ({"columns": [{"header": "a", "format": None, "type": {"kind": "code"}}]}, "no sound model"),
        ({"columns": [{"header": "zz", "format": None, "type": {"kind": "int"}}]}, "no sound model"),
        ({"columns": [{"header": "a", "format": None, "type": {"kind": "decimal", "scale": 10**9}}]}, "digits"),
        ({"generator": "bits", "params": {"random_state": 1, "trees": 10**6}}, "no such `trees`"),
        ({"nulls": None}, "no sound model"),
        ({"digest": "0"}, "checksum"),
        ({"rows": 3}, "rows are missing"),
        ({"lost": {"a": "object"}}, "unknown type 'object'"),
        ({"columns": [{"header": "a", "format": None, "type": {"kind": "int"}}]}, "read otherwise"),
    ],
)
def test_what_a_file_says_of_itself_is_judged(
    small: bytes, outcome: Callable[[bytes], str], about: dict[str, Any], message: str
) -> None:
    assert message in outcome(zipped(members(small), **about))


def test_pickles_are_never_read(small: bytes, outcome: Callable[[bytes], str], tmp_path: Path) -> None:
    class Harm:
        def __reduce__(self) -> tuple[Any, ...]:
            return Path.touch, (tmp_path / "harm",)

    parts = members(small)
    name = next(name for name in parts if name.endswith("order.npy"))
    buffer = io.BytesIO()
    np.save(buffer, np.array([Harm()], dtype=object), allow_pickle=True)
    for content in (pickle.dumps(Harm()), zipped({**parts, name: buffer.getvalue()})):
        assert outcome(content) != "read"
    assert not (tmp_path / "harm").exists()


def test_other_members_are_refused(small: bytes, outcome: Callable[[bytes], str]) -> None:
    parts = members(small)
    for name in ("../evil.npy", "code.py", "learned/table.npy/x.npy"):
        assert outcome(zipped({**parts, name: parts["learned/table.npy"]})) != "read"
    assert outcome(zipped({name: part for name, part in parts.items() if name != "real.parquet"})) != "read"


def test_what_would_unpack_to_far_more_is_refused_before(
    small: bytes, outcome: Callable[[bytes], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from htdbu.generators import model_file

    parts = members(small)
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(header, {"descr": "<i8", "fortran_order": False, "shape": (2**40,)})
    assert outcome(zipped({**parts, "learned/table.npy": header.getvalue()})) != "read"
    monkeypatch.setattr(model_file, "_SPARE", 2**16)
    monkeypatch.setattr(model_file, "_RATIO", 10)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("learned/more.npy", bytes(2**24))
    assert "far more than it is" in outcome(packed.getvalue())
    table = io.BytesIO()
    pd.DataFrame({"a": ["x" * 1000] * 3000}).to_parquet(table)
    assert "far more than it is" in outcome(zipped({**parts, "real.parquet": table.getvalue()}))


def test_a_missing_file_is_told() -> None:
    with pytest.raises(HtdbuError, match=r"nowhere\.model cannot be read: No such file"):
        load("nowhere.model")
