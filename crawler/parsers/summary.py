"""The page's own summary, where its meta description is one."""

import re

from crawler.parsers.text import letters, punctuation, squeeze, weight

SHORTEST = 15.0
_OF_THE_SITE = re.compile(
    r"门户|为您提供|提供.{0,20}(?:新闻|资讯)|官方网站|最新.{0,8}(?:新闻|资讯).{0,8}尽在|欢迎(?:访问|光临)"
    r"|welcome to|official (?:web)?site",
    re.IGNORECASE,
)


def find_summary(description: str | None, title: str) -> str | None:
    """The description if it reads as a summary: sentences, not keywords, the title again or words about the site."""
    text = squeeze(description or "")
    if weight(text) < SHORTEST or not punctuation(text) or _OF_THE_SITE.search(text):
        return None
    return None if letters(text) in letters(title) or _is_keywords(text) else text


def _is_keywords(text: str) -> bool:
    parts = re.split(r"[,，;；|_、]", text)
    return len(parts) > 3 and max(weight(part) for part in parts) < 8
