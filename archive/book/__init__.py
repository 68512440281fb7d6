"""Articles as a book: what it consists of, and the documents of EPUB 3.3 (https://www.w3.org/TR/epub-33/) that show it.

Nothing here is held for each article: what needs them in the order of the book reads their headlines again.
"""
