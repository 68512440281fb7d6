"""The reading room: the archive in a browser."""
