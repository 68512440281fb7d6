"""A hundred polite hosts are visited side by side, each at its own pace."""

from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path

import pytest

from archive.store import Archive
from tests.conftest import run_yaowen
from tests.faults.server import article, serving, whole


@pytest.mark.parametrize("hosts", [10, pytest.param(100, marks=pytest.mark.long)])
def test_hosts_are_asked_side_by_side_and_none_faster_than_it_wants(tmp_path: Path, hosts: int) -> None:
    pages = {f"/{number}": whole(article(number)) for number in range(2)}
    with ExitStack() as stack:
        servers = [stack.enter_context(serving(pages)) for _ in range(hosts)]
        plan = "".join(f'[sites."{server.host}"]\ndelay = 2.0\n' for server in servers)
        (tmp_path / "yaowen.toml").write_text(plan)
        (tmp_path / "urls.txt").write_text(
            "\n".join(f"http://{server.host}{path}" for path in pages for server in servers)
        )
        allowed = [part for server in servers for part in ("--allow-address", server.host)]
        finished = run_yaowen(tmp_path, "crawl", "--from", "urls.txt", "--depth", "0", "-q", *allowed)
    assert finished.returncode == 0, finished.stderr
    with Archive.open(tmp_path / "archive.db", read_only=True) as archive:
        assert archive.counts()["articles"] == 2 * hosts
    for server in servers:
        assert len(server.moments) == 3  # robots.txt, then the pages
        assert all(later - earlier > 0.9 for earlier, later in pairwise(server.moments))  # 2 seconds, less by half
    # One after the other, the last host would be asked for the first time when all others are done.
    assert max(server.moments[0] for server in servers) < min(server.moments[2] for server in servers)
