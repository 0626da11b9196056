"""What is kept in step with other objects: dynamic tables."""
