"""What a screen reader is told beside what Qt tells by itself.

Rows of all lists are painted, and Qt speaks for them: it makes an accessible item of every row of
a list view and asks the model for its name. What a row can do is not part of that; ``stand_ins``
adds it. Interfaces written in Python (``QAccessible.installFactory``) would be the shorter way,
but PySide6 6.11 crashes with them: one that offers actions cannot hand out the address that
``interface_cast`` wants, and Qt deletes the rest after Python has gone.
"""
