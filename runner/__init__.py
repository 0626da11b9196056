"""runner: migration-as-code for Snowflake."""

__version__ = "0.1.0"
