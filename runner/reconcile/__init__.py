"""Is an environment what its source is: structure, counts, hashes, and on a difference the rows themselves."""
