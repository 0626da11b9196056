"""The door: the connector's own HTTP protocol on loopback, as Snowflake's clients speak it."""
