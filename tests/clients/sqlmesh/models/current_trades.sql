MODEL (name marts.current_trades, kind VIEW);

SELECT id, amount FROM staging.trades
