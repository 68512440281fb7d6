import pytest

from archive.models import Link
from archive.neighbourhood import Neighbourhood, around, most_tied
from archive.store import Archive
from tests.conftest import article, observation


def url(name: str) -> str:
    return f"https://news.example/a/{name}"


def shown(archive: Archive, *looks: str) -> None:
    """Articles of one letter each, with the articles that they recommended: ``a>bc``."""
    for minutes, look in enumerate(looks):
        name, _, names = look.partition(">")
        links = tuple(Link(position=n, url=url(one), title=f"标题{one}") for n, one in enumerate(names, start=1))
        page = article(url=url(name), title=f"标题{name}", related=links)
        archive.record([observation(page, minutes=minutes, url=url(name), final_url=url(name))])


def told(found: Neighbourhood) -> tuple[str, set[str]]:
    """The articles, those never fetched as capitals, and the arrows between them."""
    names = {node.key: node.title[-1] if node.fetched else node.title[-1].upper() for node in found.nodes}
    return "".join(sorted(names.values())), {f"{names[edge.source]}{names[edge.target]}" for edge in found.edges}


def test_what_an_article_recommended_and_who_recommended_it_are_its_neighbours(archive: Archive) -> None:
    shown(archive, "a>bx", "b>c", "c>a", "d>e")
    found = around(archive, archive.article(url("a")))
    assert told(found) == ("Xabc", {"ab", "aX", "bc", "ca"})
    assert (found.found, around(archive, archive.article(url("d"))).found) == (4, 2)


def test_a_recommendation_counts_once_however_often_it_was_seen(archive: Archive) -> None:
    shown(archive, "b>", "a>bx", "a>xb", "a>a", "a>")
    assert told(around(archive, archive.article(url("a")))) == ("Xab", {"ab", "aX"})


@pytest.mark.parametrize(("depth", "names"), [(1, "Cab"), (2, "Cabd"), (3, "Cabde"), (4, "FCabde"), (9, "FCabde")])
def test_the_neighbours_of_neighbours_are_as_many_steps_away_as_asked_for(
    archive: Archive, depth: int, names: str
) -> None:
    shown(archive, "a>bc", "d>c", "e>d", "e>df", "b>")
    assert told(around(archive, archive.article(url("a")), depth=depth))[0] == "".join(sorted(names))


def test_of_too_many_the_nearest_and_then_the_most_tied_are_kept(archive: Archive) -> None:
    shown(archive, "a>bc", "c>de", "d>", "e>d", "b>d")
    article_a = archive.article(url("a"))
    found = around(archive, article_a, depth=2, most=4)
    assert (told(found), found.found) == (("abcd", {"ab", "ac", "cd", "bd"}), 5)
    assert told(around(archive, article_a, depth=9, most=1)) == ("a", set())


def test_an_article_without_ties_stands_alone(archive: Archive) -> None:
    shown(archive, "a>")
    assert told(around(archive, archive.article(url("a")), depth=3)) == ("a", set())


def test_of_the_whole_archive_the_most_tied_are_kept(archive: Archive) -> None:
    assert told(most_tied(archive)) == ("", set())
    shown(archive, "a>bx", "b>x", "c>x", "d>x")
    assert told(most_tied(archive)) == ("Xabcd", {"ab", "aX", "bX", "cX", "dX"})
    found = most_tied(archive, most=3)
    assert (told(found), found.found) == (("Xab", {"ab", "aX", "bX"}), 5)


def test_what_was_never_fetched_has_the_headline_that_was_printed_last(archive: Archive) -> None:
    for minutes, title in enumerate(("早先的标题", "后来的标题")):
        link = Link(position=1, url=url("x"), title=title)
        archive.record([observation(article(related=(link,)), minutes=minutes)])
    (never,) = [node for node in most_tied(archive).nodes if not node.fetched]
    assert (never.key, never.title) == (url("x"), "后来的标题")


def test_bytes_that_another_program_wrote_are_no_title(archive: Archive) -> None:
    shown(archive, "a>b")
    with archive.writing() as db:
        db.execute("UPDATE articles SET title = x'ff00'")
        db.execute("UPDATE links SET title = x'ff00', url = CAST(url AS BLOB)")
    assert [node.title for node in most_tied(archive).nodes] == ["", ""]


def test_the_most_tied_can_be_looked_for_among_the_lists_that_were_recorded_last(archive: Archive) -> None:
    shown(archive, "a>bcde", "b>c", "d>e")
    assert {node.title[-1] for node in most_tied(archive, newest=2).nodes} == set("bcde")
