"""Pure records and folds: no input, no output, the standard library alone."""
