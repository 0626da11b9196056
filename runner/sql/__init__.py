"""Snowflake's language as text: cutting scripts, naming statements, finding and moving names. Never a session."""
