MODEL (name staging.trades, kind FULL, cron '@daily', audits (not_null(columns := (id))));

SELECT id::INT AS id, day::DATE AS day, amount::INT AS amount
FROM (VALUES (1, '2024-01-01', 10), (2, '2024-01-01', 20), (3, '2024-01-02', 30)) AS t (id, day, amount)
