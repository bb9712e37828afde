"""Marketing systems."""
