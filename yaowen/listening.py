"""Serving an application over HTTP until it is stopped."""

import socket
from collections.abc import Callable
from typing import Any

import uvicorn

from archive.web.access.protection import Application

_LEAVING = 5
"""Seconds that answers under way have when the server is stopped."""
_WAITING = 128
"""Connections that wait to be taken."""


def listen(host: str, port: int) -> socket.socket:
    """A socket at an address of this machine; port 0 is any that is free. Raises ``OSError``."""
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(_WAITING)
    except OSError:
        listener.close()
        raise
    return listener


def serve(app: Application, listener: socket.socket, *, ready: Callable[[], None], access_log: bool) -> None:
    """Answer until Ctrl-C or SIGTERM, which come out as ``KeyboardInterrupt``; ``ready`` is called once it can."""
    config = uvicorn.Config(
        app,
        interface="asgi3",
        log_config=None,
        access_log=access_log,
        server_header=False,
        proxy_headers=True,
        forwarded_allow_ips="127.0.0.1,::1",  # else anybody could say that they came by https, or from where
        timeout_graceful_shutdown=_LEAVING,
    )
    _Server(config, ready).run(sockets=[listener])


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, *arguments: Any, **named: Any) -> None:  # Any: as uvicorn has them
        """Tell when it listens."""
        await super().startup(*arguments, **named)
        self._ready()
