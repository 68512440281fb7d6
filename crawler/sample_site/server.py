"""The sample site on a port of this machine, with keep-alive, validators and HEAD."""

import hashlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import socket
from threading import Thread

from crawler.sample_site.site import SampleSite


class SampleServer(ThreadingHTTPServer):
    """Serves the sample site.

    ``state`` may be set while it runs, ``requests`` holds the paths asked for, ``url`` has no slash at its end.
    """

    daemon_threads = True
    request_queue_size = 128  # a crawl opens more connections at once than the default backlog of 5

    def __init__(self, host: str, port: int, state: int) -> None:
        self.requests: list[str] = []
        super().__init__((host, port), _Handler)
        self.url = f"http://{host}:{self.server_port}"
        self.site = SampleSite(state, self.url)

    @property
    def state(self) -> int:
        """The state that the site stands in."""
        return self.site.state

    @state.setter
    def state(self, state: int) -> None:
        self.site = SampleSite(state, self.url)

    def handle_error(self, request: socket | tuple[bytes, socket], client_address: tuple[str, int]) -> None:
        """Stay quiet about a client that hung up, as a killed crawl does; report all else."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    server: SampleServer
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # head and body are two packets; waiting for the ACK between them: 31 pages/s

    def do_GET(self) -> None:
        self.server.requests.append(self.path)
        response = self.server.site.respond(self.path)
        etag = f'"{hashlib.sha256(response.body).hexdigest()[:32]}"'
        known = response.status == HTTPStatus.OK and self.headers.get("If-None-Match") == etag
        self.send_response(HTTPStatus.NOT_MODIFIED if known else response.status)
        for name, value in response.headers.items():
            self.send_header(name, value)
        self.send_header("ETag", etag)
        if not known:
            self.send_header("Content-Length", str(len(response.body)))
        self.end_headers()
        if self.command == "GET" and not known:
            self.wfile.write(response.body)

    def do_HEAD(self) -> None:
        self.do_GET()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: ``requests`` is the log."""


def serve(host: str = "127.0.0.1", port: int = 8765, state: int = 1) -> None:
    """Serve the site until interrupted; a port that is taken raises OSError."""
    with SampleServer(host, port, state) as server:
        server.serve_forever()


@contextmanager
def running(state: int = 1, port: int = 0) -> Iterator[SampleServer]:
    """A server in the background on loopback, at a free port unless one is named."""
    with SampleServer("127.0.0.1", port, state) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
