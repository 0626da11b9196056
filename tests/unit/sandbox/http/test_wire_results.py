from pathlib import Path

import pytest

from runner.sandbox.errors import SnowflakeError
from runner.sandbox.http.results import Results, Stored


def test_what_does_not_fit_in_memory_is_read_from_disk(tmp_path: Path) -> None:
    results = Results(tmp_path / "r", memory=100, disk=10_000)
    results.put("a", Stored(b"a" * 60, [b"first", b"second"], "key"))
    results.put("b", Stored(b"b" * 90))

    assert results.body("a") == b"a" * 60
    assert results.chunk("a", 1, "key") == b"second"
    assert results.body("b") == b"b" * 90
    assert results.memory_bytes <= 100


def test_the_oldest_goes_when_the_disk_is_full(tmp_path: Path) -> None:
    results = Results(tmp_path / "r", memory=10, disk=150)
    for name in "abc":
        results.put(name, Stored(name.encode() * 70))

    with pytest.raises(SnowflakeError, match="Statement a not found"):
        results.body("a")
    assert results.body("c") == b"c" * 70
    assert results.disk_bytes <= 150


def test_a_single_result_larger_than_all_bounds_is_kept(tmp_path: Path) -> None:
    results = Results(tmp_path / "r", memory=10, disk=20)
    results.put("a", Stored(b"a" * 1000))

    assert results.body("a") == b"a" * 1000


@pytest.mark.parametrize(("number", "key"), [(0, "wrong"), (7, "key"), (-1, "key")])
def test_a_chunk_opens_to_its_key_only(tmp_path: Path, number: int, key: str) -> None:
    results = Results(tmp_path / "r")
    results.put("a", Stored(b"", [b"chunk"], "key"))

    with pytest.raises(SnowflakeError):
        results.chunk("a", number, key)
