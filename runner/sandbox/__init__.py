"""An emulated Snowflake organisation behind the connector's own HTTP protocol.

A stranger to the rest of the package: it imports no other room, since it is the judge of what they do.
"""
