"""A list of addresses from a file or a program."""

import codecs
from typing import BinaryIO

import click

from archive.urls import clean, is_web, why_not_web


def addresses_in(file: BinaryIO) -> list[str]:
    """The addresses, one a line; a line that begins with # is a remark. Wrong use names all that are none."""
    name = "standard input" if file.name == "<stdin>" else file.name
    lines = [(number, line.strip()) for number, line in enumerate(_text(file, name).splitlines(), start=1)]
    given = [(number, line) for number, line in lines if line and not line.startswith("#")]
    wrong = [(number, line) for number, line in given if line.split() != [line] or not is_web(clean(line))]
    if wrong:
        told = (f"{name}, line {number}: {line!r} is no web address: {why_not_web(line)}" for number, line in wrong)
        raise click.UsageError("\n".join(told))
    return [line for _, line in given]


def _text(file: BinaryIO, name: str) -> str:
    written = file.read()
    body = written.removeprefix(codecs.BOM_UTF8)  # Notepad begins every file with it
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        place = len(written) - len(body) + error.start
        line = written.count(b"\n", 0, place) + 1
        raise click.UsageError(
            f"{name} is no UTF-8: byte {place + 1}, in line {line}, is {written[place]:#04x}"
        ) from error
