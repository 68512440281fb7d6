"""What the words above a list of links say that it is."""

import re
from functools import lru_cache
from typing import Literal

Kind = Literal["related", "ranking", "newest", "aside"]

KINDS: tuple[tuple[Kind, str], ...] = (
    (
        "ranking",
        r"排行|热门|热点|最热|热榜|热文|热议|点击榜|周榜|人气|most\s+(?:read|popular|viewed|shared)|popular|trending"
        r"|meistgelesen|ランキング|アクセス|많이\s*본|인기",
    ),
    (
        "newest",
        r"最新|今日|24小时|编辑推荐|精选|(?<!更多)精彩|头条|要闻|latest|top\s+stories|新着|neueste|aktuelle?",
    ),
    (
        "aside",
        r"评论|跟帖|标签|关键词|分享|友情链接|导航|(?<!同一)(?<!同)栏目|频道|专题|广告|推广|赞助|关于我们|联系|上一篇|下一篇|本版|作者的?(?:其他|文章)"
        r"|comments?|tags?|topics|share|follow|sponsor|advert|newsletter|about|contact|sections",
    ),
    (
        "related",
        r"相关|相關|延伸阅读|推荐|推薦|猜你喜欢|你可能|您可能|还喜欢|感兴趣|更多(?:精彩)?(?:新闻|报道|文章|内容)|大家都在看|其他人还?在?看|往期(?:回顾|推荐|精选|文章|内容)|同一?(?:栏目|类)|扩展阅读|链接阅读|新闻链接"
        r"|related|(?:read|keep)\s+(?:more|next|also|this|reading)|see\s+also|more\s+(?:on|from|like|stories|news|in)|recommended|you\s+(?:may|might)|don'?t\s+miss|up\s+next|also\s+(?:read|on)"
        r"|mehr\s+(?:zum|aus)|ähnliche|verwandte|leggi\s+anche|articoli\s+correlati|te\s+puede\s+interesar|relacionad"
        r"|по\s+теме|читайте\s+также|sur\s+le\s+même|lesen\s+sie\s+auch|auch\s+interessant|weitere\s+(?:artikel|themen)|zum\s+thema|das\s+könnte|à\s+lire|lire\s+aussi|(?:関連(?!企業|サイト|リンク|会社))|おすすめ|あわせて読み|관련|추천",
    ),
)
"""Tried in this order: 热门推荐 is a ranking, 相关专题 no recommendation of articles."""

_KINDS = tuple((kind, re.compile(words, re.IGNORECASE)) for kind, words in KINDS)


@lru_cache(maxsize=4096)
def label_kind(label: str | None) -> Kind | None:
    """What a list with this label is; ``None`` where the words do not say."""
    if not label:
        return None
    return next((kind for kind, words in _KINDS if words.search(label)), None)
