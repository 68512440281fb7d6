"""Crawl a loopback site: ours stores everything, the others fetch only, or read and store what they do.

The site stands in a process of its own and answers from memory; so does each crawl, timed from the first request of an
article to its end. All in one run on the same machine: only the ratios hold elsewhere.
"""

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import Process, Queue
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from threading import Thread

import click
from pages import LABELLED, made_pages, real_pages

ADDRESS = "127.0.0.2"
"""Of loopback, but no address of the sample site, which has rules of its own."""
LISTED = 200
"""Articles on a list page."""
RIVALS = {
    "scrapy": "bare Scrapy, fetching only",
    "pipeline": "Scrapy, BeautifulSoup, a sqlite-utils row for each page",
    "newspaper": "newspaper4k, fetching and reading, 4 threads",
}


class Site(asyncio.Protocol):
    """Pages from memory, over connections that stay open."""

    pages: dict[bytes, bytes]
    moments: "list[float]"

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.asked = b""

    def data_received(self, data: bytes) -> None:
        self.asked += data
        while b"\r\n\r\n" in self.asked:
            request, _, self.asked = self.asked.partition(b"\r\n\r\n")
            path = request.split(b" ", 2)[1]
            if path.startswith(b"/a/"):
                now = time.monotonic()
                self.moments[:] = [self.moments[0] if self.moments else now, now]
            if path == b"/moments":
                body = json.dumps(self.moments).encode()
                self.moments.clear()
            else:
                body = self.pages.get(path, b"")
            status = b"200 OK" if body else b"404 Not Found"
            head = b"HTTP/1.1 %s\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % (status, len(body))
            self.transport.write(head + body)  # type: ignore[attr-defined]  # of TCP it is a transport that writes


def bodies(count: int, real: bool) -> Iterator[bytes]:
    """So many pages: made ones of 7 kB, or the labelled ones of real sites, 160 kB on average, again and again."""
    if not real:
        yield from (body for _, body in made_pages(count))
        return
    found = [body for _, (_, body) in real_pages(LABELLED)]
    yield from (found[number % len(found)] + b"<!-- %d -->" % number for number in range(count))


def serve(count: int, real: bool, port: "Queue[int]") -> None:
    """Answer until the process is ended."""
    Site.pages = {f"/a/made-{number}.html".encode(): body for number, body in enumerate(bodies(count, real))}
    Site.moments = []
    paths = [path.decode() for path in Site.pages]
    for number, start in enumerate(range(0, count, LISTED)):
        links = "".join(
            f'<li><a href="{path}">运河边的第{path[8:-5]}条新闻，说的是书店</a></li>'
            for path in paths[start : start + LISTED]
        )
        following = f'<a href="/c/{number + 1}">下一页</a>' if start + LISTED < count else ""
        page = f'<html lang="zh"><title>本地</title><h1>本地</h1><ul>{links}</ul><p>{following}</p></html>'
        Site.pages[f"/c/{number}".encode()] = page.encode()

    async def run() -> None:
        server = await asyncio.get_running_loop().create_server(Site, ADDRESS, 0)
        port.put(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(run())


@contextmanager
def site(count: int, real: bool) -> Iterator[str]:
    port: Queue[int] = Queue()
    process = Process(target=serve, args=(count, real, port), daemon=True)
    process.start()
    try:
        yield f"{ADDRESS}:{port.get()}"
    finally:
        process.terminate()


@click.command()
@click.option("--pages", type=click.IntRange(min=200), default=3_000, show_default=True)
@click.option("--real", is_flag=True, help="With the labelled pages of real sites.")
@click.option("--turns", type=click.IntRange(min=1), default=3, show_default=True)
@click.option("--rivals", default=",".join(RIVALS), show_default=True, help="Which to measure beside, or none.")
@click.option("--run", "rival", type=click.Choice(list(RIVALS)), hidden=True)
@click.option("--host", hidden=True)
def main(pages: int, real: bool, turns: int, rivals: str, rival: str | None, host: str | None) -> None:
    """Print pages a second, the ratios, and the memory that our crawl takes as it goes on."""
    if rival and host:
        from crawl_rivals import run  # each is a process of its own

        run(rival, host, pages)
        return
    names = [name for name in rivals.split(",") if name in RIVALS]
    rates: dict[str, list[float]] = {name: [] for name in ("ours", *names)}
    with site(pages, real) as address:
        for turn in range(turns):
            for name in rates:
                rate, memory = timed(name, address, pages)
                rates[name].append(rate)
                print(f"turn {turn + 1}: {name:10} {rate:7.0f} pages/s   memory in MB, by tenths: {memory}")
    ours = median(rates["ours"])
    print(f"\nours {ours:.0f} pages/s")
    for name in names:
        print(
            f"{RIVALS[name]}: {median(rates[name]):.0f} pages/s; ours is {ours / median(rates[name]):.2f} times as fast"
        )


def timed(name: str, host: str, pages: int) -> tuple[float, str]:
    """Pages a second from the first request of an article to the end, and the memory of the process meanwhile."""
    with TemporaryDirectory() as folder:
        if name == "ours":
            (Path(folder) / "yaowen.toml").write_text(f'[sites."{host}"]\nmax_pages = {2 * pages}\n')
            command = ["-m", "yaowen", "crawl", f"http://{host}/c/0", "--spider", "recommendation", "--delay", "0"]
            command += ["--allow-address", host, "--archive", f"{folder}/archive.db"]
        else:
            command = [__file__, "--run", name, "--host", host, "--pages", str(pages)]
        environment = os.environ | {"PYTHONPATH": str(Path.cwd())}
        process = subprocess.Popen(
            [sys.executable, *command], cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )
        memory: list[int] = []
        Thread(target=watch, args=(process.pid, memory), daemon=True).start()
        _, said = process.communicate()
        end = time.monotonic()
        first, _ = moments(host)
        if process.returncode:
            raise click.ClickException(said.decode())
        tenths = [memory[len(memory) * tenth // 10] for tenth in range(1, 10)] if len(memory) > 10 else memory
        return pages / (end - first), " ".join(map(str, tenths))


def watch(pid: int, memory: list[int]) -> None:
    """Note the megabytes that the process has at hand, a few times a second, until it ends."""
    status = Path(f"/proc/{pid}/statm")
    while status.exists():
        try:
            pages = int(status.read_text().split()[1])
        except (OSError, IndexError):
            return
        memory.append(pages * os.sysconf("SC_PAGE_SIZE") // 1024**2)
        time.sleep(0.25)


def moments(host: str) -> list[float]:
    """The times of the first and last request of an article since this was last asked."""
    import http.client

    connection = http.client.HTTPConnection(host)
    connection.request("GET", "/moments")
    found: list[float] = json.loads(connection.getresponse().read())
    connection.close()
    return found


if __name__ == "__main__":
    main()
