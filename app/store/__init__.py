"""The workspace file: tables, projections, queries, search and migrations."""
