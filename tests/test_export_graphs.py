"""What goes out as GraphML and GEXF is the graph that the tables hold, to readers that know nothing of this program."""

import gzip
import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from types import ModuleType

import gexfpy
import networkx as nx
import pytest
from lxml import etree

from archive.exports import gexf, graphml
from archive.graph import Stay, recommended, slots
from archive.models import Link, Listing
from archive.selection import Selection
from archive.store import Archive
from archive.times import from_utc, to_utc
from tests.conftest import MORNING, REPOSITORY, Yaowen, article, observation

BASE = "https://news.example"
LIST = f"{BASE}/c/city"
GEXF = etree.RelaxNG(etree.parse(REPOSITORY / "tests" / "gexf.rng"))
FORMATS = pytest.mark.parametrize("module", [graphml, gexf], ids=lambda module: module.__name__.rpartition(".")[2])


def address(name: str) -> str:
    return f"{BASE}/a/{name}"


def link(name: str, position: int = 1, title: str | None = None, block: str | None = "相关阅读") -> Link:
    return Link(position=position, block=block, url=address(name), title=title or f"标题{name}")


def hour(number: float) -> str:
    return to_utc(MORNING + timedelta(hours=number))


def look(archive: Archive, name: str, at: float, *links: Link, **values: object) -> None:
    """An article is seen at an hour, with these recommendations."""
    url = address(name)
    page = article(url=url, title=f"文章{name}", related=links, **values)
    archive.record([observation(page, minutes=int(60 * at), url=url, final_url=url, body=f"{name}{at}".encode())])


def look_at_list(archive: Archive, at: float, *links: Link) -> None:
    page = Listing(url=LIST, title="城市新闻", links=links)
    archive.record([observation(page, minutes=int(60 * at), url=LIST, final_url=LIST, body=f"{LIST}{at}".encode())])


def exported(module: ModuleType, archive: Archive, selection: Selection | None = None) -> bytes:
    file = BytesIO()
    module.write(archive, selection or Selection(), file)
    return file.getvalue()


def as_graph(archive: Archive, selection: Selection | None = None) -> nx.MultiDiGraph:
    """The GraphML as networkx reads it, nodes by their addresses."""
    graph = nx.read_graphml(BytesIO(exported(graphml, archive, selection)), force_multigraph=True)
    return nx.relabel_nodes(graph, nx.get_node_attributes(graph, "url"))


def as_dynamic_graph(archive: Archive, selection: Selection | None = None) -> nx.DiGraph:
    """The GEXF, checked against its schema, as networkx reads it, nodes by their addresses."""
    written = exported(gexf, archive, selection)
    GEXF.assertValid(etree.fromstring(written))
    # networkx knows no times of day, but takes any text for a date.
    graph = nx.read_gexf(BytesIO(written.replace(b'timeformat="dateTime"', b'timeformat="date"')))
    return nx.relabel_nodes(graph, nx.get_node_attributes(graph, "url"))


def edges(graph: nx.Graph) -> set[tuple[str, str]]:
    """Who leads to whom, by the last parts of their addresses."""
    return {(source.rpartition("/")[2], target.rpartition("/")[2]) for source, target in graph.edges()}


def test_every_stay_is_an_edge_with_its_times_and_positions(archive: Archive) -> None:
    for at, names in enumerate(("ab", "ba", "b", "ab")):
        look(archive, "1", at, *(link(name, number) for number, name in enumerate(names, start=1)))
    graph = as_graph(archive)
    told = [graph.edges[edge] for edge in sorted(graph.edges(keys=True), key=lambda edge: edge[2])]
    common = {"label": "相关阅读", "title": "标题a"}
    assert told == [
        common
        | {"best_position": 1, "last_position": 2, "looks": 2}
        | {"first_seen": hour(0), "last_seen": hour(1), "gone_at": hour(2)},
        common | {"best_position": 1, "last_position": 1, "looks": 1, "first_seen": hour(3), "last_seen": hour(3)},
        {"label": "相关阅读", "title": "标题b"}
        | {"best_position": 1, "last_position": 2, "looks": 4, "first_seen": hour(0), "last_seen": hour(3)},
    ]


def test_what_went_away_and_came_back_is_one_edge_with_two_spells(archive: Archive) -> None:
    for at, names in enumerate(("ab", "ba", "b", "ab")):
        look(archive, "1", at, *(link(name, number) for number, name in enumerate(names, start=1)))
    edge = as_dynamic_graph(archive).edges[address("1"), address("a")]
    assert edge["spells"] == [(hour(0), "2026-03-01T09:59:59Z"), (hour(3), "None")]  # networkx writes no end so
    told = {name: edge[name] for name in ("stays", "looks", "weight", "best_position", "first_seen", "last_seen")}
    assert told == {
        "stays": 2,
        "looks": 3,
        "weight": 3,
        "best_position": 1,
        "first_seen": hour(0),
        "last_seen": hour(3),
    }
    assert "gone_at" not in edge


def test_a_headline_that_moves_from_block_to_block_is_there_without_a_break(archive: Archive) -> None:
    blocks = (("热点",), ("热点", "推荐"), ("推荐",), ())
    for at, names in enumerate(blocks):
        look(archive, "1", at, *(link("a", block=name) for name in names))
    between = as_dynamic_graph(archive).edges[address("1"), address("a")]
    assert (between["label"], between["stays"]) == ("热点; 推荐", 2)
    assert between["spells"] == [(hour(0), "2026-03-01T10:59:59Z")]
    assert as_graph(archive).number_of_edges() == 2


def test_what_was_never_fetched_is_kept_and_marked(archive: Archive) -> None:
    look(archive, "1", 0, link("never", 1, "先前的说法"), link("later", 2), link("unread", 3))
    look_at_list(archive, 1, link("never", 1, "后来的说法", None), link("1", 2, block=None))
    look(archive, "later", 2, source="晚报", category="本地", views=7)
    url = address("unread")
    archive.record([observation(None, minutes=130, url=url, final_url=url, outcome="unread", reason="nothing to read")])
    told = as_graph(archive, Selection(site="news.example")).nodes
    assert {name: (node["kind"], node["fetched"], node["selected"], node["title"]) for name, node in told.items()} == {
        address("1"): ("article", True, True, "文章1"),
        address("later"): ("article", True, True, "文章later"),
        address("never"): ("unknown", False, False, "后来的说法"),
        address("unread"): ("unknown", True, False, "标题unread"),
        LIST: ("page", True, False, "城市新闻"),
    }
    assert told[address("never")].keys() == {"url", "title", "kind", "fetched", "site", "selected"}
    (article_id,) = archive.db.execute("SELECT id FROM articles WHERE url = ?", [address("later")]).fetchone()
    known = {"article_id": article_id, "site": "news.example", "category": "本地", "source": "晚报", "views": 7}
    assert known.items() <= told[address("later")].items()


def test_whatever_address_leads_to_an_article_it_is_one_node(archive: Archive) -> None:
    look(archive, "1", 0, link("short"), link("long", 2))
    page = article(url=address("long"), title="一篇")
    archive.record([observation(page, minutes=60, url=address("short"), final_url=address("long"))])
    assert edges(as_graph(archive)) == {("1", "long")}
    assert as_graph(archive).number_of_edges(address("1"), address("long")) == 2


def test_an_article_that_nobody_recommends_is_a_node_too(archive: Archive) -> None:
    look(archive, "alone", 0)
    assert list(as_graph(archive)) == [address("alone")]
    assert as_dynamic_graph(archive).nodes[address("alone")]["spells"] == [(hour(0), "None")]


def test_a_node_is_there_from_its_first_trace_until_it_is_gone_from_everywhere(archive: Archive) -> None:
    look(archive, "1", 0, link("a"), link("never", 2))
    look(archive, "a", 1)
    look(archive, "1", 2, link("a"))
    url = address("a")
    archive.record([observation(None, minutes=180, url=url, final_url=url, status=404, outcome="failed", reason="404")])
    spells = nx.get_node_attributes(as_dynamic_graph(archive), "spells")
    assert spells[address("a")] == [(hour(0), "None")], "a list still shows it"
    assert spells[address("never")] == [(hour(0), "2026-03-01T09:59:59Z")]
    look(archive, "1", 4)
    assert nx.get_node_attributes(as_dynamic_graph(archive), "spells")[address("a")] == [
        (hour(0), "2026-03-01T11:59:59Z")
    ]


@pytest.fixture
def sample(original: Path) -> Iterator[Archive]:
    with Archive.open(original, read_only=True) as opened:
        yield opened


def all_stays(archive: Archive, as_of: datetime | None = None) -> list[Stay]:
    ids = archive.db.execute("SELECT id FROM articles").fetchall()
    pages = archive.db.execute("SELECT DISTINCT url FROM listings WHERE kind = 'page'").fetchall()
    return [
        *(stay for (article_id,) in ids for stay in recommended(archive, archive.article(article_id), as_of)),
        *(stay for (url,) in pages for stay in slots(archive, url, as_of)),
    ]


def test_nodes_and_edges_are_those_of_the_tables(sample: Archive) -> None:
    urls = dict(sample.db.execute("SELECT id, url FROM articles").fetchall())
    expected = Counter(
        (
            stay.source_url,
            urls.get(stay.article_id, stay.url),
            stay.label,
            stay.title,
            min(seen.position for seen in stay.seen),
            len(stay.seen),
            to_utc(stay.seen[0].observed_at),
            to_utc(stay.seen[-1].observed_at),
            to_utc(stay.gone_at) if stay.gone_at else None,
        )
        for stay in all_stays(sample)
    )
    graph = as_graph(sample)
    names = ("label", "title", "best_position", "looks", "first_seen", "last_seen", "gone_at")
    found = Counter(
        (source, target, *(told.get(name) for name in names)) for source, target, told in graph.edges(data=True)
    )
    assert found == expected
    assert len(found) > 500
    other = sample.db.execute(
        "SELECT url FROM links WHERE article_id IS NULL UNION SELECT url FROM listings WHERE article_id IS NULL"
    ).fetchall()
    assert set(graph) == set(urls.values()) | {url for (url,) in other}
    dynamic = as_dynamic_graph(sample)
    assert set(dynamic) == set(graph)
    assert set(dynamic.edges()) == set(graph.edges())


def test_at_every_moment_the_graph_is_what_stood_there_then(sample: Archive) -> None:
    urls = dict(sample.db.execute("SELECT id, url FROM articles").fetchall())
    spells = nx.get_edge_attributes(as_dynamic_graph(sample), "spells")
    for minutes in (16, 57, 58, 90, 114, 140, 910):
        moment = MORNING + timedelta(minutes=minutes)
        there = {
            edge
            for edge, times in spells.items()
            if any(start <= to_utc(moment) and (end == "None" or to_utc(moment) <= end) for start, end in times)
        }
        expected = {(stay.source_url, urls.get(stay.article_id, stay.url)) for stay in all_stays(sample, moment)}
        assert there == expected, moment


def test_no_spells_overlap_and_no_two_edges_are_parallel(sample: Archive) -> None:
    # gexfpy knows the version before, which has no word for what kind of times there are.
    text = exported(gexf, sample).decode().replace("http://gexf.net/1.3", "http://www.gexf.net/1.2draft")
    graph = gexfpy.parse_string(text.replace('version="1.3"', 'version="1.2"')).graph
    parts = [*graph.nodes[0].node, *graph.edges[0].edge]
    times = [[(spell.start, spell.end) for spell in part.spells[0].spell] for part in parts]
    for spells in times:
        ends = [end.to_datetime() if end else None for _, end in spells]
        starts = [start.to_datetime() for start, _ in spells]
        assert None not in ends[:-1]
        assert all(end is None or start <= end for start, end in zip(starts, ends, strict=True))
        assert all(end < start for end, start in zip(ends, starts[1:], strict=False))
    assert any(len(spells) > 1 for spells in times)
    ends_of_edges = [(edge.source, edge.target) for edge in graph.edges[0].edge]
    assert len(ends_of_edges) == len(set(ends_of_edges)) > 500


HOSTILE = (
    "<script>alert(1)</script>",
    "]]>&amp;'\"",
    "a\nb\tc\rd",
    "\u202egpj.exe",
    "=cmd|' /C calc'!A0",
    "运" * 5_000,
    "🏮\U0010ffff",
)


@FORMATS
def test_hostile_texts_are_nothing_but_texts(archive: Archive, module: ModuleType) -> None:
    links = [link(str(number), number, text, text) for number, text in enumerate(HOSTILE, start=1)]
    look(archive, "x", 0, *links)
    root = etree.fromstring(exported(module, archive))
    if module is graphml:
        titles = [found.text for found in root.iterfind(".//{*}edge/{*}data[@key='edge-title']")]
    else:
        titles = [found.get("value") for found in root.iterfind(".//{*}edge//{*}attvalue[@for='title']")]
    assert titles == list(HOSTILE)


@FORMATS
def test_what_xml_cannot_hold_is_taken_out(archive: Archive, module: ModuleType) -> None:
    look(archive, "x", 0, link("a", title="一\x00\x0b\x1b\ufffe\uffff二"))
    assert "一二" in etree.tostring(etree.fromstring(exported(module, archive)), encoding="unicode")


@FORMATS
def test_what_other_programs_wrote_is_taken_as_it_can_be(archive: Archive, module: ModuleType) -> None:
    look(archive, "x", 0, link("a"), link("b", 2))
    archive.db.execute("UPDATE links SET title = X'e4b880ff', position = 'two' WHERE url LIKE '%/a'")
    archive.db.execute(
        "INSERT INTO articles (url, title, views, first_seen_at) VALUES (?, X'ff', 'many', 'heute')", [LIST]
    )
    archive.db.execute("INSERT INTO listings (url, kind, observed_at) VALUES (?, 'page', 'heute')", [LIST])
    archive.db.execute("INSERT INTO links (listing_id, position, url) SELECT max(id), 1, ? FROM listings", [LIST])
    archive.db.execute("UPDATE listings SET observed_at = '2026-03-01 08:00' WHERE kind = 'related'")
    graph = as_graph(archive) if module is graphml else as_dynamic_graph(archive)
    assert edges(graph) == {("x", "a"), ("x", "b")}
    assert graph.nodes[LIST]["kind"] == "article"
    assert "views" not in graph.nodes[LIST]


def some_days(archive: Archive) -> None:
    """Three articles and a list page, and what is recommended on another site."""
    look(archive, "库", 0, link("书"), link("茶", 2))
    look(archive, "书", 1, link("茶"))
    look(archive, "茶", 2, link("塔"))
    look_at_list(archive, 3, link("库", block=None), link("塔", 2, block=None))
    other = "https://other.example/1"
    page = article(url=other, title="别处", related=(link("书"),))
    archive.record([observation(page, minutes=600, url=other, final_url=other, body=b"other")])


NAMES = {"%E5%BA%93": "库", "%E4%B9%A6": "书", "%E8%8C%B6": "茶", "%E5%A1%94": "塔"}
SELECTIONS = [
    (Selection(), "库书 库茶 书茶 茶塔 city库 city塔 1书", "库书茶1"),
    (Selection(query="title:文章库"), "库书 库茶 city库", "库"),
    (Selection(query="title:文章书"), "库书 书茶 1书", "书"),
    (Selection(site="other.example"), "1书", "1"),
    (Selection(query="title:文章书", site="news.example"), "库书 书茶", "书"),
    (Selection(since=MORNING + timedelta(hours=3)), "city库 city塔 1书", "1"),
    (Selection(until=MORNING + timedelta(hours=1)), "库书 库茶 书茶", "库书"),
    (Selection(query="title:没有"), "", ""),
]


@FORMATS
@pytest.mark.parametrize(("selection", "found", "selected"), SELECTIONS)
def test_a_selection_has_the_edges_that_it_asks_for(
    archive: Archive, module: ModuleType, selection: Selection, found: str, selected: str
) -> None:
    some_days(archive)
    graph = (as_graph if module is graphml else as_dynamic_graph)(archive, selection)
    assert {"".join(NAMES.get(end, end) for end in edge) for edge in edges(graph)} == set(found.split())
    marked = {url.rpartition("/")[2] for url, told in graph.nodes(data=True) if told["selected"]}
    assert {NAMES.get(name, name) for name in marked} == set(selected)


def test_looks_outside_the_time_neither_begin_nor_end_a_stay(archive: Archive) -> None:
    for at, names in enumerate(("a", "a", "a", "")):
        look(archive, "1", at, *(link(name) for name in names))
    selection = Selection(since=from_utc(hour(1)), until=from_utc(hour(2)))
    ((_, _, told),) = as_graph(archive, selection).edges(data=True)
    assert (told["first_seen"], told["last_seen"], told.get("gone_at")) == (hour(1), hour(2), None)
    dynamic = as_dynamic_graph(archive, selection)
    assert dynamic.edges[address("1"), address("a")]["spells"] == [(hour(1), "None")]
    assert dynamic.nodes[address("1")]["spells"] == [(hour(1), "None")]


@FORMATS
def test_progress_is_told_of_every_link(sample: Archive, module: ModuleType) -> None:
    steps = list[int]()
    module.write(sample, Selection().watched(steps.append), BytesIO())
    assert sum(steps) == sample.counts()["links"]


@FORMATS
def test_an_empty_archive_is_an_empty_graph(yaowen: Yaowen, tmp_path: Path, module: ModuleType) -> None:
    Archive.open(tmp_path / "archive.db").close()
    name = module.__name__.rpartition(".")[2]
    finished = yaowen("export", name, "-o", "out", "--json")
    assert json.loads(finished.stdout) == {"nodes": 0, "edges": 0, "file": "out"}, finished.stderr
    written = (tmp_path / "out").read_bytes()
    if module is gexf:
        GEXF.assertValid(etree.fromstring(written))
    else:
        assert nx.read_graphml(BytesIO(written)).number_of_nodes() == 0


@FORMATS
def test_the_command_writes_the_same_bytes_packed_or_not(
    yaowen: Yaowen, original: Path, tmp_path: Path, module: ModuleType
) -> None:
    name, archive = module.__name__.rpartition(".")[2], ("--archive", str(original))
    first = yaowen("export", name, "-o", "one", *archive)
    assert re.fullmatch(r"one: \d+ nodes, \d+ edges\n", first.stdout), first.stderr
    yaowen("export", name, "-o", "two.gz", *archive)
    piped = yaowen("export", name, *archive)
    one = (tmp_path / "one").read_bytes()
    assert gzip.decompress((tmp_path / "two.gz").read_bytes()) == one == piped.stdout.encode()
    card = json.loads((tmp_path / "one.datapackage.json").read_bytes())
    assert card["yaowen"]["counts"].keys() == {"nodes", "edges"}


@pytest.mark.parametrize("option", [("--what", "links"), ("--columns", "url"), ("--excel",)])
def test_an_option_of_tables_is_none_of_graphs(yaowen: Yaowen, original: Path, option: tuple[str, ...]) -> None:
    finished = yaowen("export", "gexf", *option, "--archive", str(original))
    assert (finished.returncode, f"{option[0]} is not for gexf" in finished.stderr) == (2, True), finished.stderr
