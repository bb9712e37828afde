"""Pictures of the console: drawn from the real window, packed, compared, shown in a gallery."""
