"""Functions and procedures in Python: their code runs in a child process, walled off as far as the platform allows."""
