"""Spell-checking by the dictionaries of this computer, in a process of its own.

Reading a dictionary holds Python’s interpreter for 70 to 150 ms and a suggestion for 70 to 330,
on whatever thread; and a broken dictionary may end the program that reads it. Elsewhere neither
reaches the window.
"""

SPELLING = "--spelling"
"""What a packaged program is started with to be that process."""
