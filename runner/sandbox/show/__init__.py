"""What SHOW, DESCRIBE, INFORMATION_SCHEMA and ACCOUNT_USAGE answer, all read from the one catalogue."""
