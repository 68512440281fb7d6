"""What a robots.txt may cost a crawl."""

from pathlib import Path

from tests.faults.crawling import crawl, most_memory
from tests.faults.server import article, serving, whole


def test_a_robots_txt_of_many_names_and_many_rules_takes_little_memory(tmp_path: Path) -> None:
    # 500 kB; each of the rules would be noted for each of the names.
    names = "".join(f"useragent:{number:x}\n" for number in range(15_000))
    rules = "".join(f"allow:/{number:x}\n" for number in range(24_000))
    answers = {"/robots.txt": whole(f"{names}useragent:*\n{rules}disallow:/zb\n".encode()), "/a": whole(article(1))}
    with serving(answers) as server:
        urls = [f"http://{server.host}/{path}" for path in ("a", "zb")]
        outcomes = crawl(tmp_path, urls, [server.host], MEMUSAGE_ENABLED=True, MEMUSAGE_LIMIT_MB=800)
    assert outcomes == {urls[0]: [("done", None)], urls[1]: [("refused", "Forbidden by robots.txt")]}
    assert most_memory(tmp_path) < 300


def test_a_host_is_asked_for_its_robots_txt_once_whatever_user_its_links_name(tmp_path: Path) -> None:
    answers = {f"/a/{number}": whole(article(number)) for number in range(12)}
    with serving(answers) as server:
        links = "".join(
            f'<li><a href="http://u{number}@{server.host}/a/{number}">运河边开了第{number}家书店，人很多</a></li>'
            for number in range(12)
        )
        answers["/"] = whole(f"<title>本地新闻</title><h1>本地新闻</h1><ul>{links}</ul>".encode())
        outcomes = crawl(tmp_path, [f"http://{server.host}/"], [server.host], depth=1)
    assert (len(outcomes), server.asked["/robots.txt"]) == (13, 1)
