CREATE STREAM IF NOT EXISTS {{ src }}.STR_RAW on table {{ src }}.RAW append_only = true;
