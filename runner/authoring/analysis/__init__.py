"""What a plan means: sizes, times, risks, who is touched when; and how it could be better. Pure."""
