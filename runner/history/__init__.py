"""The journal of what was applied, and the lease that lets one runner at a time."""
