"""Text that looks like the frame of a page and is none: it must be read."""

import pytest

from archive.models import Article
from crawler.parsers import read_page

A = "清晨六点，运河边的菜市场已经热闹起来，挑着担子的商贩从石桥那头陆续走来，讨价还价的声音此起彼伏。"
B = "在摊位之间穿行的老人说，这座市场开了四十多年，街坊邻里的三餐都从这里开始，谁家几口人他都记得。"
C = "市场管理处的工作人员介绍，改造之后的棚顶能遮雨，排水沟也重新铺过，摊主们搬回来只用了一个周末。"
D = "傍晚时分，收摊的商贩把剩下的蔬菜送给附近的食堂，水泥地面冲洗干净，等着第二天的太阳升起来。"


def read(body: str, head: str = "<p>2022年10月15日 08:30 来源：新华社</p>") -> list[str]:
    """The lines of the text of a page with this body."""
    html = f"""<html><head><title>运河边的菜市场</title></head><body>
        <ul class="nav"><li><a href="/">首页</a></li><li><a href="/c">国内</a></li><li><a href="/i">国际</a></li></ul>
        <h1>运河边的菜市场</h1>{head}{body}
        <div class="footer"><a href="/about">关于我们</a> <a href="/contact">联系我们</a></div></body></html>"""
    page = read_page(html.encode(), "https://news.example/2022/10/15/12345.html")
    assert isinstance(page, Article)
    return page.body.split("\n")


def paragraphs(*texts: str) -> str:
    return "<div class=content>" + "".join(f"<p>{text}</p>" for text in texts) + "</div>"


@pytest.mark.parametrize(
    "line",
    [
        "导语：三条地铁线路年底通车。",
        "结论：疫苗安全有效。",
        "央行今日宣布降准0.5个百分点。",
        "市長は今日、辞任した。",
        "Police arrested two men on 15 October 2022 in Berlin.",
        "“走吧。”",
    ],
)
def test_a_lead_with_a_day_or_a_colon_is_no_head(line: str) -> None:
    assert line in read(paragraphs(line, A, B, C))


def test_questions_and_answers_at_the_beginning_are_text() -> None:
    talk = ["记者：王局长，您好！", "王强：欢迎您来。", "记者：地铁何时开通？", "王强：年底前一定开通。"]
    assert read(paragraphs(*talk, A, B, C))[:4] == talk


@pytest.mark.parametrize(
    "line",
    [
        "法院审理查明，被告人赵某未经许可使用他人注册商标，销售金额巨大，判处有期徒刑三年，并处罚金二十万元。",
        "依法下载和使用各类手机APP时，运营者不得强制索取与服务无关的权限。",
        "警方提醒，不要轻易打开陌生人发来的APP链接。",
        "乘客进站时扫描二维码即可完成身份核验，老人也可以刷身份证。",
        "事故联系电话：010-12345678，家属可以咨询。",
        "不少网友发表评论，支持这一决定。",
        "The regulator fined the company 50 million euros for placing cookies on computers.",
        "Girl Scouts sold 200 million cookies last year.",
        "He started the newsletter in 2015 and sold it to a publisher.",
        "Voters can log in to the portal from Monday.",
        "声明：中方坚决反对任何形式的单边制裁。",
        "版权局局长说，今年的案件少了三成。",
        "関係者は無断転載の疑いで男を逮捕した。",
        "关闭学校的决定引发家长不满。",
        "收藏家马未都认为，这件瓷器年代更早。",
        "没有了父母的陪伴，孩子们学会了互相照顾。",
        "上一条地铁线路开通于2015年。",
        "相关报道引起高层重视。",
        "Share prices fell 3 percent on Monday.",
        "Updated forecasts put growth at 2.5%.",
        "Comments by the president drew criticism.",
        "网友评论称，这一政策早该出台了。",
        "最新评论显示，市场对加息已有预期。",
        "跟帖中，不少人表示支持。",
        "特别声明称，公司不会裁员。",
        "他从小热爱摄影。",
        "博物馆向本报提供了一批珍贵的资料图片。",
    ],
)
def test_a_sentence_with_words_of_the_frame_is_text(line: str) -> None:
    assert read(paragraphs(A, B, line, C, D)) == [A, B, line, C, D]


@pytest.mark.parametrize(
    "line",
    [
        "【纠错】【责任编辑:王五】",
        "广告",
        "阅读 1234 评论 0",
        "海量资讯、精准解读，尽在新浪财经APP",
        "更多精彩内容，请关注本报官方微博。",
        "Story continues below advertisement",
        "未经本报书面授权，不得转载。",
        "打开新闻客户端，查看更多",
        "扫描二维码关注我们",
        "We use cookies to improve your experience.",
        "Sign up for our newsletter here.",
        "版权归本报所有",
    ],
)
def test_words_of_the_frame_are_no_text(line: str) -> None:
    assert read(paragraphs(A, B, line, C, D)) == [A, B, C, D]


@pytest.mark.parametrize(
    "after",
    [
        "<div class=correction>更正：昨日报道中的开市时间应为六点。</div>",
        "<h3>背景</h3><p>市场建于一九八〇年，当时叫河东菜场。</p>",
        "<ul><li>市场建于一九八〇年，当时叫河东菜场。</li></ul>",
        "<blockquote>市场就是我的家，一天不来就想它。</blockquote><p>老人笑着说，然后推车走了。</p>",
    ],
)
def test_what_follows_the_texts_own_element_and_goes_on_with_it_is_text(after: str) -> None:
    lines = read(f"<div class=all><div class=text><p>{A}</p><p>{B}</p><p>{C}</p></div>{after}</div>")
    assert len(lines) > 3
    assert lines[:3] == [A, B, C]


def test_the_halves_of_a_text_around_an_advert_are_one() -> None:
    top = "".join(f"<p>{text}</p>" for text in (A, B, C, A.replace("清晨", "凌晨"), B.replace("老人", "姑娘")))
    bottom = f'<div class="text-last"><p>{D}</p></div>'
    assert read(f'<div><div class="text-first">{top}</div><div class=ad>广告</div>{bottom}</div>')[-1] == D


def test_lines_of_verse_are_text() -> None:
    verse = ["轻轻的我走了，", "正如我轻轻的来；", "我轻轻的招手，", "作别西天的云彩。"]
    assert read(paragraphs(*verse)) == verse


def test_thai_is_read() -> None:
    line = "นายกรัฐมนตรีกล่าวว่ารัฐบาลจะเร่งสร้างรถไฟฟ้าสายใหม่ให้เสร็จภายในปีนี้ เพื่อช่วยให้ประชาชนเดินทางสะดวกขึ้น"
    lines = [f"{line} {number}" for number in range(4)]
    assert read(paragraphs(*lines), head="") == lines


def test_dates_that_head_parts_of_a_text_are_headings() -> None:
    days = ("2022年3月1日", "2022年5月12日", "2022年7月8日")
    told = "".join(f"<h3>{day}</h3><p>{text}</p>" for day, text in zip(days, (A, B, C), strict=True))
    assert read(f"<div class=content><p>{D}</p>{told}</div>") == [D, days[0], A, days[1], B, days[2], C]


def test_a_paragraph_that_is_called_a_teaser_is_text() -> None:
    assert read(f'<div class=content><p class="lead teaser">{D}</p><p>{A}</p><p>{B}</p></div>') == [D, A, B]


def test_an_author_who_speaks_is_no_byline() -> None:
    talk = ["李明：为什么来这里？", "商贩：因为近。", "李明：谢谢您。"]
    assert read(paragraphs(A, *talk, B, C), head="<p>2022年10月15日 作者：李明</p>") == [A, *talk, B, C]


def test_numbered_lines_that_are_all_the_text_are_text() -> None:
    points = [
        "一、提高站位，统一思想认识",
        "二、压实责任，狠抓工作落实",
        "三、加强督查，确保取得实效",
        "四、广泛宣传，营造良好氛围",
    ]
    assert read(paragraphs(*points)) == points
    few = ["（一）成立工作专班", "（二）落实各方责任", "（三）强化资金保障"]
    lines = read(paragraphs(A, "一、加强组织领导", *few, B))
    assert set(few) <= set(lines)


@pytest.mark.parametrize("label", ["此前报道：", "READ MORE: ", "延伸阅读 | ", ""])
def test_paragraphs_between_links_to_other_articles_are_text(label: str) -> None:
    parts = [A, B, C, D]
    links = [f'<p><a href="/2022/10/1{n}.html">{label}旧桥改造工程的第{n}阶段已经完成</a></p>' for n in range(3)]
    mixed = "".join(f"<p>{text}</p>{link}" for text, link in zip(parts, [*links, ""], strict=True))
    assert read(f"<div class=content>{mixed}</div>") == parts


@pytest.mark.parametrize(
    "wrapped", ["<div class=block><div><p>%s</p></div></div>", "<section><section><span>%s</span></section></section>"]
)
def test_a_short_paragraph_in_the_same_wrappers_as_the_others_is_text(wrapped: str) -> None:
    texts = [A, "消息一出，舆论哗然。", B, C]
    assert read("<div class=content>" + "".join(wrapped % text for text in texts) + "</div>") == texts


def test_what_leads_to_the_text_below_it_is_no_label_of_a_list() -> None:
    told = f"<p>{A}</p><p>相关数据如下：</p><p>{B}</p><h2>相关背景</h2><p>{C}</p><h2>推荐书目</h2><p>{D}</p>"
    assert read(f"<div class=content>{told}</div>") == [A, "相关数据如下：", B, "相关背景", C, "推荐书目", D]


def test_answers_are_text_whatever_they_are_called() -> None:
    asked = ("社保卡什么时候办？", "身份证在哪里办？", "驾照怎么换？", "护照要几天？")
    talk = "".join(
        f"<div class=ask>{q}</div><div class=reply>{a}</div>" for q, a in zip(asked, (A, B, C, D), strict=True)
    )
    assert {A, B, C, D} <= set(read(f"<div class=content>{talk}</div>"))


def test_who_is_quoted_is_text() -> None:
    quote = "<blockquote><p>“我们等了十年，终于等到了。”</p><footer>—— 市民张女士</footer></blockquote>"
    assert read(f"<div class=content><p>{A}</p>{quote}<p>{B}</p><p>{C}</p></div>")[1:3] == [
        "“我们等了十年，终于等到了。”",
        "—— 市民张女士",
    ]
