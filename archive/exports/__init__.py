"""Formats that the archive is written out in: one file, one format."""
