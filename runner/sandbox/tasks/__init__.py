"""Tasks: when they are due, in which order a graph runs, and what became of each run."""
