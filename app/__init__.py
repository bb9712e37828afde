"""Seamline: one timeline for each customer, on your own laptop."""

__version__ = "0.1.0"
