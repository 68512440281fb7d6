"""Tables go out as they stand in the archive, and come back so with the libraries of others."""

import csv
import gzip
import hashlib
import json
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import duckdb
import pandas
import pyarrow.parquet as pq
import pytest
from frictionless import Package

from archive.extracts import NAMES, extract_of
from archive.models import Link, Section
from archive.selection import Selection
from archive.store import Archive
from tests.conftest import MORNING, Export, Yaowen, article, observation

FORMATS = ("jsonl", "json", "csv", "parquet")


def rows_in(path: Path, what: str = "articles") -> list[dict[str, Any]]:
    """What the archive itself says, told by other statements than those of the exports."""
    with Archive.open(path, read_only=True) as archive:
        if what != "articles":
            return list(extract_of(what).rows(archive, Selection()))
        found = [
            archive.article(row[0]) for row in archive.db.execute("SELECT id FROM articles ORDER BY id").fetchall()
        ]
    return [
        {
            "id": one.id,
            "url": one.url,
            "title": one.title,
            "authors": list(one.authors),
            "views": one.views,
            "published_at": one.published_at.astimezone(MORNING.tzinfo) if one.published_at else None,
            "sections": [
                {"heading": part.heading, "level": part.level, "paragraphs": list(part.paragraphs)}
                for part in one.sections
            ],
        }
        for one in found
    ]


def read_back(path: Path, name: str) -> list[dict[str, Any]]:
    """The rows of a file as another library reads them."""
    if name == "jsonl":
        return [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    if name == "json":
        rows: list[dict[str, Any]] = json.loads(path.read_text("utf-8"))
        return rows
    if name == "parquet":
        return list(pq.read_table(path).to_pylist())
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("name", ["jsonl", "json", "parquet"])
def test_articles_come_back_as_they_are(out: Export, original: Path, name: str) -> None:
    expected, found = rows_in(original), read_back(out(name), name)
    assert len(found) == len(expected) > 40
    for was, now in zip(expected, found, strict=True):
        assert {key: now[key] for key in was if key != "published_at"} == {
            key: value for key, value in was.items() if key != "published_at"
        }
        moment = datetime.fromisoformat(now["published_at"]) if isinstance(now["published_at"], str) else None
        assert (moment or now["published_at"]) == was["published_at"]


def test_csv_is_read_by_pandas_and_python_alike(out: Export, original: Path) -> None:
    path = out("csv")
    frame, rows, expected = pandas.read_csv(path), read_back(path, "csv"), rows_in(original)
    assert list(frame["id"]) == [int(row["id"]) for row in rows] == [one["id"] for one in expected]
    assert list(frame["title"]) == [row["title"] for row in rows] == [one["title"] for one in expected]
    assert [row["authors"] for row in rows] == ["; ".join(one["authors"]) for one in expected]
    assert "sections" not in rows[0]
    with_sections = read_back(out("csv", "--columns", "id,sections", target="more.csv"), "csv")
    assert [json.loads(row["sections"]) for row in with_sections] == [one["sections"] for one in expected]


@pytest.mark.parametrize("what", NAMES)
def test_every_table_is_the_same_in_every_format(out: Export, original: Path, what: str) -> None:
    files = {name: out(name, "--what", what, target=f"{what}.{name}") for name in FORMATS}
    expected = json.loads(json.dumps(rows_in(original, "articles" if what == "articles" else what), default=str))
    lines = read_back(files["jsonl"], "jsonl")
    assert len(lines) == len(expected) > 10
    assert read_back(files["json"], "json") == lines
    typed = read_back(files["parquet"], "parquet")
    as_text = [{key: _as_json(value) for key, value in row.items()} for row in typed]
    assert as_text == lines
    flat = read_back(files["csv"], "csv")
    assert len(flat) == len(lines)
    for row, line in zip(flat, lines, strict=True):
        assert {key: line[key] for key in row if isinstance(line[key], int)} == {
            key: int(value) for key, value in row.items() if isinstance(line[key], int)
        }


def _as_json(value: Any) -> Any:
    return value.strftime("%Y-%m-%dT%H:%M:%SZ") if isinstance(value, datetime) else value


def test_the_tables_have_what_the_archive_counts(original: Path) -> None:
    tables = {"views": "view_counts"}
    with Archive.open(original, read_only=True) as archive:
        for what in NAMES:
            extract = extract_of(what)
            rows = list(extract.rows(archive, Selection()))
            assert len(rows) == extract.count(archive, Selection()) == archive.db.table(tables.get(what, what)).count
            assert tuple(rows[0]) == extract.names


def test_the_same_archive_gives_the_same_file(out: Export) -> None:
    for name in FORMATS:
        assert out(name, target=f"1.{name}").read_bytes() == out(name, target=f"2.{name}").read_bytes()
    packed = out("jsonl", target="1.jsonl.gz")
    assert gzip.decompress(packed.read_bytes()) == out("jsonl", target="3.jsonl").read_bytes()
    assert packed.read_bytes() == out("jsonl", target="2.jsonl.gz").read_bytes()


@pytest.mark.parametrize(
    ("arguments", "query"),
    [
        (("图书馆",), "图书馆"),
        (("图书馆", "-工坊"), "图书馆 -工坊"),
        (("图书馆 OR 人才", "--category", "本地"), "(图书馆 OR 人才) category:本地"),
        (("--category", "本地"), "category:本地"),
        (("title:图书馆", "date:2025"), "title:图书馆 date:2025"),
        (("--category", "本地", "--category", "文化"), "category:本地 OR category:文化"),
        (("图书馆", "--category", "本地", "--category", "文化"), "图书馆 (分类：本地 OR 分类：文化)"),
    ],
)
def test_a_query_selects_what_a_search_finds(
    out: Export, yaowen: Yaowen, original: Path, arguments: tuple[str, ...], query: str
) -> None:
    searched = yaowen("search", query, "--limit", "1000", "--json", "--archive", str(original))
    expected = sorted(hit["id"] for hit in json.loads(searched.stdout)["hits"])
    assert [row["id"] for row in read_back(out("jsonl", *arguments), "jsonl")] == expected
    assert expected


def test_a_query_selects_rows_of_the_other_tables_too(out: Export) -> None:
    ids = {row["id"] for row in read_back(out("jsonl", "图书馆"), "jsonl")}
    for what in ("sections", "revisions", "views", "captures"):
        rows = read_back(out("jsonl", "图书馆", "--what", what, target=f"{what}.jsonl"), "jsonl")
        assert {row["article_id"] for row in rows} - {None} == ids, what
    links = read_back(out("jsonl", "图书馆", "--what", "links", target="links.jsonl"), "jsonl")
    assert links
    assert all({link["shown_by"], link["article_id"]} & ids for link in links)


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """An archive of two articles, a year apart in publication and an hour in looks, on two sites."""
    path = tmp_path / "made.db"
    east = timezone(timedelta(hours=8))
    with Archive.open(path) as archive:
        for number, (site, year) in enumerate((("one.example", 2024), ("two.example", 2025))):
            url = f"https://{site}/a"
            page = article(
                url=url,
                title=f"第{number}条",
                published_at=datetime(year, 1, 1, 3, tzinfo=east),
                published_precision="minute",
                views=number,
                related=(Link(position=1, url=f"https://{site}/b", title="另一条"),),
            )
            archive.record([observation(page, minutes=60 * number, url=url, final_url=url)])
    return path


@pytest.mark.parametrize(
    ("arguments", "titles"),
    [
        (("--site", "one.example"), ["第0条"]),
        (("--site", "https://www.two.example/"), ["第1条"]),
        (("--since", "2026-03-01T08:30"), ["第1条"]),
        (("--until", "2026-03-01T08:30"), ["第0条"]),
        (("date:2024..2025",), ["第0条", "第1条"]),
    ],
)
def test_a_site_and_a_time_select(out: Export, made: Path, arguments: tuple[str, ...], titles: list[str]) -> None:
    assert [row["title"] for row in read_back(out("jsonl", *arguments, archive=made), "jsonl")] == titles
    views = read_back(out("jsonl", *arguments, "--what", "views", target="v.jsonl", archive=made), "jsonl")
    assert len(views) == len(titles)


def test_a_watch_selects_what_it_matches(out: Export, yaowen: Yaowen, made: Path) -> None:
    yaowen("watch", "add", "first", "第0条", "--archive", str(made))
    assert [row["title"] for row in read_back(out("jsonl", "--watch", "first", archive=made), "jsonl")] == ["第0条"]


def test_all_that_goes_out_is_of_one_moment(tmp_path: Path) -> None:
    path = tmp_path / "busy.db"
    with Archive.open(path) as writer:
        writer.record([observation(article())])
        with Archive.open(path, read_only=True) as reader, Selection().chosen(reader):
            rows = extract_of("articles").rows(reader, Selection())
            writer.record([observation(article(title="新的题目"), minutes=1)])
            writer.record([observation(article(url="https://news.example/a/2"), minutes=2)])
            assert [row["title"] for row in rows] == ["运河边的图书馆"]
            assert extract_of("revisions").count(reader, Selection()) == 1
        assert extract_of("articles").count(writer, Selection()) == 2


def test_columns_come_in_the_order_asked_for(out: Export) -> None:
    for name in FORMATS:
        rows = read_back(out(name, "--columns", "title, id", target=f"c.{name}"), name)
        assert tuple(rows[0]) == ("title", "id")


def test_schema_org_names_are_those_of_a_news_article(out: Export, original: Path) -> None:
    rows = {row["url"]: row for row in read_back(out("json", "--schema-org"), "json")}
    for one in rows_in(original):
        row = rows[one["url"]]
        assert (row["@context"], row["@type"]) == ("https://schema.org", "NewsArticle")
        assert (row["headline"], row["identifier"]) == (one["title"], str(one["id"]))
        assert [author["name"] for author in row.get("author", [])] == one["authors"]
        assert datetime.fromisoformat(row["datePublished"]).date()
        assert row.get("interactionStatistic", {}).get("userInteractionCount") == one["views"]


def test_a_date_known_by_the_day_has_no_time_in_schema_org(out: Export, tmp_path: Path) -> None:
    path = tmp_path / "day.db"
    day = datetime(2024, 5, 6, tzinfo=timezone(timedelta(hours=8)))
    with Archive.open(path) as archive:
        archive.record([observation(article(published_at=day, published_precision="day"))])
    (row,) = read_back(out("json", "--schema-org", archive=path), "json")
    assert row["datePublished"] == "2024-05-06"


FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "＝1+1", "＠x")


@pytest.mark.parametrize("title", FORMULAS)
def test_no_cell_is_a_formula_unless_it_is_asked_for(out: Export, tmp_path: Path, title: str) -> None:
    path = tmp_path / "formula.db"
    with Archive.open(path) as archive:
        archive.record([observation(article(title="x", authors=("=cmd",)))])
        archive.db.execute("UPDATE articles SET title = ?", [title])
        archive.db.conn.commit()
    (safe,) = read_back(out("csv", archive=path), "csv")
    (raw,) = read_back(out("csv", "--raw", target="raw.csv", archive=path), "csv")
    assert (safe["title"], safe["authors"]) == (f"'{title}", "'=cmd")
    assert (raw["title"], raw["authors"]) == (title, "=cmd")


def test_excel_is_told_that_it_is_utf_8(out: Export) -> None:
    plain, marked = out("csv").read_bytes(), out("csv", "--excel", target="excel.csv").read_bytes()
    assert marked == b"\xef\xbb\xbf" + plain
    assert b"\r\n" in plain


def test_what_other_programs_wrote_goes_out_too(out: Export, tmp_path: Path) -> None:
    path = tmp_path / "foreign.db"
    with Archive.open(path) as archive:
        archive.record([observation(article())])
        archive.db.execute("INSERT INTO articles (url) VALUES ('https://bare.example/')")
        archive.db.execute(
            """
            UPDATE articles SET body = x'e88b8fe5b79eff', views = 'many', authors = '林知远', title = ?,
                published_at = '30.2.2024', modified_at = '2024-13-45T00:00:00Z'
            WHERE url LIKE '%news%'
            """,
            ['a"b,c\nd\x00e'],
        )
        archive.db.conn.commit()
    for name in FORMATS:
        rows = {row["url"]: row for row in read_back(out(name, target=f"f.{name}", archive=path), name)}
        row, bare = rows["https://news.example/a/1"], rows["https://bare.example/"]
        assert row["body"] == "苏州\ufffd"
        assert not row["views"]
        assert not row["published_at"]
        assert not row["modified_at"]
        assert row["authors"] in (["林知远"], "林知远")
        assert (bare["title"], bare["body"]) == ("", "")
        if name != "csv":
            assert row["sections"] == [{"heading": None, "level": 0, "paragraphs": ["苏州\ufffd"]}]
            assert row["title"] == 'a"b,c\nd\x00e'


def test_parquet_is_typed_and_says_what_its_columns_mean(out: Export) -> None:
    schema = pq.read_schema(out("parquet"))
    types = {field.name: str(field.type) for field in schema}
    assert (types["id"], types["published_at"]) == ("int64", "timestamp[ms, tz=UTC]")
    assert types["authors"].startswith("list<")
    assert "paragraphs: list<" in types["sections"]
    assert schema.field("views").metadata[b"meaning"]


def months_in(folder: Path, columns: str) -> list[tuple[Any, ...]]:
    relation = duckdb.sql(f"SELECT {columns} FROM read_parquet('{folder}/data/*/*.parquet')")
    assert relation is not None
    return relation.fetchall()


def test_months_are_found_as_partitions(out: Export, original: Path) -> None:
    folder = out("parquet", "--partition", "month", target="articles")
    ids = [one["id"] for one in rows_in(original)]
    rows = months_in(folder, "id, month, strftime(published_at + to_minutes(coalesce(utc_offset, 0)), '%Y-%m')")
    assert sorted(number for number, _, _ in rows) == ids
    assert all(month == printed for _, month, printed in rows)
    assert sorted(pandas.read_parquet(folder / "data")["id"]) == ids


def test_articles_without_a_date_are_of_no_month(out: Export, tmp_path: Path) -> None:
    path = tmp_path / "undated.db"
    with Archive.open(path) as archive:
        archive.record([observation(article())])
    folder = out("parquet", "--partition", "month", target="undated", archive=path)
    assert months_in(folder, "month, title") == [(None, "运河边的图书馆")]


@pytest.mark.parametrize("name", FORMATS)
def test_nothing_selected_is_an_empty_table(out: Export, name: str) -> None:
    assert read_back(out(name, "没有人写过的词"), name) == []


def test_who_takes_the_time_of_looks_for_that_of_publication_is_told(yaowen: Yaowen, original: Path) -> None:
    finished = yaowen("export", "csv", "-o", "x.csv", "--until", "2025-06", "--archive", str(original))
    assert (finished.returncode, finished.stdout) == (0, "x.csv: nothing\n")
    assert "date:2025-06 in QUERY" in finished.stderr


@pytest.mark.parametrize("name", FORMATS)
def test_a_file_has_its_card_beside_it(out: Export, name: str) -> None:
    path = out(name, "图书馆", "--site", "sample.example")
    package = json.loads(Path(f"{path}.datapackage.json").read_text("utf-8"))
    (resource,) = package["resources"]
    assert (resource["path"], resource["bytes"]) == (path.name, path.stat().st_size)
    assert resource["hash"] == f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"
    told = package["yaowen"]
    assert (told["selection"]["query"], told["selection"]["site"]) == ("图书馆", "sample.example")
    assert told["counts"] == {"articles": len(read_back(path, name))}
    assert package["sources"] == [{"title": "sample.example"}]
    columns = {field["name"]: field for field in resource["schema"]["fields"]}
    assert list(columns) == list(read_back(path, name)[0])
    assert all(field["description"] for field in columns.values())


def test_the_card_of_a_query_names_the_sites_of_what_it_found(out: Export, made: Path) -> None:
    package = json.loads(Path(f"{out('csv', '第1条', archive=made)}.datapackage.json").read_text("utf-8"))
    assert [source["title"] for source in package["sources"]] == ["two.example"]


def test_the_card_is_a_data_package_that_others_read(out: Export, tmp_path: Path) -> None:
    out("csv")
    package = Package(tmp_path / "out.csv.datapackage.json")
    report = package.validate()
    assert report.valid, report.flatten(["rowNumber", "fieldName", "message"])[:5]


def test_the_card_of_a_folder_can_be_read_by_people_too(out: Export) -> None:
    folder = out("parquet", "--partition", "month", target="articles")
    package = json.loads((folder / "datapackage.json").read_text("utf-8"))
    assert {resource["path"] for resource in package["resources"]} == {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.name != "datapackage.json" and path.is_file()
    }
    for resource in package["resources"]:
        content = (folder / resource["path"]).read_bytes()
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
    text = (folder / "CARD.md").read_text("utf-8")
    assert text.startswith("# ")
    assert "days without a look: 0" in text
    assert "| published_at | moment | when it was published, in UTC |" in text


def test_the_card_tells_what_is_missing(out: Export, tmp_path: Path) -> None:
    path = tmp_path / "gaps.db"
    looks = [
        observation(article()),
        observation(
            minutes=1, url="https://news.example/b", outcome="failed", reason="the server answered 500", body=None
        ),
        observation(minutes=5 * 24 * 60, url="https://news.example/c", outcome="unread", reason="no article"),
    ]
    with Archive.open(path) as archive:
        archive.record(looks)
    covered = json.loads(Path(f"{out('csv', archive=path)}.datapackage.json").read_text())["yaowen"]["coverage"]
    assert (covered["looks"], covered["failed"], covered["unread"]) == (3, 1, 1)
    assert covered["gaps"] == [{"first": "2026-03-02", "last": "2026-03-05", "days": 4}]


def test_what_stands_in_other_sections_than_the_text_is_left(out: Export, tmp_path: Path) -> None:
    path = tmp_path / "edited.db"
    with Archive.open(path) as archive:
        archive.record([observation(replace(article(), sections=(Section(heading="旧", paragraphs=("旧的。",)),)))])
        archive.db.execute("UPDATE articles SET body = '新的。\n第二段。'")
        archive.db.conn.commit()
    (row,) = read_back(out("jsonl", archive=path), "jsonl")
    assert row["sections"] == [{"heading": None, "level": 0, "paragraphs": ["新的。", "第二段。"]}]
