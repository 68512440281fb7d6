"""A list of addresses from a file or a program."""

import codecs
from typing import BinaryIO

import click

from archive.urls import quoted, why_no_start


def addresses_in(file: BinaryIO) -> list[str]:
    """The addresses, one a line; a line that begins with # is a remark. Wrong use names all that are none."""
    name = "standard input" if file.name == "<stdin>" else file.name
    lines = [(number, line.strip()) for number, line in enumerate(_text(file, name).splitlines(), start=1)]
    given = [(number, line) for number, line in lines if line and not line.startswith("#")]
    if wrong := [
        f"{name}, line {number}: {quoted(line)} {why}" for number, line in given if (why := why_no_start(line))
    ]:
        raise click.UsageError("\n".join(wrong))
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
