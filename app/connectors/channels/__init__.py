"""Social channels."""
