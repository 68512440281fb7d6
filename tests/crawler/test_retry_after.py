from datetime import UTC, datetime

import pytest

from crawler.middlewares.backoff import retry_after

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)
MONTH = 30 * 86_400.0


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (b"120", 120.0),
        (b"9" * 20, MONTH),
        (b"9" * 5_000, MONTH),
        (b"Sun, 01 Mar 2026 08:02:00 GMT", 120.0),
        (b"Sun, 01 Mar 2026 07:00:00 GMT", 0.0),
        (b"Sun, 01 Mar 99999999999999999999 08:02:00 GMT", MONTH),
        (b"Sun, 99 Mar 2026 08:02:00 GMT", None),
        (b"Fri, 31 Dec 9999 23:59:59 -2359", MONTH),
        (b"soon", None),
        (b"", None),
        (None, None),
    ],
)
def test_a_retry_after_is_read_as_seconds(value: bytes | None, seconds: float | None) -> None:
    assert retry_after(value, NOW) == seconds
