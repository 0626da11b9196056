-- Files in, files out: formats, stages, COPY with and without transformation, a pipe, semi-structured data taken apart.
CREATE OR REPLACE DATABASE ingest;
USE SCHEMA ingest.public;
CREATE OR REPLACE FILE FORMAT csv_quoted TYPE = CSV FIELD_OPTIONALLY_ENCLOSED_BY = '"' SKIP_HEADER = 1 NULL_IF = ('', 'NULL') TRIM_SPACE = TRUE;
CREATE OR REPLACE FILE FORMAT json_lines TYPE = JSON STRIP_OUTER_ARRAY = TRUE;
CREATE OR REPLACE STAGE landing FILE_FORMAT = csv_quoted DIRECTORY = (ENABLE = TRUE) COMMENT = 'Where partners put files';
CREATE TABLE trips (id NUMBER, city VARCHAR(40), minutes NUMBER(6, 1), started_at TIMESTAMP_NTZ, file VARCHAR, row_no NUMBER);
COPY INTO @landing/trips/day=1/part.csv FROM (
    SELECT * FROM VALUES (1, 'Basel', 12.5, '2024-01-01 08:00:00'), (2, 'Bern, West', 7, '2024-01-01 09:30:00'), (3, NULL, 3.2, NULL) AS v(id, city, minutes, started)
) FILE_FORMAT = (TYPE = CSV COMPRESSION = NONE FIELD_OPTIONALLY_ENCLOSED_BY = '"' NULL_IF = ('')) HEADER = TRUE SINGLE = TRUE;
LIST @landing;
ALTER STAGE landing REFRESH;
SELECT relative_path, size FROM DIRECTORY(@landing);
SELECT t.$1, t.$2, METADATA$FILENAME FROM @landing/trips (FILE_FORMAT => 'csv_quoted', PATTERN => '.*part[.]csv') t;
COPY INTO trips FROM (
    SELECT $1::NUMBER, UPPER($2), $3, TRY_TO_TIMESTAMP_NTZ($4), METADATA$FILENAME, METADATA$FILE_ROW_NUMBER FROM @landing/trips
) ON_ERROR = CONTINUE;
SELECT id, city, row_no FROM trips ORDER BY id;
COPY INTO trips FROM @landing/trips FILE_FORMAT = (FORMAT_NAME = csv_quoted) VALIDATION_MODE = RETURN_ERRORS;
SELECT file_name, status, row_count FROM information_schema.load_history;
CREATE OR REPLACE PIPE trips_pipe AS COPY INTO trips (id, city) FROM (SELECT $1, $2 FROM @landing/late) FILE_FORMAT = csv_quoted;
ALTER PIPE trips_pipe REFRESH;
SHOW PIPES;
COPY INTO @~/export/trips FROM trips FILE_FORMAT = (TYPE = PARQUET) HEADER = TRUE OVERWRITE = TRUE;
CREATE TABLE events (payload VARIANT, loaded_at TIMESTAMP_LTZ DEFAULT CURRENT_TIMESTAMP());
COPY INTO @landing/events/ FROM (SELECT ARRAY_CONSTRUCT(OBJECT_CONSTRUCT('id', 1, 'tags', ARRAY_CONSTRUCT('x', 'y')), OBJECT_CONSTRUCT('id', 2))) FILE_FORMAT = (TYPE = JSON);
COPY INTO events (payload) FROM @landing/events FILE_FORMAT = json_lines;
SELECT payload:id::NUMBER AS id, t.value::VARCHAR AS tag FROM events, LATERAL FLATTEN(INPUT => payload:tags, OUTER => TRUE) t ORDER BY 1, 2;
SELECT column_name, type FROM TABLE(INFER_SCHEMA(LOCATION => '@landing/events', FILE_FORMAT => 'json_lines'));
REMOVE @landing/trips PATTERN = '.*csv';
REMOVE @~/export;
CREATE STORAGE INTEGRATION IF NOT EXISTS lake TYPE = EXTERNAL_STAGE STORAGE_PROVIDER = 'S3' ENABLED = TRUE STORAGE_AWS_ROLE_ARN = 'arn:aws:iam::123456789012:role/lake' STORAGE_ALLOWED_LOCATIONS = ('s3://lake/in/');
CREATE STAGE lake_in URL = 's3://lake/in/' STORAGE_INTEGRATION = lake FILE_FORMAT = (TYPE = PARQUET);
DESC INTEGRATION lake;
-- refused: external stage
LIST @lake_in;
DROP INTEGRATION lake;
