"""The verbs of `plan` and `templates`: from an account to scripts. They write files and change no account."""
