"""The sample site says what it promises: three states, three kinds of markup, and the truth about both."""

from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse
from urllib.parse import urljoin, urlsplit

import pytest
from lxml import html

from crawler.sample_site import SampleArticle, SampleSite
from crawler.sample_site.server import SampleServer, running

STATES = (1, 2, 3)
SITES = {state: SampleSite(state) for state in STATES}


def by_slug(state: int) -> dict[str, SampleArticle]:
    return {article.slug: article for article in SITES[state].articles()}


def page(site: SampleSite, path: str) -> html.HtmlElement:
    response = site.respond(path)
    charset = "gb18030" if b"charset=gb2312" in response.body else "utf-8"
    return html.document_fromstring(response.body.decode(charset))


def text_of(state: int) -> str:
    return "\n".join(article_text(article) for article in SITES[state].articles())


def article_text(article: SampleArticle) -> str:
    return "\n".join(line for section in article.sections for line in (section.heading or "", *section.paragraphs))


def chinese(text: str) -> int:
    return sum("\u4e00" <= character <= "\u9fff" for character in text)


def edited(earlier: int, later: int) -> set[str]:
    before, after = by_slug(earlier), by_slug(later)
    return {
        slug
        for slug in before.keys() & after.keys()
        if (before[slug].title, before[slug].sections) != (after[slug].title, after[slug].sections)
    }


# The three states


@pytest.mark.parametrize(("state", "count"), [(1, 45), (2, 49), (3, 53)])
def test_each_state_has_its_number_of_articles(state: int, count: int) -> None:
    assert len(SITES[state].articles()) == len(SITES[state].article_paths()) == count


def test_there_is_no_fourth_state() -> None:
    with pytest.raises(ValueError, match="not 4"):
        SampleSite(4)


@pytest.mark.parametrize("state", STATES)
def test_every_page_is_served_in_a_realistic_size(state: int) -> None:
    site = SITES[state]
    for path in site.article_paths() + site.list_paths():
        response = site.respond(path)
        assert response.status == 200
        assert (5_000 if path.startswith("/a/") else 3_000) < len(response.body) < 30_000


@pytest.mark.parametrize("state", STATES)
def test_the_pages_are_the_same_each_time(state: int) -> None:
    site = SITES[state]
    for path in site.article_paths() + site.list_paths():
        assert site.respond(path) == SampleSite(state).respond(path)


@pytest.mark.parametrize(("earlier", "later"), [(1, 2), (2, 3)])
def test_five_articles_come_on_top_and_one_goes(earlier: int, later: int) -> None:
    before, after = by_slug(earlier), by_slug(later)
    assert before.keys() - after.keys() == {"a-film-with-no-actors" if later == 2 else "open-numbers"}
    assert after.keys() - before.keys() == set(list(after)[:5])


@pytest.mark.parametrize(("earlier", "later"), [(1, 2), (2, 3)])
def test_a_removed_article_is_gone_from_every_list(earlier: int, later: int) -> None:
    site = SITES[later]
    (gone,) = set(SITES[earlier].article_paths()) - set(site.article_paths())
    assert site.respond(gone).status == 404
    assert not any(gone.encode() in site.respond(path).body for path in site.article_paths() + site.list_paths())


@pytest.mark.parametrize(("earlier", "later"), [(1, 2), (2, 3)])
def test_every_counter_rises_and_not_evenly(earlier: int, later: int) -> None:
    before, after = by_slug(earlier), by_slug(later)
    rises = [after[slug].views - before[slug].views for slug in before.keys() & after.keys()]
    assert min(rises) > 0
    assert len(set(rises)) > len(rises) / 2


@pytest.mark.parametrize(("earlier", "later"), [(1, 2), (2, 3)])
def test_recommendations_move_and_new_ones_enter(earlier: int, later: int) -> None:
    before, after = by_slug(earlier), by_slug(later)
    for slug in before.keys() & after.keys():
        assert len(after[slug].related) == 9
        assert set(after[slug].related) - set(before[slug].related)
        assert before[slug].related != after[slug].related


def test_two_articles_are_edited_in_the_second_state() -> None:
    assert edited(1, 2) == {"canal-night-library", "canal-boats-on-5g"}
    before, after = by_slug(1), by_slug(2)
    assert before["canal-night-library"].title != after["canal-night-library"].title
    assert before["canal-night-library"].sections != after["canal-night-library"].sections
    assert len(after["canal-boats-on-5g"].sections) == len(before["canal-boats-on-5g"].sections) + 1


def test_in_the_third_state_one_article_is_back_to_its_first_text() -> None:
    assert edited(2, 3) == {"canal-night-library", "postcards-to-suzhou"}
    assert edited(1, 3) == {"canal-boats-on-5g", "postcards-to-suzhou"}


# The texts


@pytest.mark.parametrize("word", ["人才", "发展", "人才发展", "苏州", "厚植组织优势", "图书馆", "运河"])
def test_a_word_to_search_for_occurs_in_several_articles(word: str) -> None:
    assert sum(word in article_text(article) for article in SITES[1].articles()) > 1


def test_one_article_quotes_traditional_characters() -> None:
    assert [article.slug for article in SITES[1].articles() if "蘇州" in article_text(article)] == [
        "postcards-to-suzhou"
    ]


@pytest.mark.parametrize("word", ["iPhone", "5G", "AI"])
def test_latin_words_and_digits_stand_among_the_chinese(word: str) -> None:
    assert word in text_of(1)


def test_articles_are_of_natural_length_but_for_one_flash() -> None:
    short = [article for article in SITES[3].articles() if not 350 <= chinese(article_text(article)) <= 900]
    assert [article.slug for article in short] == ["thunder-on-tuesday"]


def test_some_articles_have_no_headings() -> None:
    plain = [article for article in SITES[1].articles() if len(article.sections) == 1]
    assert 3 <= len(plain) <= 6


# The pages


@pytest.mark.parametrize("state", STATES)
def test_every_link_within_the_site_resolves(state: int) -> None:
    site = SITES[state]
    for path in site.article_paths() + site.list_paths():
        for address in page(site, path).xpath("//@href | //@src"):
            target = urlsplit(urljoin(f"http://site.test{path}", address))
            assert (target.netloc, site.respond(target.path).status) == ("site.test", 200), address


@pytest.mark.parametrize("state", STATES)
def test_the_lists_lead_to_every_article_newest_first(state: int) -> None:
    site = SITES[state]
    for category in {article.category.path for article in site.articles()}:
        expected = [article.path for article in site.articles() if article.category.path == category]
        assert list(linked_articles(site, category)) == expected


def linked_articles(site: SampleSite, path: str | None) -> Iterator[str]:
    """The articles of a list and of those behind 下一页, in the order of their lead images."""
    while path:
        tree = page(site, path)
        yield from tree.xpath("//a[img]/@href")
        path = next(iter(tree.xpath("//a[.='下一页']/@href")), None)


def test_a_page_prints_its_article_and_its_recommendations() -> None:
    for article in SITES[1].articles():
        tree = page(SITES[1], article.path)
        printed = tree.text_content().replace("\xa0", "")
        lines = [line for section in article.sections for line in section.paragraphs]
        assert all(line in printed for line in (article.title, article.related_label, *lines))
        assert tuple(tree.xpath("//a[img]/@href")) == article.related
        assert tree.xpath("//img/@alt")[0] == f"{article.title} - 柳塘时报"


@pytest.mark.parametrize(
    ("slug", "printed"),
    [
        ("reading-desk-with-ai", '<span class="views">2817</span>'),
        ("the-bookshop-that-lends", "2,044次浏览"),
        ("canal-night-library", "2025年06月10日09:12:40&nbsp;&nbsp;本地&nbsp;&nbsp;阅读:1583"),
    ],
)
def test_each_skin_prints_the_counter_in_its_own_way(slug: str, printed: str) -> None:
    body = SITES[1].respond(f"/a/{slug}.html").body
    assert printed.encode("gbk" if b"gb2312" in body else "utf-8") in body


def test_the_old_skin_is_gbk_that_only_the_page_itself_declares() -> None:
    for article in SITES[3].articles():
        if article.category.name == "本地":
            response = SITES[3].respond(article.path)
            assert "charset" not in response.headers["Content-Type"]
            assert article.title in response.body.decode("gb18030")
            with pytest.raises(UnicodeDecodeError):
                response.body.decode("utf-8")


def test_the_old_skin_holds_characters_that_gb2312_does_not_know() -> None:
    with pytest.raises(UnicodeDecodeError):
        SITES[1].respond("/a/bus-nineteen.html").body.decode("gb2312")  # the 喆 in 葛明喆


def test_some_summaries_open_with_their_source() -> None:
    sourced = [article for article in SITES[1].articles() if article.source]
    assert len(sourced) > 2
    assert all(article.summary.startswith(f"【来源:{article.source}】") for article in sourced)


def test_robots_may_not_enter_the_staff_room() -> None:
    assert b"Disallow: /private/" in SITES[1].respond("/robots.txt").body


# The server


@pytest.fixture
def server() -> Iterator[SampleServer]:
    with running() as server:
        yield server


@pytest.fixture
def connection(server: SampleServer) -> Iterator[HTTPConnection]:
    connection = HTTPConnection("127.0.0.1", server.server_port, timeout=10)
    yield connection
    connection.close()


def ask(connection: HTTPConnection, path: str, method: str = "GET", **headers: str) -> tuple[HTTPResponse, bytes]:
    connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    response = connection.getresponse()
    return response, response.read()


def test_the_server_gives_the_bytes_of_the_site_and_keeps_the_connection(
    server: SampleServer, connection: HTTPConnection
) -> None:
    for path in ("/", "/c/local", "/a/canal-night-library.html"):
        response, body = ask(connection, path)
        assert (response.status, response.version, body) == (200, 11, SITES[1].respond(path).body)
        assert not response.will_close
    assert server.requests == ["/", "/c/local", "/a/canal-night-library.html"]


def test_the_server_answers_head_with_the_length_alone(connection: HTTPConnection) -> None:
    response, body = ask(connection, "/", "HEAD")
    assert (response.headers["Content-Length"], body) == (str(len(SITES[1].respond("/").body)), b"")


def test_what_did_not_change_is_not_sent_again(server: SampleServer, connection: HTTPConnection) -> None:
    etag = ask(connection, "/c/tech")[0].headers["ETag"]
    response, body = ask(connection, "/c/tech", If_None_Match=etag)
    assert (response.status, body) == (304, b"")
    server.state = 2
    response, body = ask(connection, "/c/tech", If_None_Match=etag)
    assert (response.status, body) == (200, SITES[2].respond("/c/tech").body)


def test_a_client_that_hangs_up_leaves_no_traceback(
    server: SampleServer, connection: HTTPConnection, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        raise ConnectionResetError
    except ConnectionResetError:
        server.handle_error(connection.sock, ("127.0.0.1", 1))
    assert capsys.readouterr().err == ""


def test_the_state_cannot_be_changed_from_outside(server: SampleServer, connection: HTTPConnection) -> None:
    response, _ = ask(connection, "/state/2")
    assert (response.status, server.state) == (404, 1)
