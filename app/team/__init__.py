"""The shared workspace."""
