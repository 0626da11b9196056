"""A plan's files on disk: all of a step or nothing, and nothing of a user's is written over."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from runner.authoring.record import Written
from runner.authoring.scripts import File
from runner.commands.planning import records
from runner.core.errors import FileInTheWay
from tests.unit.commands.planning.plans import project, recorded, step_of

STEP = (File("plans/p.json", "{}\n"), File("versions/V001__a.sql", "A\n"), File("versions/V002__b.sql", "B\n"))


def standing(root: Path) -> dict[str, str]:
    return {path.relative_to(root).as_posix(): path.read_text() for path in root.rglob("*") if path.is_file()}


def test_what_stands_as_it_should_is_not_written(tmp_path):
    assert records.write(tmp_path, STEP) == tuple(file.path for file in STEP)
    assert records.write(tmp_path, STEP) == ()


@pytest.mark.parametrize("cut", [1, 2, 3])
@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError])
def test_an_interrupt_leaves_everything_as_it_was(tmp_path, monkeypatch, cut, error):
    (tmp_path / "versions").mkdir()
    (tmp_path / "versions" / "V002__b.sql").write_text("of an earlier step\n")
    (tmp_path / "versions" / "V009__stale.sql").write_text("stale\n")
    before, real, calls = standing(tmp_path), Path.replace, []

    def replace(path: Path, to: Path) -> Path:
        calls.append(path)
        if len(calls) == cut:
            raise error
        return real(path, to)

    monkeypatch.setattr(Path, "replace", replace)
    with pytest.raises(error):
        records.write(tmp_path, STEP, ["versions/V009__stale.sql"])
    assert standing(tmp_path) == before


def test_files_that_are_missing_or_older_are_lost_and_edited_ones_are_not(tmp_path):
    project(tmp_path)
    first, again = STEP[1], File(STEP[1].path, "A again\n")
    steps = [
        replace(step_of(tmp_path), number=number, files=tuple(Written(file.path, _sha256(file.text)) for file in files))
        for number, files in ((1, [first, STEP[2]]), (2, [again]))
    ]
    record = recorded(tmp_path, steps=tuple(steps))
    assert records.lost(tmp_path, record) == {again.path: 2, STEP[2].path: 1}
    records.write(tmp_path, [first])
    assert records.lost(tmp_path, record) == {again.path: 2, STEP[2].path: 1}
    records.write(tmp_path, [again, STEP[2]])
    assert records.lost(tmp_path, record) == {}
    (tmp_path / again.path).write_text("mine\n")
    assert records.lost(tmp_path, record) == {}


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def test_a_file_that_an_earlier_step_wrote_is_the_plans_and_an_edited_one_is_not(tmp_path):
    (file,) = STEP[1:2]
    records.write(tmp_path, [file])
    hashes = frozenset({records.sha256_of(tmp_path / file.path)})
    assert records.stale(tmp_path, {file.path: hashes}, ()) == (file.path,)
    (tmp_path / file.path).write_text("mine\n")
    with pytest.raises(FileInTheWay, match="edited since"):
        records.stale(tmp_path, {file.path: hashes}, ())
    with pytest.raises(FileInTheWay, match="edited since"):
        records.check_writable(tmp_path, [file], {file.path: hashes}, force=True)
