"""Importers of the platforms' own exports."""
