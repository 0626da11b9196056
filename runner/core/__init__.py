"""The heart: values and the judgement over them. Standard library only."""
