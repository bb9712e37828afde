"""The commands that need no window: the same services as the screen, for scripts and for checking.

One module of ``commands`` a topic. Each adds its parsers and runs with a ``Session``; no
service is imported before a command runs, so that ``--help`` and a typing error answer at once.
"""
