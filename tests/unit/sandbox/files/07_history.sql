-- A slowly changing dimension of type 2 by a stream, as textbooks build it.
CREATE OR REPLACE DATABASE dim;
USE SCHEMA dim.public;
CREATE TABLE customer_now (id NUMBER, name VARCHAR, city VARCHAR);
CREATE TABLE customer_history (id NUMBER, name VARCHAR, city VARCHAR, valid_from TIMESTAMP_NTZ, valid_to TIMESTAMP_NTZ, is_current BOOLEAN);
CREATE OR REPLACE STREAM customer_changes ON TABLE customer_now;
INSERT INTO customer_now VALUES (1, 'Ann', 'Bern'), (2, 'Bob', 'Basel');
SELECT SYSTEM$STREAM_HAS_DATA('customer_changes');
CREATE OR REPLACE VIEW customer_steps AS
SELECT id, name, city, CURRENT_TIMESTAMP()::TIMESTAMP_NTZ AS at, 'I' AS what FROM customer_changes WHERE METADATA$ACTION = 'INSERT'
UNION ALL
SELECT id, NULL, NULL, CURRENT_TIMESTAMP()::TIMESTAMP_NTZ, 'D' FROM customer_changes WHERE METADATA$ACTION = 'DELETE';
MERGE INTO customer_history h
USING customer_steps s ON h.id = s.id AND h.is_current AND s.what = 'D'
WHEN MATCHED THEN UPDATE SET h.valid_to = s.at, h.is_current = FALSE
WHEN NOT MATCHED AND s.what = 'I' THEN INSERT (id, name, city, valid_from, valid_to, is_current) VALUES (s.id, s.name, s.city, s.at, NULL, TRUE);
SELECT SYSTEM$STREAM_HAS_DATA('customer_changes');
UPDATE customer_now SET city = 'Zug' WHERE id = 1;
DELETE FROM customer_now WHERE id = 2;
SELECT METADATA$ACTION, METADATA$ISUPDATE, id, city FROM customer_changes ORDER BY id, 1;
MERGE INTO customer_history h
USING customer_steps s ON h.id = s.id AND h.is_current AND s.what = 'D'
WHEN MATCHED THEN UPDATE SET h.valid_to = s.at, h.is_current = FALSE
WHEN NOT MATCHED AND s.what = 'I' THEN INSERT (id, name, city, valid_from, valid_to, is_current) VALUES (s.id, s.name, s.city, s.at, NULL, TRUE);
SELECT id, city, is_current FROM customer_history ORDER BY id, valid_from, is_current;
CREATE STREAM appended ON TABLE customer_now APPEND_ONLY = TRUE;
SHOW STREAMS;
DROP STREAM customer_changes;
