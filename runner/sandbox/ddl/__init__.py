"""What DDL statements say, as values: types, columns, constraints, options. Pure: no catalogue, no storage."""
