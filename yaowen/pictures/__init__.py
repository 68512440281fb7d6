"""Ready-made pictures, one file one picture, and how they are written."""
