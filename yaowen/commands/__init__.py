"""One file, one command: the file's name is the command's, the first line of its docstring its help line."""
