"""Who needs whom, each time with the evidence for it."""
