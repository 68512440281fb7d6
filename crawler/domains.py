"""Which hosts are of one owner: those under one name that somebody could register.

Whoever owns ``trap.example`` makes up as many hosts under it as he likes, all on one machine.
"""

from collections.abc import Collection
from functools import cache, lru_cache

from tldextract import TLDExtract

from crawler.addresses import read_host


@lru_cache(maxsize=4_096)
def domain_of(host: str) -> str:
    """The registered name that a host is under; of an address, and of what is no such name, the host itself.

    Names that a provider gives to others are registered ones too.

    >>> domain_of("a.b.news.com.cn"), domain_of("a.b.github.io"), domain_of("127.0.0.1"), domain_of("a.b.test")
    ('news.com.cn', 'b.github.io', '127.0.0.1', 'b.test')
    """
    if host.startswith("[") or not isinstance(read_host(host), str):
        return host
    parts = _registry().extract_str(host)
    if parts.suffix:
        return parts.top_domain_under_public_suffix or host
    return ".".join(host.rsplit(".", 2)[-2:])  # .test and .lan stand in no list


@cache
def _registry() -> TLDExtract:
    # The list that came with the library: asking for a newer one would be a request that no guard sees.
    return TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)


def counted_with(site: str, planned: Collection[str]) -> str:
    """The site whose budget and pace a site shares.

    A site of the plan stands for itself and for what is under it; all else counts for its registered name.

    >>> [counted_with(f"{name}.news.example:81", {"big.news.example:81"}) for name in ("a.b", "big", "x.big")]
    ['news.example:81', 'big.news.example:81', 'big.news.example:81']
    """
    above = site
    while above:
        if above in planned:
            return above
        above = above.partition(".")[2]
    host, colon, port = site.rpartition(":")
    if not colon or not port.isdigit():
        return domain_of(site)
    return f"{domain_of(host)}:{port}"
