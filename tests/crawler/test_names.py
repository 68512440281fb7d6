"""Look-ups beside name servers that do not answer."""

import asyncio
import socket
import threading
from collections.abc import Iterator

import pytest

from crawler import names
from crawler.names import Names, NameServerSilent

SILENT = 40


class NameServer:
    """A ``socket.getaddrinfo`` that answers nothing for names under silent domains until it is let go."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.let_go = threading.Event()

    def look_up(self, host: str, port: int, *rest: object) -> list[object]:
        self.asked.append(host)
        if "silent" in host:
            self.let_go.wait(20)
        if "none" in host:
            raise socket.gaierror(socket.EAI_NONAME, "no such name")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("192.0.2.1", port))]


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[NameServer]:
    server = NameServer()
    monkeypatch.setattr(socket, "getaddrinfo", server.look_up)
    monkeypatch.setattr(names, "SECONDS", 0.3)
    yield server
    server.let_go.set()


async def ended(looked_up: Names, name: str) -> str:
    try:
        await looked_up.look_up(name, 80, 0)
    except (NameServerSilent, OSError) as error:
        return type(error).__name__
    return "answered"


def test_names_without_an_answer_keep_no_other_waiting_and_take_two_threads_for_a_domain(server: NameServer) -> None:
    async def look_up() -> tuple[list[str], list[str], str]:
        looked_up = Names()
        silent = [asyncio.ensure_future(ended(looked_up, f"s{number}.silent.test")) for number in range(SILENT)]
        await asyncio.sleep(0)
        good = [await ended(looked_up, f"{name}.good.test") for name in ("a", "b", "none")]
        assert not any(one.done() for one in silent)
        return good, await asyncio.gather(*silent), await ended(looked_up, "more.silent.test")

    good, silent, at_once = asyncio.run(look_up())
    assert good == ["answered", "answered", "gaierror"]
    assert (silent, at_once) == (["NameServerSilent"] * SILENT, "NameServerSilent")
    assert len([name for name in server.asked if "silent" in name]) == names.AT_ONCE


def test_a_domain_is_asked_again_once_its_name_server_answers(server: NameServer) -> None:
    async def look_up() -> list[str]:
        looked_up = Names()
        late = await asyncio.gather(*(ended(looked_up, f"{name}.silent.test") for name in "ab"))
        server.let_go.set()
        while looked_up._domains:  # the threads come to their end
            await asyncio.sleep(0.01)
        return [*late, await ended(looked_up, "c.silent.test")]

    assert asyncio.run(look_up()) == ["NameServerSilent", "NameServerSilent", "answered"]
