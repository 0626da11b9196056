"""From a Snowflake query to one the engine runs: names resolved, types known, functions allowed one by one."""
