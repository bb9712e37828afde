"""What the Makefile runs: standard library only, any Python from 3.11 on."""
