"""Rooms: the real plugin, asked through Datasette's own client."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from datasette.app import Datasette

from archive.models import Observation
from archive.store import Archive

Get = Callable[..., Any]
"""Gives the answer to a path; headers by their names, in which ``_`` may stand for ``-``."""
Room = Callable[..., Get]
Kept = Callable[..., Path]


@pytest.fixture
def room() -> Room:
    """Opens the reading room of an archive, with settings of Datasette by their names."""

    def opened(path: Path, **settings: object) -> Get:
        served = Datasette([str(path)], settings=settings)

        def get(asked_for: str, **headers: str) -> Any:
            sent = {"accept-language": "en"} | {name.replace("_", "-"): value for name, value in headers.items()}
            return asyncio.run(served.client.get(asked_for, headers=sent))

        return get

    return opened


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    """The path of an archive with these observations."""

    def keep(*observations: Observation) -> Path:
        path = tmp_path / "archive.db"
        with Archive.open(path) as archive:
            archive.record(observations)
        return path

    return keep
