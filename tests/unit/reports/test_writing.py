"""Files written whole or not at all."""

from __future__ import annotations

import os
import resource
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from runner.core.errors import UsageError
from runner.reports.writing import write, write_html, write_json
from tests.unit.reports.sample import report


@pytest.fixture
def full_disk() -> Iterator[None]:
    """No file of this process may grow above a kilobyte: writing fails as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1024, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)
    signal.signal(signal.SIGXFSZ, handler)


def test_both_views_of_one_report_are_written(tmp_path: Path) -> None:
    write_html(tmp_path / "r.html", report())
    write_json(tmp_path / "r.json", report())
    assert (tmp_path / "r.html").read_text().startswith("<!doctype html>")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["r.html", "r.json"]


def test_an_earlier_report_is_replaced(tmp_path: Path) -> None:
    write(tmp_path / "r.html", "old")
    write(tmp_path / "r.html", "new")
    assert (tmp_path / "r.html").read_text() == "new"


@pytest.mark.usefixtures("full_disk")
def test_a_full_disk_leaves_the_earlier_report_and_nothing_half(tmp_path: Path) -> None:
    (tmp_path / "r.html").write_text("old")
    with pytest.raises(UsageError, match=r"cannot be written to .*r\.html: File too large"):
        write(tmp_path / "r.html", "x" * 10_000)
    assert [(p.name, p.read_text()) for p in tmp_path.iterdir()] == [("r.html", "old")]


def test_a_folder_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="No such file or directory"):
        write(tmp_path / "missing" / "r.html", "x")


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="it is a folder"):
        write(tmp_path, "x")
    assert list(tmp_path.iterdir()) == []


def test_a_pipe_keeps_its_place(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        write(pipe, "text")
        assert os.read(reader, 100) == b"text"
    finally:
        os.close(reader)
    assert pipe.is_fifo()


def test_a_link_keeps_its_place_too(tmp_path: Path) -> None:
    link = tmp_path / "latest.html"
    link.symlink_to("report.html")
    write(link, "text")
    assert link.is_symlink()
    assert (tmp_path / "report.html").read_text() == "text"
