from archive.search.similar import similar
from archive.store import Archive
from tests.archive.test_queries import add

NOISE = "今天的天气很好，大家都来了，记者在现场看到，他说这里很好。"


def test_articles_that_share_rare_words_are_alike(archive: Archive) -> None:
    bridge = add(archive, title="廊桥修好了", body=f"{NOISE}榫卯廊桥的横梁用了楠木，木匠陶师傅补了榫头。")
    carpenter = add(archive, title="木匠的手艺", body=f"{NOISE}陶师傅教人做榫卯，用的是楠木，榫头要准。")
    for number in range(20):
        add(archive, title=f"第{number}条", body=NOISE)
    found = similar(archive.db, bridge)
    assert [one.id for one in found] == [carpenter]
    assert found[0].share == 1
    assert similar(archive.db, carpenter)[0].id == bridge
    assert found[0].words == ("木匠陶师傅",)


def test_quotes_and_other_signs_are_no_words(archive: Archive) -> None:
    text = 'He said: "榫卯" (mortise), that\'s "tenon*"; 楠木^榫头 AND OR NOT NEAR.'
    one, other = add(archive, body=text), add(archive, body=f"{text} {NOISE}")
    add(archive, body=NOISE)
    assert [found.id for found in similar(archive.db, one)] == [other]


def test_reprints_are_no_alike_articles(archive: Archive) -> None:
    text = f"{NOISE}榫卯廊桥的横梁用了楠木，木匠陶师傅补了榫头。"
    one = add(archive, body=text, cluster_id=1)
    add(archive, body=text, cluster_id=1)
    other = add(archive, body=text)
    assert [found.id for found in similar(archive.db, one)] in ([], [other])


def test_an_article_alone_is_like_no_other(archive: Archive) -> None:
    assert similar(archive.db, add(archive, title="人才", body="苏州")) == []
    assert similar(archive.db, add(archive)) == []
