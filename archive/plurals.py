"""Numbers of things, for a person to read."""


def counted(number: int, noun: str) -> str:
    """
    >>> counted(1, "page"), counted(0, "address"), counted(1_234, "page")
    ('1 page', '0 addresses', '1,234 pages')
    """
    ending = "" if number == 1 else "es" if noun.endswith("s") else "s"
    return f"{number:,} {noun}{ending}"
