"""Functions and procedures in JavaScript: QuickJS runs them, in a child process walled off as Python's are."""
