"""Feeds and sitemaps as faulty and hostile servers send them."""

import gzip
from collections.abc import Iterator, Mapping
from functools import cache

from tests.faults.server import GOOD, Answer, article, front_page, gzip_bomb, head, raw, whole

MANY = 100_000
"""Entries of the largest feed; their addresses are another site's, so that none is followed."""


def rss(titles: str = "第一条", link: str = "/a/1", before: str = "", title: str = "要闻") -> bytes:
    """A feed of one entry; ``before`` stands before its root."""
    entry = f"<item><title>{titles}</title><link>{link}</link></item>"
    return f'{before}<rss version="2.0"><channel><title>{title}</title>{entry}</channel></rss>'.encode()


def sitemap(*addresses: str, before: str = "") -> bytes:
    return f"{before}<urlset>{''.join(f'<url><loc>{one}</loc></url>' for one in addresses)}</urlset>".encode()


def index(*addresses: str, before: str = "") -> bytes:
    listed = "".join(f"<sitemap><loc>{one}</loc></sitemap>" for one in addresses)
    return f"{before}<sitemapindex>{listed}</sitemapindex>".encode()


def xml(body: bytes, kind: str = "text/xml") -> Answer:
    return whole(body, "200 OK", f"Content-Type: {kind}")


def gz(body: bytes) -> Answer:
    return xml(body, "application/x-gzip")


_LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 20))
LAUGHS = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "ha">{_LAUGHS}<!ENTITY bomb "&a19;">]>'
"""Ten to the nineteenth laughs."""
BLOWUP = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "{"ha" * 50_000}">]>'
"""100 kB; 50,000 times that are 5 GB."""
BLOWN = "&a;" * 50_000


@cache
def _largest() -> bytes:
    """Nearly the 50 MB that a sitemap may have."""
    return gzip.compress(sitemap(*(f"http://far.example/{n:0150}" for n in range(250_000))), 1)


def outward(address: str) -> str:
    """A document type with entities, and with a definition of its own, that stand at an address."""
    parts = f'<!ENTITY bomb SYSTEM "{address}"><!ENTITY % part SYSTEM "{address}">%part;'
    return f'<?xml version="1.0"?><!DOCTYPE x SYSTEM "{address}" [{parts}]>'


def lists(secret_file: str, secret_host: str) -> dict[str, Answer]:
    """By path; none may give away the file of this machine, or connect to the host."""
    outside = {"file": outward(secret_file), "http": outward(f"http://{secret_host}/secret")}
    include = f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{secret_file}" parse="text"/>'
    feed = rss("第一条", "/a/1")
    json = b'{"version": "https://jsonfeed.org/version/1.1", "items": ['
    many = "".join(f"<item><title>{n}</title><link>http://far.example/{n}</link></item>" for n in range(MANY))
    half = f"<item><title>后</title><link>/a/3</link></item>{feed.decode()}"
    whole_feed = rss().replace(b"</channel>", half.encode() * 200 + b"</channel>")
    return {
        "/laughs.rss": xml(rss("&bomb;", before=LAUGHS)),
        "/blowup.rss": xml(rss(BLOWN, before=BLOWUP)),
        "/laughs.xml": xml(sitemap("/a/1", "/a/&bomb;", before=LAUGHS)),
        "/blowup.xml": xml(sitemap("/a/1", f"/a/{BLOWN}", before=BLOWUP)),
        "/laughs-index.xml": xml(index("/good.xml", "/&bomb;", before=LAUGHS)),
        "/blowup-index.xml": xml(index("/good.xml", f"/{BLOWN}", before=BLOWUP)),
        **{f"/{name}.rss": xml(rss("一 &bomb;", before=before)) for name, before in outside.items()},
        **{f"/{name}.xml": xml(sitemap("/a/1", "&bomb;", before=before)) for name, before in outside.items()},
        **{f"/{name}-index.xml": xml(index("/good.xml", "&bomb;", before=before)) for name, before in outside.items()},
        "/included.xml": xml(sitemap("/a/1").replace(b"<loc>", f"{include}<loc>".encode())),
        "/styled.rss": xml(rss(before=f'<?xml-stylesheet href="http://{secret_host}/style.xsl" type="text/xsl"?>')),
        "/good.xml": xml(sitemap("/a/2", "/a/3")),
        "/gone.xml": whole("<title>页面不存在</title><p>抱歉，您访问的页面不存在</p>".encode()),
        "/page.xml": xml(article(0)),
        "/page-as-feed": xml(article(0), "application/rss+xml"),
        "/bomb.xml.gz": gz(gzip_bomb(256 * 1024 * 1024)),
        "/bomb-in-bomb.xml.gz": gz(gzip.compress(gzip_bomb(256 * 1024 * 1024))),
        "/largest.xml.gz": gz(_largest()),
        "/cut.xml.gz": gz(gzip.compress(sitemap("/a/1"))[:-30]),
        "/head.xml.gz": gz(gzip.compress(sitemap("/a/1"))[:10]),
        "/bytes.xml.gz": gz(b"\x1f\x8b" + bytes(range(256))),
        "/broken-off.xml.gz": raw(head(length=5_000, fields=["Content-Type: application/x-gzip"]), b"\x1f\x8b\x08"),
        "/plain.xml.gz": gz(sitemap("/a/4")),
        "/twice.xml.gz": whole(
            gzip.compress(gzip.compress(sitemap("/a/4"))),
            "200 OK",
            "Content-Type: application/x-gzip",
            "Content-Encoding: gzip",
        ),
        "/self-index.xml": xml(index("/self-index.xml", "/good.xml")),
        "/ping-index.xml": xml(index("/pong-index.xml")),
        "/pong-index.xml": xml(index("/ping-index.xml")),
        "/wide-index.xml": xml(index(*(f"/w/{n}.xml" for n in range(5_000)))),
        "/many.rss": xml(f'<rss version="2.0"><channel>{many}</channel></rss>'.encode()),
        "/half.rss": xml(whole_feed[: len(whole_feed) // 2]),
        "/broken-off.rss": raw(head(length=len(feed), fields=["Content-Type: text/xml"]), feed[:60]),
        "/half.json": xml(json + b'{"url": "/a/1"', "application/json"),
        "/deep.json": xml(json + b"[" * 100_000, "application/json"),
        "/gbk-as-utf8.rss": whole(feed.decode().encode("gbk"), "200 OK", "Content-Type: text/xml; charset=utf-8"),
        "/utf8-as-utf16.rss": xml(b'<?xml version="1.0" encoding="utf-16"?>' + feed, "text/xml; charset=utf-16"),
        "/nonsense.rss": xml(b'<?xml version="1.0" encoding="nonsense"?>' + feed, "text/xml; charset=nonsense"),
        "/nul.rss": xml(feed.replace("第".encode(), "第\0".encode())),
        **{f"/a/{number}": whole(article(number)) for number in range(1, GOOD + 1)},
    }


def elsewhere(host: str) -> tuple[str, ...]:
    """Ways to write the address of a server on this machine, and other addresses that no page may send a crawl to."""
    port = host.rpartition(":")[2]
    own: tuple[str, ...] = (
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0x7f.0.0.1",
        "0177.0.0.1",
        "017700000001",
        "0",
        "0.0.0.0",
    )
    own += ("localhost", "LOCALHOST.", "127.0.0.1.", "127。0。0。1", "①②⑦.⓪.⓪.①", "user:word@127.0.0.1")
    own += ("[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[0:0:0:0:0:ffff:7f00:0001]", "[64:ff9b::7f00:1]")
    private = ("10.0.0.1", "192.168.1.1", "172.16.0.1", "169.254.169.254", "[fe80::1]", "[fd00::1]", "[2002:7f00:1::]")
    return (*(f"http://{one}:{port}/" for one in own), *(f"http://{one}/" for one in private))


NO_WEB = (
    "javascript:alert(1)",
    "file:///etc/hosts",
    "data:text/html,x",
    "ftp://news.example/a",
    "http://[x",
    "http://",
)
"""What is no address to a crawl."""


class Endless(Mapping[str, Answer]):
    """A front page, and an index of sitemaps for every other address, each leading to ``width`` further ones."""

    articles = 40

    def __init__(self, width: int) -> None:
        self.width = width

    def __getitem__(self, path: str) -> Answer:
        if path == "/robots.txt":
            raise KeyError(path)
        if path == "/":
            return whole(front_page(self.articles))
        if path.startswith("/a/"):
            return whole(article(int(path.rpartition("/")[2])))
        base = path.removesuffix(".xml")
        return xml(index(*(f"{base}/{n}.xml" for n in range(self.width))))

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0
