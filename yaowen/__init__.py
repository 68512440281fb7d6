"""The command line: one command, one file in ``commands/``."""
