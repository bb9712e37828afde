"""How fast it is: each measure beside a reference in the same run."""
