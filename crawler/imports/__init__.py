"""Where looks of others come from: one kind of source, one file."""
