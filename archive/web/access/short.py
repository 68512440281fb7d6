"""Answers of one line, for what never gets as far as a page."""

from collections.abc import Mapping

from archive.web.access.protection import Send


async def sentence(send: Send, status: int, text: str, headers: Mapping[str, str] | None = None) -> None:
    """Send a status with one line of text."""
    body = f"{text}\n".encode()
    given = {
        "content-type": "text/plain; charset=utf-8",
        "content-length": str(len(body)),
        "cache-control": "no-store",
        **(headers or {}),
    }
    encoded = [(name.encode(), value.encode("latin-1", "replace")) for name, value in given.items()]
    await send({"type": "http.response.start", "status": status, "headers": encoded})
    await send({"type": "http.response.body", "body": body})


async def moved(send: Send, to: str) -> None:
    """Send on to another address."""
    await sentence(send, 302, "It is at another address", {"location": to})
