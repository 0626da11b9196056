"""The way to Snowflake: profiles, login, session, faults. The only room that imports the connector."""
