"""Item models of the screen: ids and frozen rows, never a database session."""
