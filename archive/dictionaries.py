"""Dictionaries: what the pages of one site have in common, so that each page is kept by what is its own."""

from collections.abc import Iterator, Sequence

import zstandard

SAMPLES = 48
"""Pages that a dictionary is made of and judged by."""
TRAINED_SIZES = (32_768, 112_640)
"""Bytes of the dictionaries that zstd trains: the small one suits small pages, the large one is zstd's own default."""
WHOLE_PAGES = (1, 2, 4, 8)
"""How many whole pages may be the dictionary; on news pages of 100 kB and more that beats training."""
LARGEST = 1_000_000
LEVEL = 6
"""Measured: higher levels cost time at every fetch and save little on pages of this size."""
PAYS = 0.95
"""Share of the size without, or with the dictionary before, below which a new one is worth having."""


def best_dictionary(samples: Sequence[bytes], pages: int, known: bytes | None = None) -> bytes | None:
    """The dictionary with which so many pages like the samples take least, it itself included; ``None`` if none pays.

    ``known`` is the one in use. A quarter of the samples judges what the others made.
    """
    judges, makers = samples[::4], [sample for number, sample in enumerate(samples) if number % 4]
    if not judges or not makers:
        return None
    best, least = None, _cost(judges, known, pages) * PAYS
    for candidate in _candidates(makers):
        cost = _cost(judges, candidate, pages) + len(packed(candidate))
        if cost < least:
            best, least = candidate, cost
    return best


def packed(dictionary: bytes) -> bytes:
    """A dictionary as it is stored."""
    return zstandard.compress(dictionary, 12)


def unpacked(stored: bytes) -> bytes:
    """The dictionary that was stored."""
    return zstandard.decompress(stored, max_output_size=LARGEST)


def _candidates(makers: Sequence[bytes]) -> Iterator[bytes]:
    for size in TRAINED_SIZES:
        try:
            yield zstandard.train_dictionary(size, list(makers)).as_bytes()
        except zstandard.ZstdError:  # too few pages, or too large ones
            continue
    by_size = sorted(makers, key=len)
    for count in WHOLE_PAGES:
        first = max(0, (len(by_size) - count) // 2)
        pages = b"".join(by_size[first : first + count])
        if len(pages) <= LARGEST:
            yield pages


def _cost(judges: Sequence[bytes], dictionary: bytes | None, pages: int) -> float:
    """The bytes that so many pages like these take."""
    data = zstandard.ZstdCompressionDict(dictionary) if dictionary else None
    compressor = zstandard.ZstdCompressor(level=LEVEL, dict_data=data)
    return sum(len(compressor.compress(judge)) for judge in judges) / len(judges) * pages
