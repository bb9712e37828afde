"""The unified timeline: what it says, how it is laid out and how it is painted."""
