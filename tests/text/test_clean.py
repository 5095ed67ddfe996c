from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.limits import TEXT_LINES
from bot.text import debris
from bot.text.clean import clean, repeated_footers
from tests.quality import cleaning
from tests.quality.articles import TITLES
from tests.shared_data import shared

LEAD = "The ministry said on Monday that it had signed the agreement with its neighbour after two years of talks."
MORE = "Officials of both sides met in the capital and spoke for an hour about trade, borders and the new bridge."
LAST = "The next round of talks is planned for the spring, according to people who know of the plan."
BODY = [LEAD, MORE, LAST]


def paragraphs(body: str, title: str = "Ministry signs agreement", lang: str | None = "en") -> list[str]:
    return list(clean(body, title=title, lang=lang).paragraphs)


def kinds(body: str, title: str = "Ministry signs agreement") -> set[str]:
    return {dropped.kind for dropped in clean(body, title=title, lang="en").dropped}


@pytest.mark.parametrize(
    ("lines", "kind"),
    [
        pytest.param(["Ministry signs agreement", *BODY], "title", id="title as first line"),
        pytest.param(["MINISTRY SIGNS AGREEMENT!", *BODY], "title", id="title in other letters"),
        pytest.param(["Connect with us", "Ministry signs agreement", *BODY], "head", id="menu above the title"),
        pytest.param(["17.06.2024, 22:29", *BODY], "head", id="date line"),
        pytest.param(["Published: June 17, 2024 at 10:29 pm EDT", *BODY], "head", id="date line in words"),
        pytest.param(["2024年6月17日 22:29", *BODY], "head", id="Chinese date line"),
        pytest.param(["Source: EXAMPLE-NEWS", *BODY], "head", id="source line"),
        pytest.param(["By Jane Doe and John Roe", *BODY], "head", id="byline"),
        pytest.param([*BODY, *BODY], "doubled", id="body twice"),
        pytest.param([" ".join(BODY * 2)], "doubled", id="body twice in one paragraph"),
        pytest.param([LEAD, "1x 1 2", MORE, LAST], "debris", id="image size"),
        pytest.param([LEAD, "Ministry building for 750x375 1", MORE, LAST], "debris", id="image name with size"),
        pytest.param(
            ["From left, the minister and his guest at the signing. Xinhua-Yonhap", *BODY], "caption", id="caption"
        ),
        pytest.param(["Photo: the minister at the signing", *BODY], "caption", id="caption that says so"),
        pytest.param(["\u2022 15601 переглядi\u0432", *BODY], "counter", id="view counter with a homoglyph"),
        pytest.param([*BODY, "1,204 views"], "counter", id="English view counter"),
        pytest.param([*BODY[:2], "Міністерство підписало угоду 21.06.24, 16:59", LAST], "related", id="other language"),
        pytest.param([*BODY[:2], "Read also: Ministry opens a new bridge", LAST], "related", id="read also"),
        pytest.param(
            [*BODY, "Leave a Reply", "Your email address will not be published."], "footer", id="comment form"
        ),
        pytest.param([*BODY, "Continue Reading", "News App", "Find a Job"], "footer", id="all after the end"),
        pytest.param(
            [*BODY, "The post Ministry signs agreement appeared first on Example."], "footer", id="appeared first"
        ),
        pytest.param([*BODY, "Переглядів: 22 871 | Ми в Telegram"], "footer", id="counter and channel"),
        pytest.param(
            [*BODY, "Follow us on social media. Related: Snow is expected"], "footer", id="follow and related"
        ),
        pytest.param([*BODY, "Enjoying the Sentinel? Sign up for our newsletter."], "footer", id="newsletter"),
        pytest.param([*BODY, "Join the discussion: leave a comment below."], "footer", id="discussion"),
        pytest.param([*BODY, "Folgen Sie uns auf allen Kanälen."], "footer", id="German call to follow"),
        pytest.param([*BODY, "Suivez-nous sur les réseaux sociaux"], "footer", id="French call to follow"),
        pytest.param([*BODY, "Reporting by Jane Doe in Sund; Editing by John Roe"], "footer", id="an agency's credit"),
        pytest.param([*BODY, "Our Standards: The Code of Sund."], "footer", id="standards"),
        pytest.param([*BODY, "Sund Press writer J. M. Doe contributed to this report."], "footer", id="helper"),
        pytest.param([*BODY, "J. M. Doe contributed to this report from Sund."], "footer", id="helper elsewhere"),
        pytest.param([*BODY, "Mary Doe in Lagan contributed reporting."], "footer", id="helper's reporting"),
        pytest.param([*BODY, "Sund Press writers J. Doe in Lagan and B. Roe contributed."], "footer", id="helpers"),
        pytest.param([*BODY[:2], "Share this article", LAST], "footer", id="a call amid the article"),
        pytest.param([*BODY[:2], "Sign up for our newsletter", LAST], "footer", id="a newsletter amid the article"),
        pytest.param([*BODY, "Views: 331 | Comments (14) | Share on Facebook"], "footer", id="counters in a row"),
        pytest.param([*BODY, "desk@sund.example"], "debris", id="an address for mail"),
        pytest.param([*BODY, "#Sund #grain"], "debris", id="tags"),
        pytest.param(
            [*BODY, "Published: June 17, 2024 at 10:29 pm EDT"], "footer", id="a date below the last sentence"
        ),
        pytest.param(
            [*BODY, "More on this", "Five things to know about the strait and its ships", "What the minister said"],
            "related",
            id="headlines below their heading",
        ),
        pytest.param([*BODY, "Jane Doe", "News of the World"], "footer", id="scraps at the end"),
        pytest.param(
            [LEAD.replace("neighbour", "neighbour, 카지노사이트 and friends"), MORE, LAST], "spam", id="spam word"
        ),
    ],
)
def test_what_is_not_the_article_goes(lines: list[str], kind: str) -> None:
    body = "\n".join(lines)
    kept = [line.replace("neighbour, and friends", "neighbour") for line in paragraphs(body)]
    assert " ".join(kept) == " ".join(BODY)
    assert kind in kinds(body)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param(f"<p>{LEAD}</p><p>{MORE}</p>", [LEAD, MORE], id="paragraphs"),
        pytest.param(f"{LEAD}<br><br/>{MORE}", [LEAD, MORE], id="line breaks"),
        pytest.param(f"<div><b>{LEAD}</b>\n  {MORE}</div>", [f"{LEAD} {MORE}"], id="white space is a space"),
        pytest.param(
            "<p>Fish &amp; chips &lt;b&gt;</p>", ["Fish & chips <b>"], id="entities; what looks like a tag is text"
        ),
        pytest.param(f"&lt;p&gt;{LEAD}&lt;/p&gt;&lt;p&gt;{MORE}&lt;/p&gt;", [LEAD, MORE], id="escaped twice"),
        pytest.param(f"<script>alert(1)</script><p onclick='x()'>{LEAD}</p><style>p{{}}</style>", [LEAD], id="scripts"),
        pytest.param(
            f"<figure><img src=x><figcaption>A bridge</figcaption></figure><p>{LEAD}</p>", [LEAD], id="figure caption"
        ),
        pytest.param(f"<nav>Home</nav><p>{LEAD}</p><aside>More</aside><form>Mail</form>", [LEAD], id="furniture"),
        pytest.param(
            f"<p>{LEAD}</p><div class='related-posts'><a href='#'>Other</a></div>", [LEAD], id="related by class"
        ),
        pytest.param("The rate is 5 < 6 & rising.", ["The rate is 5 < 6 & rising."], id="plain text is not HTML"),
        pytest.param("It opens with <!-- and goes on.", ["It opens with <!-- and goes on."], id="a comment begun"),
        pytest.param("The rate<!-- 5 --> is rising.", ["The rate is rising."], id="a comment and no tag"),
        pytest.param(
            "First line of a wrapped\nparagraph goes on.",
            ["First line of a wrapped paragraph goes on."],
            id="hard wraps",
        ),
        pytest.param("<p>Unclosed <b>bold <i>and", ["Unclosed bold and"], id="broken markup"),
        pytest.param("", [], id="nothing"),
    ],
)
def test_markup(body: str, expected: list[str]) -> None:
    assert paragraphs(body) == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Talks resume in Geneva", id="short description without a full stop"),
        pytest.param("朝鲜中央通讯社报道,两国签署了协议。", id="Chinese"),
        pytest.param("北朝鮮は新型ミサイルを発射したと発表した。", id="Japanese"),
        pytest.param("북한이 미사일을 발사했다고 합참이 밝혔다", id="Korean"),
        pytest.param("وقع الجانبان اتفاقا جديدا في العاصمة.", id="Arabic"),
        pytest.param("ประเทศทั้งสองลงนามในข้อตกลง", id="Thai"),
        pytest.param("Kim Jong Un (김정은) spoke of “한류” on Friday.", id="foreign words that an author put there"),
        pytest.param("Die Bahn kündigt Streiks für Mai an.", id="German"),
        pytest.param("The court fined Casino Group 3m euros.", id="a casino in the news"),
    ],
)
def test_short_descriptions_stay_whole(text: str) -> None:
    assert paragraphs(text, title="Another title", lang=None) == [text]


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("関連記事：梅雨入り、関東は平年より遅く", id="Japanese related"),
        pytest.param("更多精彩内容，请关注远帆公众号。", id="Chinese channel"),
        pytest.param("关注我们，了解更多故事。", id="Chinese follow us"),
        pytest.param("네이버에서 나루일보 구독하기", id="Korean subscription"),
        pytest.param("ⓒ 나루일보. 무단전재 및 재배포 금지", id="Korean copyright"),
        pytest.param("Подпишитесь на наш канал", id="Russian subscription"),
        pytest.param("Нашли ошибку? Выделите текст и нажмите Ctrl+Enter", id="Russian misprint"),
        pytest.param("Реклама. ООО «Ладья». ИНН 12345", id="Russian advertisement"),
        pytest.param("【纠错】 责任编辑：李伟", id="Chinese editor"),
        pytest.param("この記事は有料会員限定です。残り256文字", id="Japanese members"),
        pytest.param("この記事は有料記事です。残り320文字", id="Japanese paid"),
        pytest.param("Publié le 3 mars 2026 à 08h35 - Temps de lecture : 2 min", id="French date and reading time"),
        pytest.param("Lesezeit: 3 Min.", id="German reading time"),
        pytest.param("Siga o nosso canal no WhatsApp", id="Portuguese channel"),
        pytest.param("This is a developing story. Please check back for updates.", id="developing story"),
        pytest.param("免责声明：本文仅代表作者个人观点，与本站无关。", id="Chinese disclaimer"),
        pytest.param("▶関連記事 円相場の見通し", id="Japanese related, marked"),
        pytest.param("ツイート シェア", id="Japanese buttons"),
        pytest.param("यह भी पढ़ें: सोने के दाम", id="Hindi related"),
        pytest.param("اقرأ أيضا: أسعار الذهب", id="Arabic related"),
        pytest.param("좋아요 12 | 싫어요 1 | 댓글 33", id="Korean counters"),
        pytest.param("홍길동 기자 hong@naru.example", id="Korean reporter's mail"),
    ],
)
def test_furniture_of_other_scripts_goes(line: str) -> None:
    assert line not in paragraphs(f"両国は協定に署名したと外務省が発表した。\n{line}", lang=None)


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("Follow us, the guide said, and led the envoys down to the harbour.", id="a guide"),
        pytest.param("He asked: do you love the sea? Nobody answered him.", id="a question"),
        pytest.param("Reporting by the guild found that the lamps were broken.", id="reporting"),
        pytest.param("Реклама табака запрещена в порту с понедельника.", id="a ban on advertising"),
        pytest.param("The newsletter of the guild reported the fire first.", id="a newsletter"),
        pytest.param(
            "关注我们的人很多，部长在记者会上对各国媒体这样表示，并说会谈将在下周继续进行，双方都有诚意。", id="Chinese"
        ),
        pytest.param("Мы в порту ждали корабль до утра, рассказал капитан.", id="we in the port"),
    ],
)
def test_sentences_that_look_like_furniture_stay(line: str) -> None:
    assert not debris.is_footer(line)
    assert not debris.is_furniture(line)


def test_a_body_of_nothing_but_calls_is_searched_for_paragraphs_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def is_paragraph(line: str) -> bool:
        asked.append(line)
        return False

    monkeypatch.setattr(debris, "is_paragraph", is_paragraph)
    clean("\n".join(["Share"] * 50), title="", lang="en")
    assert len(asked) <= 50


def test_a_paragraph_without_a_full_stop_below_related_is_no_link() -> None:
    paragraph = "ประเทศทั้งสองลงนามในข้อตกลง " * 8
    assert paragraphs(f"{LEAD}\nRelated:\n{paragraph}\n{LAST}") == [LEAD, paragraph.strip(), LAST]


def test_an_attribution_joins_the_quotation_above() -> None:
    quoted = "The parties reaffirm their intention to sign the agreement and to build the bridge"
    assert paragraphs(f"{LEAD}\n{quoted}\n- the message says.\n{MORE}") == [
        LEAD,
        f"{quoted} - the message says.",
        MORE,
    ]


def entry_with(*lines: str) -> str:
    return "".join(f"<p>{line}</p>" for line in lines)


ENDINGS = [
    entry_with(f"{number} ships sailed.", f"Captain {number} was glad.", "Kestrel is read by sailors.", "Ahoy.")
    for number in range(5)
]


@pytest.mark.parametrize(
    ("bodies", "found"),
    [
        pytest.param(ENDINGS, {"kestrelisreadbysailors", "ahoy"}, id="all end alike"),
        pytest.param(
            [*ENDINGS[:3], entry_with("A", "B."), entry_with("C", "D.")], {"kestrelisreadbysailors", "ahoy"}, id="60%"
        ),
        pytest.param([*ENDINGS[:3], *(entry_with(word, "B.") for word in "ACDE")], set(), id="fewer"),
        pytest.param(ENDINGS[:2], set(), id="two entries"),
        pytest.param([ENDINGS[0]] * 5, set(), id="one entry again and again"),
        pytest.param([f"<p>{word}</p>" for word in ("Yes.", "Yes.", "Yes.")], set(), id="an only line"),
        pytest.param([], set(), id="none"),
    ],
)
def test_footers_that_a_feed_repeats(bodies: list[str], found: set[str]) -> None:
    assert repeated_footers(bodies) == found


def test_repeated_footers_go_and_the_same_words_elsewhere_stay() -> None:
    cleaned = clean(ENDINGS[0], title="x", lang="en", footers=repeated_footers(ENDINGS))
    assert cleaned.paragraphs == ("0 ships sailed.", "Captain 0 was glad.")
    assert [dropped.kind for dropped in cleaned.dropped] == ["footer", "footer"]
    early = clean(entry_with("Ahoy.", "He was glad."), title="x", lang="en", footers=repeated_footers(ENDINGS))
    assert early.paragraphs == ("Ahoy.", "He was glad.")


def test_of_a_body_of_countless_lines_the_first_are_kept() -> None:
    lines = [f"Kim said {number}." for number in range(TEXT_LINES + 1000)]
    assert paragraphs("".join(f"<p>{line}" for line in lines)) == lines[:TEXT_LINES]


def test_a_refrain_of_short_lines_stays() -> None:
    assert paragraphs("Yes.\nNo.\nYes.\nMaybe, said the minister.") == [
        "Yes.",
        "No.",
        "Yes.",
        "Maybe, said the minister.",
    ]


@pytest.mark.parametrize("name", ["ctn", "oreanda", "pentagon", "ticker", "unn"])
def test_sample_articles_lose_their_debris(name: str) -> None:
    path = next(shared("data", "articles").glob(f"{name}_*.txt"))
    text = clean(path.read_text("utf-8"), title=TITLES[name], lang="en").text
    for scrap in (
        "카지노",
        "переглядiв",
        "750x375",
        "comment",
        "casino",
        "Source:",
        "Leave a Reply",
        "Комментарии",
        "16:59",
    ):
        assert scrap not in text
    assert len(text) > 2000


def test_true_bodies_stay() -> None:
    shared("data", "pages")
    assert cleaning.pages_kept() >= 0.98


def test_clean_articles_lose_next_to_nothing() -> None:
    shared("data", "grouping")
    share, kinds_of = cleaning.clean_text_dropped()
    assert share < 0.005, kinds_of


@settings(max_examples=60)
@given(st.text(alphabet=st.sampled_from("<>/&;p brdiv='\"\nабкナa.한!") | st.characters(codec="utf-8"), max_size=300))
def test_any_body_comes_through(body: str) -> None:
    cleaned = clean(body, title="x", lang=None)
    assert all(line and "\n" not in line for line in cleaned.paragraphs)
