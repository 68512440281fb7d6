"""Formats that the archive is written out in: one file, one format, found because it is there.

Each has ``write(archive, selection, target, …)``, which tells how many it wrote of what; the keywords behind the target
are the options of the format. The target is a file that is open for writing; of a format with ``FOLDER = True`` it is
the path of an empty folder, and with ``FILE = True`` that of a file that is not there yet. ``SEEKS = True`` means that
it goes back in the file, ``PACKED = True`` that it is not to be packed again. ``COUNTED`` is the table whose rows it
goes through, if those are not the articles, or ``entries`` where it takes the newest alone. ``WHAT`` has the values of
the option ``what``, if those are not the tables. A format of rows has ``table(what, columns)``, which gives the columns
that it writes.
"""
