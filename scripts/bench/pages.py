"""Pages to measure with: made ones of the sample site, and the labelled ones where they are."""

import gzip
import json
import random
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from crawler.sample_site.model import ArticlePage
from crawler.sample_site.site import SKINS, SampleSite

LABELLED = Path(__file__).parents[3] / "shared/extraction"
FEWEST = 4
"""Pages of the smallest real site that is taken."""

SENTENCE = re.compile("[^。！？]+[。！？]*")

Page = tuple[str, bytes]
"""Address and bytes."""


def made_pages(count: int) -> Iterator[Page]:
    """So many articles in the sample site's four looks, each in sentences of all others."""
    site, chance = SampleSite(), random.Random(5)  # the same pages at every run
    articles = site.articles()
    hot = articles[:8]
    printed = (paragraph for article in articles for section in article.sections for paragraph in section.paragraphs)
    sentences = [sentence for paragraph in printed for sentence in SENTENCE.findall(paragraph)]
    for number in range(count):
        article = chance.choice(articles)
        sections = tuple(
            replace(section, paragraphs=tuple(mixed(paragraph, sentences, chance) for paragraph in section.paragraphs))
            for section in article.sections
        )
        path = f"/a/made-{number}.html"
        made = replace(article, slug=f"made-{number}", sections=sections, views=chance.randrange(50_000))
        skin = SKINS[article.category.slug]
        related = tuple(chance.sample(articles, 5))
        html = skin.article(ArticlePage(article=made, related=related, hot=hot))
        yield f"https://sample.example{path}", html.encode(skin.CHARSET)


def mixed(paragraph: str, sentences: list[str], chance: random.Random) -> str:
    """A paragraph of as many other sentences."""
    return "".join(chance.choices(sentences, k=len(SENTENCE.findall(paragraph))))


def real_pages(data: Path) -> Iterator[tuple[str, Page]]:
    """The labelled pages, each with its site."""
    truth = data / "truth.jsonl"
    if not truth.exists():
        print(f"no labelled pages in {data}", file=sys.stderr)
        return
    for text in truth.read_text(encoding="utf-8").split("\n")[:-1]:
        case = json.loads(text)
        body = gzip.decompress((data / case["html"]).read_bytes())
        yield case["site"], (f"https://{case['site']}/{case['id']}", body)


def real_sites(data: Path) -> Iterator[tuple[str, list[Page]]]:
    """The labelled pages of each site that has some, the site with most pages first."""
    by_site: dict[str, list[Page]] = defaultdict(list)
    for site, page in real_pages(data):
        by_site[site].append(page)
    for site, pages in sorted(by_site.items(), key=lambda item: -len(item[1])):
        if len(pages) >= FEWEST:
            yield site[:21], pages
