"""Articles that print one text are found while they are recorded."""

import json
from datetime import datetime
from pathlib import Path
from random import Random

import pytest

from archive.forgetting import forget
from archive.likeness import Text
from archive.models import Article, Section
from archive.replay import replay
from archive.reprints import LONGEST_COMPARED, cluster_of, find_all, keys_of
from archive.search import search
from archive.search.folding import load_folding
from archive.store import Archive
from tests.conftest import MORNING, Yaowen, article, observation

STORY = tuple(
    f"第{number}年，柳塘区的{what}搬进了运河边的老厂房，住在附近的人说，晚饭以后多了一个去处。"
    for number, what in zip("一二三四五六", ("图书馆", "评弹团", "修表铺", "幼儿园", "菜市场", "邮局"), strict=True)
)
OTHER = tuple(
    f"{what}比赛昨天在体育中心结束，来自十二所学校的队员跑完了全程，成绩下周公布。"
    for what in ("龙舟", "自行车", "篮球", "乒乓球")
)


def told(*paragraphs: str, at: str = "a.example/1", **values: object) -> Article:
    return article(url=f"https://{at}", sections=(Section(paragraphs=paragraphs),), **values)


def put(archive: Archive, *pages: Article) -> list[int]:
    for minute, page in enumerate(pages):
        archive.record([observation(page, url=page.url, final_url=page.url, minutes=minute, body=repr(page).encode())])
    return [archive.article(page.url).id for page in pages]


def clusters(archive: Archive) -> dict[int, int]:
    rows = archive.db.execute("SELECT id, cluster_id FROM articles WHERE cluster_id NOTNULL")
    return dict(rows.fetchall())


@pytest.mark.parametrize(
    "copy",
    [
        STORY,
        ("（本报综合报道）", *STORY, "更多消息请看明天的报纸。"),
        STORY[:3] + STORY[4:],
        tuple(text.replace("运河", "運河").replace("图书馆", "圖書館") for text in STORY),
    ],
    ids=["the same", "framed", "a paragraph gone", "in traditional characters"],
)
def test_a_copy_is_of_one_cluster_with_the_first(archive: Archive, copy: tuple[str, ...]) -> None:
    first, other, second = put(archive, told(*STORY), told(*OTHER, at="b.example/2"), told(*copy, at="c.example/3"))
    assert clusters(archive) == {first: first, second: first}
    assert other not in clusters(archive)


def test_draws_written_from_one_form_are_no_reprints(archive: Archive) -> None:
    form = (
        "本期开奖结果揭晓，号码为{}，一等奖{}注，奖金{}元，奖池余额{}元，销量{}元，下期开奖时间照旧，请彩民留意公告。"
    )
    put(archive, told(form.format("07 11 19 23", 3, 8123456, 911, 372)))
    put(archive, told(form.format("02 15 20 31", 6, 6654321, 845, 401), at="a.example/2"))
    assert clusters(archive) == {}


def test_flash_news_of_one_line_stand_alone(archive: Archive) -> None:
    put(archive, told("今日休市。"), told("今日休市。", at="b.example/2"))
    assert clusters(archive) == {}


def test_an_edit_takes_an_article_out_and_back_in(archive: Archive) -> None:
    first, second = put(archive, told(*STORY), told(*STORY, at="b.example/2"))
    put(archive, told(*OTHER))
    assert clusters(archive) == {}
    put(archive, told(*STORY))
    assert clusters(archive) == {first: first, second: first}


def test_two_clusters_become_one_through_a_text_that_is_like_both(archive: Archive) -> None:
    chance = Random(1)
    parts = ["".join(chance.sample("".join(STORY), k=40)) for _ in range(6)]
    start, end = parts[:4], parts[2:]
    ids = put(archive, *(told(*text, at=f"{n}.example/1") for n, text in enumerate((start, start, end, end))))
    assert len(set(clusters(archive).values())) == 2
    ids += put(archive, told(*parts, at="whole.example/1"))
    assert clusters(archive) == dict.fromkeys(sorted(ids), min(ids))


def test_an_older_archive_finds_its_reprints(archive: Archive) -> None:
    first, second = put(archive, told(*STORY), told(*STORY, at="b.example/2"))
    archive.db.execute("DELETE FROM reprint_keys")
    archive.db.execute("UPDATE articles SET cluster_id = NULL")
    find_all(archive.db)
    assert clusters(archive) == {first: first, second: first}


LONG = tuple(
    f"第{number}号桥边的茶馆昨天开门，来的人说，这是运河上的第{number}家。"
    for number in range(LONGEST_COMPARED // 30 + 500)
)


def test_of_a_long_text_the_beginning_is_compared(archive: Archive) -> None:
    first, second = put(archive, told(*LONG), told(*LONG, *OTHER * 500, at="b.example/2"))
    assert clusters(archive) == {first: first, second: first}


def test_no_number_of_a_text_stays_behind_that_an_earlier_version_took_whole(archive: Archive) -> None:
    (only,) = put(archive, told(*LONG))
    archive.db.execute("DELETE FROM reprint_keys")
    keys = Text(load_folding(archive.db).fold(told(*LONG).body)).keys()
    archive.db.conn.executemany("INSERT INTO reprint_keys VALUES (?, ?)", [(key, only) for key in keys])
    put(archive, told(*OTHER))
    kept = {key for (key,) in archive.db.execute("SELECT key FROM reprint_keys").fetchall()}
    assert kept == set(keys_of(archive.db, told(*OTHER).body))


def test_the_keys_stay_the_same_or_a_migration_must_make_all_anew() -> None:
    assert Text("".join(STORY)).keys()[:3] == (36211846050595, 109484117689088, 137617492630928)


@pytest.mark.parametrize("seed", [1, 2, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(3, 60))])
def test_whatever_happens_a_cluster_is_named_after_its_least_member_and_has_two(archive: Archive, seed: int) -> None:
    chance = Random(seed)
    texts = (STORY, STORY[:4] + OTHER[:1], OTHER, OTHER + STORY[:2], ("短讯。",), STORY + OTHER)
    for _ in range(30):
        page = told(*chance.choice(texts), at=f"s{chance.randrange(8)}.example/1")
        looks = archive.db.table("captures").count
        if looks and chance.random() < 0.2:
            with archive.writing() as db:
                replay(db, {chance.randint(1, looks): page})
        elif archive.counts()["articles"] and chance.random() < 0.05:
            ids = [row[0] for row in archive.db.execute("SELECT id FROM articles").fetchall()]
            forget(archive, chance.choice(ids), "a request", now=MORNING)
        else:
            moment = archive.db.table("captures").count
            archive.record([observation(page, url=page.url, final_url=page.url, minutes=moment, body=b"%d" % moment)])
        found = archive.db.execute(
            "SELECT cluster_id, min(id), count(*) > 1 FROM articles WHERE cluster_id NOTNULL GROUP BY cluster_id"
        ).fetchall()
        assert all(cluster == least and is_more for cluster, least, is_more in found)


EARLY, LATE = (datetime.fromisoformat(f"2026-02-0{day}T08:00+08:00") for day in (1, 2))


@pytest.mark.parametrize(
    ("pages", "first"),
    [
        ((told(*STORY, published_at=LATE), told(*STORY, at="b.example/2", published_at=EARLY)), 1),
        (
            (
                told(*STORY, published_at=EARLY, title="夜里的新去处", original_title="老厂房里的图书馆"),
                told(*STORY, at="b.example/2", published_at=LATE, title="老厂房里的图书馆"),
            ),
            1,
        ),
        (
            (
                told(*STORY, published_at=EARLY, source="某某网"),
                told(*STORY, at="b.example/2", published_at=LATE, source="柳塘时报"),
                told(*STORY, at="c.example/3", published_at=LATE, source="柳塘时报"),
            ),
            1,
        ),
    ],
    ids=["the earliest", "whose headline another names as the original", "of those that name what most name"],
)
def test_the_probable_first_is(archive: Archive, pages: tuple[Article, ...], first: int) -> None:
    ids = put(archive, *pages)
    cluster = cluster_of(archive.db, ids[0])
    assert cluster is not None
    assert cluster.first.id == ids[first]


def test_a_search_can_show_one_of_all_reprints(archive: Archive) -> None:
    alone = [told("运河边。" * number, at=f"c.example/{number}") for number in (1, 2)]
    put(archive, told(*STORY), told(*STORY, at="b.example/2"), *alone)
    apart, folded = search(archive, "运河"), search(archive, "运河", fold=True)
    assert (apart.total, len(apart.hits), folded.total, len(folded.hits)) == (4, 4, 3, 3)
    assert sorted(hit.reprints or 0 for hit in folded.hits) == [0, 0, 1]
    assert "reprints" not in apart.as_json()["hits"][0]


def test_show_names_the_others(yaowen: Yaowen, tmp_path: Path) -> None:
    with Archive.open(tmp_path / "archive.db") as archive:
        first, second = put(archive, told(*STORY, source="柳塘时报"), told(*STORY, at="b.example/2", source="柳塘时报"))
    shown = yaowen("show", str(first)).stdout
    assert "2 articles print this text, probably first this one; 2 name 柳塘时报 as source" in shown
    assert f"· b.example · 运河边的图书馆 · id {second}" in shown
    told_json = json.loads(yaowen("show", str(second), "--json").stdout)["reprints"]
    assert (told_json["first_id"], [one["id"] for one in told_json["articles"]]) == (first, [first, second])
    assert yaowen("search", "运河", "--fold").stdout.startswith("1 found")
