from datetime import datetime, timedelta, timezone

import pytest

from archive.times import end_of, moment_of, start_of, to_utc
from archive.web.formats import memento, printed

LONG_AGO = datetime(2, 1, 5, 8, 30, tzinfo=timezone(timedelta(hours=8)))


def test_a_year_before_1000_has_four_digits_wherever_it_stands() -> None:
    assert to_utc(LONG_AGO) == "0002-01-05T00:30:00Z"
    assert moment_of(to_utc(LONG_AGO), 480) == LONG_AGO
    assert memento(LONG_AGO) == "00020105003000"
    assert printed(LONG_AGO).striptags() == "0002-01-05 08:30"


@pytest.mark.parametrize("text", ["9999-12-31T23:59:59-10:00", "0001-01-01T00:00:00+10:00"])
def test_what_is_no_time_in_utc_is_none(text: str) -> None:
    for read in (start_of, end_of):
        with pytest.raises(ValueError, match="in UTC"):
            read(text)
