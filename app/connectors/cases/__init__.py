"""Outside case-management systems."""
