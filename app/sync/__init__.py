"""Pulling, ingesting, the outbox runner and the state of the connection."""
