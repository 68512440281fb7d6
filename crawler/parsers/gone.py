"""Soft 404: pages that are served as good ones and say that what stood there is no more."""

import re
from urllib.parse import urlsplit

from crawler.parsers.findings import Findings
from crawler.parsers.found import Found
from crawler.parsers.text import letters, weight
from crawler.parsers.title import without_suffix
from crawler.parsers.urls import absolute

MOST_TEXT_UNDER_TITLE = 300.0
"""Worth of a text from which a page is one, even if it is named so."""
MOST_TEXT = 45.0
"""The same where only a line says so."""
MOSTLY = 0.5
"""Share of a line's letters that the saying must be."""
LONGEST_SAYING = 40.0
"""Weight of the longest line that says no more than that the page is not there."""
LINES = 60
"""Lines from the top among which it stands."""
SMALLEST_PAGE = 3_000
"""Characters of markup up to which a page may do no more than lead a browser on."""

FRONT_PAGES = (("", ""), ("/", ""), ("/index.html", ""))
"""Path and query of front pages."""

_PAGE = r"(?:页面?|網?頁面?|网页|文章|内容|內容|新闻|新聞|信息|资讯|资源|链接|地址|稿件|文件|视频|帖子)"
_NO_MORE = (
    r"(?:不存在|不見了|不见了|找不到|未找到|没有找到|無法找到|无法找到|已(?:经|經)?(?:被)?(?:删除|刪除|移除|撤销|撤下)"
    r"|(?:已(?:经|經)?|被)(?:下线|下架|失效|过期|关闭)|走丢了|飞走了)"
)
SAYINGS = (
    rf"{_PAGE}.{{0,8}}?{_NO_MORE}",
    rf"(?:找不到|未找到|没有找到|無法找到|无法找到).{{0,14}}?{_PAGE}",
    r"^\W*(?:http\s*)?(?:error\s*)?404\b",
    r"\b404\W*(?:error|not found|错误|页面|頁面|找不到|-|$)",
    r"(?:page|article|story|content|document|file|url)\b.{0,40}\b(?:not (?:be )?found|doesn['’]t exist|does not exist"
    r"|no longer (?:exists?|available)|(?:has|have) been (?:removed|deleted)|(?:is|are) (?:not|no longer) available)",
    r"(?:couldn['’]t|can(?:no|['’])t|could not|unable to) find (?:the|that|this) (?:page|article|story)",
    r"^\W*not found\W*$|^\W*page not found\b",
    r"(?:ページ|記事|お探し).{0,20}(?:見つかりません|存在しません|削除され|ありません|終了し)",
    r"(?:페이지|기사|게시물).{0,20}(?:찾을 수 없|존재하지 않|삭제되)",
    r"(?:seite|artikel|beitrag)\b.{0,30}(?:nicht (?:gefunden|mehr verfügbar|vorhanden)|existiert nicht|gelöscht)",
    r"page (?:introuvable|non trouvée)|(?:page|article).{0,20}n['’]existe (?:pas|plus)",
    r"página no (?:encontrada|existe)|página não (?:encontrada|existe)|pagina non (?:trovata|esiste)",
    r"страниц[аы].{0,20}(?:не найдена|не существует|удалена)",
)
"""What such pages say, in lower case."""

_SAYS = re.compile("|".join(f"(?:{saying})" for saying in SAYINGS))
_LEADS_ON = re.compile(
    r"(?:location(?:\.href)?\s*=|location\.(?:replace|assign)\()\s*['\"](?P<script>[^'\"]+)"
    r"|http-equiv=['\"]?refresh['\"]?\s+content=['\"]?\s*\d\s*;\s*url\s*=\s*['\"]?(?P<refresh>[^'\"\s>]+)",
    re.IGNORECASE,
)


def why_gone(page: Findings) -> Found[str] | None:
    """Where a page says that it is not there, or does nothing but lead to the front page; ``None`` for all others.

    A longer text beside the saying makes it a page: news speak of 404 too.
    """
    worth = page.container.worth if page.container else 0.0
    if page.own_sections is not None or worth > MOST_TEXT_UNDER_TITLE:
        return None
    return _named(page) or (_said(page) if worth <= MOST_TEXT else None) or _leads_home(page)


def _named(page: Findings) -> Found[str] | None:
    name = page.embedded.document_title
    text = without_suffix(name.value) if name else ""
    return Found(f"the page says: {text}", name.raw, name.place) if name and _is_saying(text) else None


def _said(page: Findings) -> Found[str] | None:
    lines = (line for line in page.page.lines[:LINES] if line.linked < 0.5 and _is_saying(line.text))
    return next((Found(f"the page says: {line.text}", line.text, line) for line in lines), None)


def _is_saying(text: str) -> bool:
    """Whether a line says hardly anything else than that the page is not there."""
    if weight(text) > LONGEST_SAYING:
        return False
    said = _SAYS.search(text.lower())
    return said is not None and len(letters(said[0])) >= MOSTLY * len(letters(text))


def _leads_home(page: Findings) -> Found[str] | None:
    """The step to the front page that is all a small page does."""
    if len(page.document.text) > SMALLEST_PAGE or page.page.lines:
        return None
    step = _LEADS_ON.search(page.document.text)
    url = absolute(page.document.url, step["script"] or step["refresh"]) if step else None
    if step is None or url is None or urlsplit(url)[2:4] not in FRONT_PAGES:
        return None
    return Found("the page leads to the front page", step[0], "the markup")
