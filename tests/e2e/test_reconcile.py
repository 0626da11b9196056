"""`reconcile` and `report` through both accounts of a sandbox: what is broken in the target is found and shown."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from runner.cli import main

ROOT = Path(__file__).parents[2]
MART = "DEV_DB.MART_INVESTMENTS_BOLT"
RAW = "DEV_DB.SRC_INVESTMENTS_BOLT.STOCK_METADATA_RAW"


@dataclass(frozen=True)
class Estate:
    """The migration, done once for all tests of this module: each puts back what it changes."""

    sandbox: Any
    project: Path

    def run(self, account: str, *statements: str) -> list[tuple[Any, ...]]:
        from runner.sandbox import client

        with client.connect(self.sandbox, account) as connection:
            cursor = connection.cursor()
            for statement in statements:
                cursor.execute(statement)
            return list(cursor.fetchall())


@pytest.fixture(scope="module")
def estate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Estate]:
    from runner.sandbox import client, process
    from runner.sandbox.seed import seed

    made = Estate(process.up(tmp_path_factory.mktemp("reconcile")), tmp_path_factory.mktemp("project"))
    try:
        for folder in ("versions", "templates", "config"):
            shutil.copytree(ROOT / folder, made.project / folder)
        seed(lambda account: client.connect(made.sandbox, account), 10_000)
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("RUNNER_SANDBOX_ROOT", str(made.sandbox.root))
            assert _exit(made, "migrate", "--all", "--format", "json") == 0
        yield made
    finally:
        process.down(made.sandbox.root)


def _exit(estate: Estate, *words: str) -> int:
    """The exit code of a command, run in this process."""
    try:
        main(["-C", str(estate.project), *words, "--sandbox"])
    except SystemExit as end:
        return int(end.code or 0)
    return 0


@pytest.fixture
def runner(
    estate: Estate, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    """`runner("reconcile", …)` gives exit code, standard output and standard error."""
    monkeypatch.setenv("RUNNER_SANDBOX_ROOT", str(estate.sandbox.root))
    monkeypatch.setenv("COLUMNS", "240")

    def run(*words: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = _exit(estate, *words)
        out, err = capsys.readouterr()
        return code, out, err

    return run


def reconciled(runner: Callable[..., tuple[int, str, str]], *words: str) -> tuple[int, dict[str, Any]]:
    code, out, _ = runner("reconcile", "--env", "imsdlc", "--format", "json", *words)
    return code, json.loads(out)[0]


def one(found: dict[str, Any], name: str) -> dict[str, Any]:
    (item,) = [item for item in found["objects"] if item["name"].startswith(name)]
    return dict(item)


def test_a_faithful_copy_is_equal_and_says_what_did_not_travel(runner: Any) -> None:
    code, found = reconciled(runner)
    assert (code, found["verdict"]) == (0, "equal")
    assert len(found["objects"]) == 9
    assert all(item["verdict"] == "equal" for item in found["objects"])
    assert one(found, "FACT_TRANSACTIONS")["data"]["target_rows"] == 10_000
    assert 'table MART_INVESTMENTS_BOLT."dim_stocks"' in found["not_selected"]
    assert found["frozen_at"]
    assert not one(found, "VW_CURRENT_HOLDINGS")["data"]["binding"]


def test_it_is_equal_to_the_live_source_too_while_nothing_moved(runner: Any) -> None:
    code, found = reconciled(runner, "--live")
    assert (code, found["frozen_at"]) == (0, "")
    assert one(found, "VW_CURRENT_HOLDINGS")["data"]["binding"]
    assert one(found, "DIM_STOCKS")["data"]["against"] == "PROD_DB.MART_INVESTMENTS_BOLT.DIM_STOCKS, live"


def test_the_source_may_move_on_after_it_was_frozen(estate: Estate, runner: Any) -> None:
    table = "PROD_DB.MART_INVESTMENTS_BOLT.FACT_TRANSACTIONS"
    estate.run("IMCUST", f"UPDATE {table} SET PRICE = PRICE + 1 WHERE TRANSACTION_ID = 9")
    try:
        assert reconciled(runner, "--objects", "FACT_TRANSACTIONS")[0] == 0
        assert reconciled(runner, "--objects", "FACT_TRANSACTIONS", "--live")[0] == 22
    finally:
        estate.run("IMCUST", f"UPDATE {table} SET PRICE = PRICE - 1 WHERE TRANSACTION_ID = 9")


LOST = [
    ("VW_CURRENT_HOLDINGS", f"ALTER VIEW {MART}.VW_CURRENT_HOLDINGS RENAME TO {MART}.ELSEWHERE",
     f"ALTER VIEW {MART}.ELSEWHERE RENAME TO {MART}.VW_CURRENT_HOLDINGS"),
    ("STOCK_METADATA_RAW", f"DROP TABLE {RAW}", f"UNDROP TABLE {RAW}"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "break_it", "mend_it"), LOST, ids=[case[0] for case in LOST])
@pytest.mark.parametrize("live", [[], ["--live"]])
def test_what_was_to_travel_and_is_gone_differs(
    estate: Estate, runner: Any, name: str, break_it: str, mend_it: str, live: list[str]
) -> None:
    estate.run("IMSDLC", break_it)
    try:
        code, found = reconciled(runner, "--objects", name, *live)
    finally:
        estate.run("IMSDLC", mend_it)
    assert code == 22
    assert one(found, name)["differences"] == [
        {"what": "object", "source": "exists", "target": "does not exist", "diff": ""}
    ]
    assert not any(name in item for item in found["not_selected"])


STRUCTURE = [
    (
        "DIM_PORTFOLIOS", "column order: comment",
        f"""COMMENT ON COLUMN {MART}.DIM_PORTFOLIOS."order" IS 'changed'""",
        f"""COMMENT ON COLUMN {MART}.DIM_PORTFOLIOS."order" IS 'a reserved word, in lower case'""",
    ),
    (
        "DIM_STOCKS", "unique key",
        f"ALTER TABLE {MART}.DIM_STOCKS DROP UNIQUE (SYMBOL)",
        f"ALTER TABLE {MART}.DIM_STOCKS ADD CONSTRAINT UK_DIM_STOCKS UNIQUE (SYMBOL)",
    ),
    (
        "FACT_DAILY_POSITIONS", "primary key",
        f"ALTER TABLE {MART}.FACT_DAILY_POSITIONS DROP PRIMARY KEY",
        f"ALTER TABLE {MART}.FACT_DAILY_POSITIONS ADD PRIMARY KEY (POSITION_DATE, PORTFOLIO_ID, STOCK_ID)",
    ),
    (
        "STOCK_METADATA_RAW", "column EXTRA",
        f"ALTER TABLE {RAW} ADD COLUMN EXTRA VARCHAR(5)",
        f"ALTER TABLE {RAW} DROP COLUMN EXTRA",
    ),
    (
        "ONLY_HERE", "object",
        f"CREATE TABLE {MART}.ONLY_HERE (A NUMBER)",
        f"DROP TABLE {MART}.ONLY_HERE",
    ),
    (
        "VW_LEFT_OVER", "object",
        f"CREATE VIEW {MART}.VW_LEFT_OVER AS SELECT 1 AS A",
        f"DROP VIEW {MART}.VW_LEFT_OVER",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("name", "what", "broken", "mended"), STRUCTURE, ids=[case[0] for case in STRUCTURE])
def test_what_is_not_built_alike_is_found(
    estate: Estate, runner: Any, name: str, what: str, broken: str, mended: str
) -> None:
    estate.run("IMSDLC", broken)
    try:
        code, found = reconciled(runner, "--objects", name)
    finally:
        estate.run("IMSDLC", mended)
    assert code == 22
    assert [difference["what"] for difference in one(found, name)["differences"]] == [what]


CODE = [
    ("VIEW", "VW_CURRENT_HOLDINGS", "QUANTITY, p.MARKET_VALUE", "QUANTITY + 0, p.MARKET_VALUE"),
    ("PROCEDURE", "SP_LOAD_DIM_STOCKS()", "WHEN NOT MATCHED THEN", "WHEN NOT MATCHED AND s.SYMBOL <> ''''x'''' THEN"),
]


@pytest.mark.parametrize(("kind", "name", "before", "after"), CODE, ids=[case[1] for case in CODE])
def test_code_that_was_changed_is_shown_as_a_difference_of_text(
    estate: Estate, runner: Any, kind: str, name: str, before: str, after: str
) -> None:
    ((ddl,),) = estate.run("IMSDLC", f"SELECT GET_DDL('{kind}', '{MART}.{name}', TRUE)")
    assert before in ddl
    estate.run("IMSDLC", ddl.replace(before, after.replace("''''", "''")))
    try:
        code, out, err = runner("reconcile", "--env", "imsdlc", "--objects", name.partition("(")[0])
    finally:
        estate.run("IMSDLC", ddl)
    assert code == 22
    assert "  --- source\n  +++ target\n" in out
    assert any(line.startswith("  +") and ("+ 0" in line or "<> 'x'" in line) for line in out.splitlines())
    assert name in err


def test_rows_that_differ_are_found_and_shown_with_their_key(estate: Estate, runner: Any) -> None:
    table, columns = f"{MART}.FACT_TRANSACTIONS", "PORTFOLIO_ID, STOCK_ID, TRADE_DATE, TRADED_AT, SIDE, QUANTITY"
    estate.run(
        "IMSDLC",
        f"CREATE TABLE {MART}.KEPT CLONE {table}",
        f"UPDATE {table} SET PRICE = PRICE + 1, MEMO = '<b>' WHERE TRANSACTION_ID = 77",
        f"DELETE FROM {table} WHERE TRANSACTION_ID = 100",
        f"INSERT INTO {table} SELECT * FROM {table} WHERE TRANSACTION_ID = 7",
        f"INSERT INTO {table} (TRANSACTION_ID, {columns}) SELECT -1, {columns} FROM {table} WHERE TRANSACTION_ID = 8",
    )
    try:
        code, found = reconciled(runner, "--objects", "FACT_TRANSACTIONS")
        shown = runner("reconcile", "--env", "imsdlc", "--objects", "FACT_TRANSACTIONS", "--rows", "1")[1]
        hidden = runner("reconcile", "--env", "imsdlc", "--objects", "FACT_TRANSACTIONS", "--no-rows")[1]
    finally:
        estate.run("IMSDLC", f"INSERT OVERWRITE INTO {table} SELECT * FROM {MART}.KEPT", f"DROP TABLE {MART}.KEPT")
    data = one(found, "FACT_TRANSACTIONS")["data"]
    rows = {(row["kind"], row["key"][0]["source"] or row["key"][0]["target"]): row for row in data["rows"]}
    assert code == 22
    assert (data["source_rows"], data["target_rows"], data["differing_rows"], data["all_counted"]) == (
        10_000,
        10_001,
        4,
        True,
    )
    assert set(rows) == {
        ("changed", "77"), ("missing in the target", "100"), ("only in the target", "-1"),
        ("another number of copies", "7"),
    }  # fmt: skip
    changed = {
        cell["column"]: (cell["source"], cell["target"]) for cell in rows["changed", "77"]["cells"] if cell["differs"]
    }
    assert changed["MEMO"] == (None, "<b>")
    assert set(changed) == {"PRICE", "MEMO"}
    assert "4 rows differ; 1 of them:" in shown
    assert "4 rows differ." in hidden
    assert "TRANSACTION_ID =" not in hidden


def test_a_table_without_a_key_is_compared_by_whole_rows(estate: Estate, runner: Any) -> None:
    estate.run("IMSDLC", f"UPDATE {RAW} SET NOTE = 'x' WHERE SYMBOL = 'S0001'")
    try:
        code, found = reconciled(runner, "--objects", "src_*")
    finally:
        estate.run("IMSDLC", f"UPDATE {RAW} SET NOTE = '' WHERE SYMBOL = 'S0001'")
    data = one(found, "STOCK_METADATA_RAW")["data"]
    assert code == 22
    assert sorted(row["kind"] for row in data["rows"]) == ["missing in the target", "only in the target"]
    assert [column["column"] for column in data["profile"] if column["differs"]] == ["NOTE"]


def test_a_view_that_no_longer_runs_is_a_difference(estate: Estate, runner: Any) -> None:
    estate.run("IMSDLC", f"ALTER TABLE {MART}.DIM_PORTFOLIOS RENAME TO {MART}.ELSEWHERE")
    try:
        code, found = reconciled(runner, "--objects", "VW_CURRENT_HOLDINGS")
    finally:
        estate.run("IMSDLC", f"ALTER TABLE {MART}.ELSEWHERE RENAME TO {MART}.DIM_PORTFOLIOS")
    (difference,) = one(found, "VW_CURRENT_HOLDINGS")["differences"]
    assert code == 22
    assert "does not run" in difference["target"]


def test_both_accounts_are_as_they_were(estate: Estate, runner: Any) -> None:
    question = "SELECT COUNT(*), MAX(LAST_ALTERED) FROM {}.INFORMATION_SCHEMA.TABLES WHERE TABLE_SCHEMA LIKE '%BOLT'"
    sides = (("IMCUST", "PROD_DB"), ("IMSDLC", "DEV_DB"))
    before = [estate.run(account, question.format(database)) for account, database in sides]
    assert runner("reconcile", "--env", "imsdlc")[0] == 0
    assert [estate.run(account, question.format(database)) for account, database in sides] == before


BAD = [
    (("--env", "imsdlc", "--objects", "NO_SUCH_*"), "No object of DEV_DB is called NO_SUCH_*."),
    (("--env", "imcust"), "'imcust' has no source to be compared with."),
    (("--env", "imsdlc", "--snapshot", "--live"), "--snapshot and --live exclude each other."),
    (("--env", "imsdlc", "--rows", "-1"), "--rows takes a number from 0 to 1000."),
    (("--env", "imsdlc", "--snapshot", "--var", "share_database=nowhere"), "no manifest in NOWHERE"),
]


@pytest.mark.parametrize(("words", "sentence"), BAD)
def test_what_cannot_be_asked_is_refused_with_the_reason(runner: Any, words: tuple[str, ...], sentence: str) -> None:
    code, _, err = runner("reconcile", *words)
    assert (code, sentence in err) == (2, True), err


def test_a_report_of_both_accounts_tells_what_ran_and_how_they_compare(
    estate: Estate, runner: Any, tmp_path: Path
) -> None:
    page, data = tmp_path / "r.html", tmp_path / "r.json"
    assert runner("report", "--run", "last", "--all", "--html", str(page), "--json", str(data))[0] == 0
    document = json.loads(data.read_text())
    jsonschema.validate(document, json.loads((ROOT / "runner/reports/report.schema.json").read_text()))
    source, target = document["environments"]
    assert [script["script"] for script in source["run"]["scripts"]] == ["V001__share_setup.sql"]
    assert [script["outcome"] for script in target["run"]["scripts"]] == ["applied"] * 4
    statements = [s for script in target["run"]["scripts"] for s in script["statements"]]
    assert all(s["query_id"] and s["text"] for s in statements)
    assert target["reconciliation"]["verdict"] == "equal"
    assert "Everything is applied, and the target equals its source" in page.read_text()
    tokens = [path.read_text().strip() for path in (estate.sandbox.root / "pats").glob("*.pat")]
    assert len(tokens) == 2
    assert not any(token in page.read_text() + data.read_text() for token in tokens)


def test_a_report_names_a_run_that_nobody_knows(runner: Any, tmp_path: Path) -> None:
    code, _, err = runner("report", "--run", "never", "--env", "imsdlc", "--html", str(tmp_path / "r.html"))
    assert (code, "No run 'never' in imsdlc." in err) == (2, True)
    assert list(tmp_path.iterdir()) == []


def test_a_report_by_its_id_is_the_same_run(runner: Any, tmp_path: Path) -> None:
    data = tmp_path / "r.json"
    runner("report", "--env", "imsdlc", "--no-reconcile", "--json", str(data))
    run = json.loads(data.read_text())["environments"][0]["run"]
    runner("report", "--env", "imsdlc", "--run", run["id"], "--no-reconcile", "--json", str(data))
    assert json.loads(data.read_text())["environments"][0]["run"] == run


def test_a_report_that_cannot_be_written_says_so(runner: Any, tmp_path: Path) -> None:
    words = ("--env", "imsdlc", "--no-reconcile", "--html", str(tmp_path / "missing" / "r.html"))
    code, _, err = runner("report", *words)
    assert (code, "No such file or directory" in err) == (2, True)
