"""Frame lines: words of the site around an article, not of the article."""

import re
from functools import lru_cache

from crawler.parsers.text import FULL_STOP

LONGEST_FRAME = 260
"""A longer line is text, whatever words are in it."""

BEGINNINGS = (
    # who made the page
    r"[（(\[【]?\s*(?:责任编辑|責任編輯|责编|编辑|编审|校对|审核|监制|主编|排版|美编|值班编辑|文字编辑|网络编辑|初审|复审|终审|二审|三审|总监制)\s*[:：|丨/\s].{0,40}$",
    r"[（(]\s*(?:编辑|责编|责任编辑)\S{2,12}\s*[)）]$",
    r"[（(\[【]?\s*(?:原标题|原题为?|原文标题|本文标题|原标题为)\s*[:：].{2,80}$",
    r"(?:本文来源|文章来源|稿件来源|新闻来源|信息来源|来源|稿源|消息来源|转自)\s*[:：]\s*\S{1,30}(?:\s*(?:作者|责任编辑|编辑)\s*[:：].{0,20})?$",
    r"(?:【纠错】\s*)?[【（(]?\s*责任编辑",
    r"广告$|(?:阅读|浏览|评论|点赞|分享)\s*\d+(?:\s+(?:阅读|评论|点赞|分享)\s*\d+)+$|\d+人(?:已)?(?:赞|点赞|打赏)$",
    r"海量资讯、精准解读|请使用浏览器(?:的)?分享|点击右上角|更多精彩(?:内容|资讯|报道)[，,]?\s*(?:请|敬请|尽在)|本(?:篇)?文章共\d+页",
    r"(?:story|article) continues (?:below|after)|our standards:|skip to end of gallery",
    r"(?:lesen sie auch|mehr zum thema)\s*:",
    r"この記事は.{0,8}会員限定",
    # disclaimers and rights
    r"[（(\[【*]?\s*(?:免责声明|特别声明|版权声明|郑重声明)\s*[】\])）]?\s*[:：]",
    r"[（(\[【*]?\s*(?:声明|风险提示)\s*[】\])）]?\s*[:：].{0,20}(?:本[文站网]|以上|转载|内容|观点|市场有风险|投资)",
    r"©|版权(?:所有|归|声明|说明|信息|属|[:：©])",
    r"无断转载|無断(?:での)?転載(?:・複製)?(?:を禁|不可|は|禁止)|ⓒ|저작권자|무단\s*전재",
    r"(?:source|quelle|fuente|fonte|källa|bron)\s*:\s*.{2,40}$",
    r"(?:kontakt|contact|pressekontakt|ansprechpartner)\s*:?\s*$",
)
"""How lines of the frame begin, by what they do; in lower case, as lines are compared."""
LABELS = (
    r"(?:please )?(?:log in|sign up) (?:to|for)\b|create an account|newsletters?\b|cookies?\b",
    # what a reader may press
    r"(?:分享到?|分享至|分享给|转发到?|收藏|点赞|打印|关闭|复制链接|我要(?:评论|纠错|收藏)|举报|投诉|返回(?:首页|顶部|列表|搜狐)|字号|字体|大\s*中\s*小|a-\s*a)[\s:：|]?.{0,30}$",
    r"查看(?:更多|全文|原文)|阅读(?:全文|原文)|展开全文|加载更多|更多内容|点击展开|返回搜狐",
    r"(?:上一[篇页条]|下一[篇页条]|没有了|首页|正文|标签|关键[词字]|相关(?:阅读|新闻|文章|链接|报道)|延伸阅读|推荐阅读)\s*[:：]?.{0,40}$",
    r"当前位置|您(?:的|现在的)?(?:当前)?位置|所在位置",
    r"(?:share|tweet|print|email|follow us|sign up|subscribe|advertisement|anzeige)\b.{0,40}$",
    r"(?:zuletzt |last )?(?:aktualisiert|updated|modified)(?: am| on)?\s*:?\s*(?=.*\d).{4,30}$",
    r"this entry was posted|bookmark the permalink|back to (?:top|home|video)|zurück zur|zum seitenanfang",
    r"(?:read more|related|comments?|loading|tags?|topics?)\b.{0,40}$",
)
"""The same where the line is no whole sentence: 关闭 is a button, 关闭学校的决定引发不满。 is news."""
WORDS = (
    # Each begins with a plain letter: then a search need look only at such letters.
    r"版权所有|版权归.{0,12}所有|未经.{0,14}(?:授权|许可|同意|允许).{0,8}(?:不得|禁止|严禁|请勿|谢绝|擅自)|不得转载|转载请注明",
    r"all rights reserved|copyright\s*(?:©|\(c\))",
    r"不代表本(?:网|站|平台|公司)|仅代表作者(?:本人|个人)?观点|与本(?:网|站|平台)无关|侵权.{0,8}(?:删除|联系)|仅供(?:读者)?参考",
    r"(?:扫描|扫一扫|长按|识别).{0,8}(?:二维码|上方|下方|图片)[^，。]{0,12}$|(?:扫描|扫一扫|长按|识别).{0,14}(?:关注|下载|加入|添加|分享)|微信公众号[:：]|关注(?:我们|.{0,12}公众号|.{0,8}微信)",
    r"(?:下载|打开).{0,12}(?:app|客户端)(?:[^，。]{0,12}$|[，,].{0,6}(?:查看|阅读|看|获取|体验|参与|了解))",
    r"登录后(?:才能|可以|发表)|请先登录|还可以输入|发表评论[^，。]{0,6}$|网友评论[^称，。]{0,6}$|我来说两句|查看更多评论|点击(?:查看|进入|展开|加载).{0,12}$",
    r"(?:热线|投稿邮箱|联系电话)\s*[:：]\s*[\d-]{6,}[^\d，。]{0,8}$",
    r"(?:we|our|this|your|accept|wir|unsere[rn]?|diese)\b.{0,60}cookie|cookie.{0,40}(?:polic|setting|preference|notice|consent|accept|richtlin|einstell|zustimm|akzept)",
    r"(?:our|your|this|free|get|unser\w*|zum|abonn\w*)\b.{0,40}newsletter|newsletter.{0,30}(?:sign|subscri|abonn|inbox|anmeld|bestell)",
    r"subscribe (?:to|now)",
    r"enable javascript|your browser (?:does|is|has|may|settings)|unsupported browser",
    r"register for free|sign[ -]in (?:if|to)|subscribers only|unlimited online access",
    r"support local journalism",
    r"if you (?:enjoyed|liked) (?:this|reading)|we want to hear (?:what|from) you",
    r"(?:teilen|empfehlen) sie (?:diesen|den) (?:artikel|beitrag)",
    r"(?:artikel|beitrag) (?:teilen|drucken|verschenken|versenden)",
    r"keine bewertungen|noch nicht bewertet|suggested citation",
    r"already (?:a subscriber|have an account|subscribed)",
    r"empfohlener (?:redaktioneller|externer) inhalt|externen? inhalte?\b",
    r"(?:youtube|facebook|instagram|twitter|tiktok)-inhalte? (?:erlauben|anzeigen|laden)|ein klick für den datenschutz",
    r"um (?:den|die|das) (?:externen? )?inhalte? .{0,40}zu laden",
    r"video (?:has )?failed to load",
    r"personenbezogene daten (?:können|an dritt)|inhalte? von (?:youtube|twitter|instagram|facebook)",
)
"""What lines of the frame say anywhere, in lower case."""
END = (
    r"^(?:返回搜狐，查看更多|(?:相关|延伸|推荐)(?:阅读|新闻|文章|链接|报道)\s*[:：]?$)",
    r"^(?:(?:(?:网友|全部|最新|热门)评论|发表评论|跟帖)区?[\s:：(（\[]*\d*\S{0,4}$|文明上网[，, ]?(?:理性|登录|请))",
    r"^[（(]?(?:免责声明|特别声明|版权声明)\s*(?:[)）:：]|$)",
    r"^(?:作者简介|关于作者)\s*[:：]?$",
)
"""Lines that no text of the article follows."""
LATE_END = (
    r"\d*\s*(?:条?评论|留言|comments?|kommentare?|commentaires?|comentarios?)\s*(?:[(（:：]\s*\d*\s*[)）]?)?$",
    r"(?:about the authors?|über (?:den autor|die autorin))\s*:?$",
)
"""The same, in lower case, where they do not stand above the text as links to what is below it."""
CAPTION = re.compile(
    r"^(?:[△▲▼↑↓]|图片?[:：]|图为|资料图)|(?:[\s/|（(]摄[)）]?|摄影?|资料图片?|图片来源.{0,20}|视觉中国|/\s*供图|供图)[)）]?$"
    r"|[(（](?:AP|AFP|Reuters|Getty|EPA|dpa|Photo|Foto|Image)\b[^()（）]{0,60}[)）]$"
    r"|(?:Getty Images|AP Photo|Shutterstock)[)）.]?$"
    r"|^[(（]?(?:Photo|Image|Picture|Bild|Foto|Credit)s?\s*(?:credit|by|courtesy)?\s*[:：].{2,60}$"
    r"|©\s?[^\s.][^.]{1,50}$"
    r"|\b(?:Bild|Foto|Photo|Photograph|Photo credit|Image|Image credit|Credit)\s*:[^.:]{2,60}$"
)
"""Lines under pictures: ▲ 图为…, … 张三 摄, (资料图)."""
LONGEST_CAPTION = 110.0

_BEGINNING = re.compile("|".join(f"(?:{pattern})" for pattern in BEGINNINGS))
_LABEL = re.compile("|".join(f"(?:{pattern})" for pattern in LABELS))
_WORDS = re.compile("|".join(WORDS))
_LATE_END = re.compile("|".join(LATE_END))
_END = re.compile("|".join(f"(?:{pattern})" for pattern in END))


def is_frame(line: str) -> bool:
    """Whether a line is the site's and not the article's."""
    return len(line) <= LONGEST_FRAME and _is_frame(line)


@lru_cache(maxsize=16_384)
def _is_frame(line: str) -> bool:
    folded = line.lower()
    if _BEGINNING.match(folded) or _WORDS.search(folded):
        return True
    return _LABEL.match(folded) is not None and not FULL_STOP.search(line)


@lru_cache(maxsize=4096)
def is_caption(line: str) -> bool:
    """Whether a line reads as one under a picture; in brackets stands a note of the text."""
    return not line.startswith(("(", "（")) and CAPTION.search(line) is not None


def is_end(line: str, *, late: bool) -> bool:
    """Whether the article is over before this line; ``late`` is whether some paragraphs stand before it."""
    return len(line) <= LONGEST_FRAME and bool(_END.search(line) or (late and _LATE_END.match(line.lower())))
