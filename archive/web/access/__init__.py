"""Who may read, by which name, below which path, and what browsers may do: all that stands before the pages."""
