"""What stands in an account: its objects as values, and who needs whom."""
