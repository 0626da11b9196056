"""Megabytes a second of every splitter at hand, side by side in one run: ``python benchmarks/splitting.py [MB]``."""

from __future__ import annotations

import io
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from runner.sql.splitting import split

SAMPLES = {
    "inserts": "INSERT INTO mart.fact_transactions (id, portfolio_id, price) VALUES (1, 'it''s', 12.5);\n",
    "queries": (
        "-- what is held today\nSELECT p.name, SUM(f.quantity) AS held -- all\nFROM mart.fact_daily_positions AS f\n"
        "JOIN mart.dim_portfolios AS p ON p.id = f.portfolio_id /* keys; */\nWHERE f.day = '2026-11-20' GROUP BY 1;\n"
    ),
    "bodies in $$": (
        "CREATE OR REPLACE PROCEDURE p(a INT) RETURNS INT LANGUAGE SQL AS\n$$\nBEGIN\n  LET b := a + 1;\n"
        "  IF (b > 3) THEN\n    RETURN CASE WHEN b > 4 THEN 1 ELSE 2 END;\n  END IF;\n  RETURN b;\nEND;\n$$;\n"
    ),
    "bare blocks": (
        "CREATE OR REPLACE PROCEDURE p(a INT) RETURNS INT LANGUAGE SQL AS\nBEGIN\n  LET b := a + 1;\n"
        "  IF (b > 3) THEN\n    RETURN CASE WHEN b > 4 THEN 1 ELSE 2 END;\n  END IF;\n  RETURN b;\nEND;\n"
    ),
}

Splitter = Callable[[str], int]


def ours(text: str) -> int:
    return len(split(text))


def by_sqlparse() -> Splitter:
    import sqlparse

    return lambda text: len([piece for piece in sqlparse.split(text) if piece.strip()])


def by_connector() -> Splitter:
    from snowflake.connector.util_text import split_statements

    return lambda text: len([piece for piece, _ in split_statements(io.StringIO(text)) if piece and piece.strip()])


def splitters() -> dict[str, Splitter]:
    found: dict[str, Splitter] = {"runner": ours}
    for name, load in (("sqlparse", by_sqlparse), ("connector", by_connector)):
        try:
            found[name] = load()
        except ImportError as error:
            print(f"{name}: left out, {error}")
    return found


def measure(splitter: Splitter, text: str) -> tuple[float, int]:
    started = time.perf_counter()
    pieces = splitter(text)
    return len(text) / (time.perf_counter() - started) / 1e6, pieces


def main(megabytes: float) -> None:
    found = splitters()
    print(f"{'':14}" + "".join(f"{name:>28}" for name in found))
    for kind, sample in SAMPLES.items():
        cells = []
        for name, splitter in found.items():
            # The others are up to a hundred times slower: they get a hundredth of the text, whole statements.
            share = megabytes if name == "runner" else megabytes / 100
            copies = max(1, int(share * 1e6 / len(sample)))
            speed, pieces = measure(splitter, sample * copies)
            cells.append(f"{speed:9.2f} MB/s {'' if pieces == copies else f'{pieces / copies:.0f} pieces for 1':>13}")
        print(f"{kind:14}" + "".join(f"{cell:>28}" for cell in cells))


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 10)
