"""The user's folders read into values: settings, scripts, rendering. Touches files, never an account."""
