"""The verbs: each joins rooms in one pass. They print nothing and never exit."""
