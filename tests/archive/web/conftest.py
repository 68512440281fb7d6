"""Rooms: the real plugin, asked through Datasette's own client."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from datasette.app import Datasette

Get = Callable[..., Any]
"""Gives the answer to a path; headers by their names."""
Room = Callable[[Path], Get]


@pytest.fixture
def room() -> Room:
    """Opens the reading room of an archive."""

    def opened(path: Path) -> Get:
        served = Datasette([str(path)])

        def get(asked_for: str, **headers: str) -> Any:
            return asyncio.run(served.client.get(asked_for, headers={"accept-language": "en"} | headers))

        return get

    return opened
