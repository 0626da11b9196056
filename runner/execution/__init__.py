"""A plan, walked step by step: statements out, journal rows out, events out."""
