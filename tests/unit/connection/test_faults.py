from __future__ import annotations

import pytest

from runner.connection.faults import FaultKind, classify, fault_of
from runner.connection.redaction import Redactor

K = FaultKind

TABLE = [
    (250001, "08001", K.TRANSPORT),
    (250001, "28000", K.AUTH),
    (250002, "", K.TRANSPORT),
    (250003, "", K.TRANSPORT),
    (250005, "", K.TRANSPORT),
    (251011, "", K.TRANSPORT),
    (251012, "", K.TRANSPORT),
    (252010, "", K.TRANSPORT),
    (290503, "", K.TRANSPORT),
    (290404, "08001", K.TRANSPORT),
    (390111, "08001", K.SESSION_LOST),
    (390112, "08001", K.SESSION_LOST),
    (390113, "08001", K.SESSION_LOST),
    (390114, "08001", K.SESSION_LOST),
    (390115, "08001", K.SESSION_LOST),
    (390104, "08001", K.SESSION_LOST),
    (625, "57014", K.LOCK),
    (604, "57014", K.CANCELLED),
    (605, "57014", K.CANCELLED),
    (630, "57014", K.TIMEOUT),
    (603, "XX000", K.INCIDENT),
    (999999, "XX000", K.INCIDENT),
    (1003, "42000", K.REFUSED),
    (2003, "42S02", K.REFUSED),
    (3001, "42501", K.REFUSED),
    (606, "57P03", K.REFUSED),
    (90073, "", K.REFUSED),
    (707, "02000", K.REFUSED),
    (100078, "22000", K.REFUSED),
    (2002, "42710", K.EXISTS),
    (390100, "28000", K.AUTH),
    (390144, "", K.AUTH),
    (394304, "28000", K.AUTH),
    (394400, "", K.AUTH),
    (-1, "", K.TRANSPORT),
    (4, "", K.TRANSPORT),
    (14, "", K.TRANSPORT),
    (4, "08001", K.TRANSPORT),
    (2, "0A000", K.REFUSED),
    (8, "0A000", K.REFUSED),
]


@pytest.mark.parametrize(("errno", "sqlstate", "kind"), TABLE, ids=[f"{n}-{s}" for n, s, _ in TABLE])
def test_a_fault_is_known_by_its_number(errno: int, sqlstate: str, kind: FaultKind) -> None:
    assert classify(errno, sqlstate) is kind


@pytest.mark.parametrize("error", [OSError("broken pipe"), RuntimeError("odd"), KeyError("success"), ValueError("x")])
def test_whatever_else_is_raised_leaves_the_outcome_unknown(error: Exception) -> None:
    fault = fault_of(error, Redactor())
    assert fault.kind is FaultKind.TRANSPORT
    assert str(fault)
