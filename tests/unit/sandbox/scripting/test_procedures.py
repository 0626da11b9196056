"""The two procedures of an investment mart, whole: called as a session calls them, against real tables."""

from __future__ import annotations

from decimal import Decimal

import pytest

from runner.sandbox.errors import SnowflakeError
from runner.sandbox.result import TEXT, Result
from runner.sandbox.scripting import (
    bind_arguments,
    check,
    choose,
    evaluate_arguments,
    execute,
    outcome_result,
    parse_call,
    parse_parameters,
)

LOAD_DIM_STOCKS = """
DECLARE
    rows_merged INTEGER DEFAULT 0;
    run_message VARCHAR;
BEGIN
    -- the latest metadata of a stock wins; it's idempotent
    MERGE INTO dim_stocks AS d
    USING (
        SELECT ticker, company_name, sector
        FROM stock_metadata_raw
        QUALIFY ROW_NUMBER() OVER (PARTITION BY ticker ORDER BY loaded_at DESC) = 1
    ) AS s
    ON d.ticker = s.ticker
    WHEN MATCHED THEN UPDATE SET company_name = s.company_name, sector = s.sector
    WHEN NOT MATCHED THEN INSERT (ticker, company_name, sector) VALUES (s.ticker, s.company_name, s.sector);
    rows_merged := SQLROWCOUNT;
    IF (SQLFOUND) THEN
        run_message := 'dim_stocks: ' || rows_merged || ' rows merged';
    ELSE
        run_message := 'dim_stocks: nothing to do';
    END IF;
    RETURN run_message;
EXCEPTION
    WHEN STATEMENT_ERROR THEN
        LET failed := 'FAILED ' || SQLSTATE || ' (' || SQLCODE || ')';
        RETURN failed;
    WHEN OTHER THEN
        RAISE;
END;
"""

CALCULATE_DAILY_POSITIONS = """
DECLARE
    bad_range EXCEPTION (-20010, 'p_from must not be after p_to');
    nothing_there EXCEPTION (-20011, 'no transactions in the range');
    found INTEGER;
    portfolios INTEGER DEFAULT 0;
    days INTEGER DEFAULT 0;
    day DATE;
    summary RESULTSET;
    moved CURSOR FOR
        SELECT DISTINCT portfolio_id FROM fact_transactions WHERE trade_date BETWEEN ? AND ? ORDER BY portfolio_id;
BEGIN
    IF (p_from > p_to) THEN
        RAISE bad_range;
    END IF;
    SELECT COUNT(*) INTO :found FROM fact_transactions WHERE trade_date BETWEEN :p_from AND :p_to;
    IF (found = 0) THEN
        RAISE nothing_there;
    END IF;
    OPEN moved USING (p_from, p_to);
    BEGIN TRANSACTION;
    FOR portfolio IN moved DO
        LET current_id NUMBER(10, 0) := portfolio.portfolio_id;
        DELETE FROM fact_daily_positions
        WHERE portfolio_id = :current_id AND position_date BETWEEN :p_from AND :p_to;
        INSERT INTO fact_daily_positions (portfolio_id, ticker, position_date, quantity)
        SELECT portfolio_id, ticker, trade_date,
               SUM(quantity) OVER (PARTITION BY ticker ORDER BY trade_date, id)
        FROM fact_transactions
        WHERE portfolio_id = :current_id AND trade_date <= :p_to
        QUALIFY trade_date >= :p_from
            AND ROW_NUMBER() OVER (PARTITION BY ticker, trade_date ORDER BY id DESC) = 1;
        portfolios := portfolios + 1;
    END FOR;
    COMMIT;
    CLOSE moved;
    day := p_from;
    WHILE (day <= p_to) DO
        days := days + 1;
        day := day + 1;
    END WHILE;
    summary := (SELECT COUNT(*) AS positions FROM fact_daily_positions WHERE quantity <> :p_ignore);
    LET counts CURSOR FOR summary;
    FOR line IN counts DO
        RETURN portfolios || ' portfolios, ' || days || ' days, ' || line.positions || ' positions';
    END FOR;
EXCEPTION
    WHEN nothing_there THEN
        RETURN 'nothing: ' || SQLERRM;
    WHEN OTHER THEN
        ROLLBACK;
        RAISE;
END;
"""

TABLES = """
CREATE TABLE stock_metadata_raw (ticker VARCHAR, company_name VARCHAR, sector VARCHAR, loaded_at INT);
CREATE TABLE dim_stocks (ticker VARCHAR, company_name VARCHAR, sector VARCHAR);
CREATE TABLE fact_transactions (id INT, portfolio_id INT, ticker VARCHAR, trade_date DATE, quantity DECIMAL(18,4));
CREATE TABLE fact_daily_positions (portfolio_id INT, ticker VARCHAR, position_date DATE, quantity DECIMAL(18,4));
INSERT INTO stock_metadata_raw VALUES ('AAA', 'Old', 'Tech', 1), ('AAA', 'It''s new', 'Tech', 2), ('BBB', 'B', NULL, 1);
INSERT INTO dim_stocks VALUES ('BBB', 'before', 'x');
INSERT INTO fact_transactions VALUES
    (1, 7, 'AAA', '2024-01-01', 10), (2, 7, 'AAA', '2024-01-02', -4), (3, 7, 'AAA', '2024-01-02', 1.5),
    (4, 8, 'BBB', '2024-01-03', 100), (5, 9, 'CCC', '2023-12-31', 1);
"""
SIGNATURE = "p_from DATE, p_to DATE DEFAULT DATE '2024-01-31', p_ignore NUMBER(18,4) DEFAULT 0"


@pytest.fixture
def mart(session):
    session.connection.execute(TABLES)
    return session


def call(session, text: str, signature: str, body: str) -> Result:
    """What an engine does with CALL."""
    statement = parse_call(text)
    overloads = [parse_parameters(signature)]
    given = evaluate_arguments(statement, session.evaluate)
    parameters = overloads[choose(statement, given, overloads)]
    arguments = bind_arguments(parameters, given, session.evaluate)
    return outcome_result(execute(body, session, arguments=arguments, returns=TEXT), statement.procedure[-1])


def rows(session, query: str) -> list[tuple[object, ...]]:
    return session.connection.execute(query).fetchall()


@pytest.mark.parametrize("body", [LOAD_DIM_STOCKS, CALCULATE_DAILY_POSITIONS])
def test_both_parse(body: str) -> None:
    check(body)


def test_load_dim_stocks(mart) -> None:
    result = call(mart, "CALL sp_load_dim_stocks()", "", LOAD_DIM_STOCKS)
    assert result.columns[0].name == "SP_LOAD_DIM_STOCKS"
    assert result.rows() == [("dim_stocks: 2 rows merged",)]
    assert rows(mart, "FROM dim_stocks ORDER BY ALL") == [("AAA", "It's new", "Tech"), ("BBB", "B", None)]


def test_load_dim_stocks_with_nothing_to_load(mart) -> None:
    mart.connection.execute("DELETE FROM stock_metadata_raw")
    assert call(mart, "CALL sp_load_dim_stocks()", "", LOAD_DIM_STOCKS).rows() == [("dim_stocks: nothing to do",)]


def test_load_dim_stocks_without_its_source(mart) -> None:
    mart.connection.execute("DROP TABLE stock_metadata_raw")
    assert call(mart, "CALL sp_load_dim_stocks()", "", LOAD_DIM_STOCKS).rows() == [("FAILED 42S02 (2003)",)]


@pytest.mark.parametrize(
    "text",
    [
        "CALL sp_calculate_daily_positions('2024-01-01', '2024-01-31')",
        "CALL sp_calculate_daily_positions('2024-01-01')",
        "CALL sp_calculate_daily_positions(p_from => '2024-01-01'::DATE)",
        "CALL sp_calculate_daily_positions(p_ignore => 0, p_from => DATE '2024-01-01')",
    ],
)
def test_calculate_daily_positions(mart, text: str) -> None:
    for _ in range(2):
        result = call(mart, text, SIGNATURE, CALCULATE_DAILY_POSITIONS)
        assert result.rows() == [("2 portfolios, 31 days, 3 positions",)]
    positions = rows(
        mart, "SELECT portfolio_id, ticker, position_date::VARCHAR, quantity FROM fact_daily_positions ORDER BY ALL"
    )
    assert positions == [
        (7, "AAA", "2024-01-01", Decimal("10.0000")),
        (7, "AAA", "2024-01-02", Decimal("7.5000")),
        (8, "BBB", "2024-01-03", Decimal("100.0000")),
    ]


def test_calculate_daily_positions_for_an_empty_range(mart) -> None:
    result = call(mart, "CALL p('2030-01-01', '2030-01-02')", SIGNATURE, CALCULATE_DAILY_POSITIONS)
    assert result.rows() == [("nothing: no transactions in the range",)]


def test_calculate_daily_positions_for_a_wrong_range(mart) -> None:
    mart.connection.execute("BEGIN")
    with pytest.raises(SnowflakeError) as caught:
        call(mart, "CALL p('2024-02-01', '2024-01-01')", SIGNATURE, CALCULATE_DAILY_POSITIONS)
    assert caught.value.errno == -20010
    assert caught.value.sqlstate == "P0001"
    assert caught.value.message == (
        "Uncaught exception of type 'BAD_RANGE' on line 14 at position 8 : p_from must not be after p_to"
    )


def test_a_failure_half_way_rolls_back(mart) -> None:
    mart.connection.execute("INSERT INTO fact_daily_positions VALUES (7, 'AAA', '2024-01-01', 99)")
    broken = CALCULATE_DAILY_POSITIONS.replace("portfolios := portfolios + 1;", "portfolios := portfolios / 0;")
    with pytest.raises(SnowflakeError, match=r"'EXPRESSION_ERROR' on line 33 at position 22 : Division by zero"):
        call(mart, "CALL p('2024-01-01')", SIGNATURE, broken)
    assert rows(mart, "SELECT quantity FROM fact_daily_positions") == [(Decimal("99.0000"),)]
