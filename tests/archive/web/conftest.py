import asyncio
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from datasette.app import Datasette

from archive.models import Observation
from archive.store import Archive

Get = Callable[..., httpx.Response]
"""Ask for a path of the room, with headers by their names with ``_`` for ``-``."""
Room = Callable[..., Get]
Kept = Callable[..., Path]


@pytest.fixture
def room() -> Room:
    """The reading room of an archive, as Datasette serves it, without a network between."""

    def of(path: Path, **settings: object) -> Get:
        served = Datasette([str(path)], settings=settings)

        def get(address: str, **headers: str) -> httpx.Response:
            sent = {name.replace("_", "-"): value for name, value in headers.items()}
            answer: httpx.Response = asyncio.run(served.client.get(address, headers=sent))
            return answer

        return get

    return of


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    """The path of an archive with these observations."""

    def keep(*observations: Observation) -> Path:
        path = tmp_path / "archive.db"
        with Archive.open(path) as archive:
            archive.record(observations)
        return path

    return keep
