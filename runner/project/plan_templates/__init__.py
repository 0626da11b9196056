"""Templates of plans: folders with typed parameters, from which config/migration.yaml is filled."""
