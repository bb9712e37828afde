"""What opens over the window: sheets, popups, the palette, and the first run."""
