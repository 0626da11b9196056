MODEL (name marts.daily, kind INCREMENTAL_BY_TIME_RANGE (time_column day), start '2024-01-01', end '2024-01-03');

SELECT day::DATE AS day, SUM(amount)::INT AS total
FROM staging.trades
WHERE day BETWEEN @start_ds AND @end_ds
GROUP BY day
