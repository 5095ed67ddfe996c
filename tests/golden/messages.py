"""The messages that are drawn for all three platforms: one of each kind, and the hostile ones."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.alerts.digest import compose_digest
from bot.chats.message import (
    Button,
    Message,
    bold,
    bullets,
    code,
    code_block,
    heading,
    italic,
    link,
    note,
    paragraph,
    quote,
    text_message,
)
from bot.preferences import ChatSettings, Every, Held, Rhythm
from tests.examples import ALERT as EXAMPLE
from tests.examples import DELIVERY, NOW

ALERT = Message(
    (
        heading(link("North Korea ships more shells to Russia, Seoul says", "https://news.example.org/2024/shells")),
        note("Example News, Other Post +1 · 2 origins · 15 Oct 2024, 09:30 UTC"),
        paragraph(
            "South Korea's spy agency said on Tuesday that about 70 more containers left the port of Rajin. "
            "It put the total at more than 8 million rounds."
        ),
        paragraph(bold("New:")),
        bullets("70 more containers", "“more than 8 million rounds”"),
        paragraph(bold("Earlier:")),
        bullets(
            (
                link("Kim and Putin sign a treaty in Pyongyang", "https://other.example/treaty"),
                " (Other Post, 19 Jun 2024)",
            ),
            (
                link("Kim meets Putin at Vostochny", "https://news.example.org/2023/vostochny"),
                " (Example News, 13 Sep 2023) · ",
                link("your alert", "https://t.me/c/1234/56"),
            ),
        ),
        note(
            "Topic: ",
            italic("DPRK-Russia arms"),
            "; matched ",
            code("@dprk"),
            ", ",
            code("@russia"),
            ", ",
            code("@arms"),
        ),
    ),
    ((Button("Earlier", "earlier", "12", command="/story 12"), Button("Why", "why", "12", command="/why 12")),),
)

TOPICS = Message(
    (
        heading("2 topics in this chat"),
        bullets(
            (bold("DPRK-Russia arms"), ": ", code("@dprk & @russia & @arms")),
            (bold("Kim & Putin <summit>"), ": ", code("near/20(kim, putin)"), ", paused"),
        ),
        note("Add one with ", code("/topics add NAME"), "."),
    ),
    (
        (Button("DPRK-Russia arms", "topic", "1"), Button("Kim & Putin <summit>", "topic", "2")),
        (Button("The manual", url="https://example.org/manual"), Button("All", "topics", command="/topics")),
    ),
)

HELP = Message(
    (
        heading("What I can do"),
        paragraph("I watch news feeds and tell you what is new on your topics."),
        bullets(
            (code("/topics add NAME"), " watch a topic"),
            (code("/feeds add URL"), " follow a feed"),
            (code("/why"), " why an alert was sent"),
        ),
        code_block("/topics add Arms = @dprk &\n    (@russia | moscow)\n\n/topics show Arms"),
        quote("A question about a command: ", code("/help topics")),
    )
)

HOSTILE = Message(
    (
        heading(link("</b><script>alert('x')</script> *bold* _it_ ~no~ `code`", "https://evil.example/a?b=1&c=<d>")),
        note("Evil <!here> *Outlet* _news_ :smile: | ", link("a|b>c*d", "https://evil.example/a|b")),
        paragraph("<!channel> <@U123> <#C123> @channel @here @durov &amp; &lt;b&gt; [link](https://evil.example)"),
        paragraph("line one\nline two\r\n\n• forged bullet\u2028and more\ttab"),
        paragraph(
            "\u202egnp.exe\u202c \u2066isolate\u2069 zero\u200bwidth \ufeffbom soft\u00adhyphen "
            "\x1b[31mred\x1b[0m \x07\x00"
        ),
        paragraph("Z" + "\u0351" * 40 + "algo \ud800 lone"),
        bullets((link("javascript", "javascript:alert(1)"), " ", link("file", "file:///etc/passwd")), "   ", ""),
        quote("a quote > with > marks"),
        code_block("```\n</code><b>*x*"),
    ),
    (
        (
            Button("<b>*label*</b> @all " + "long " * 40, "why", "1"),
            Button("bad link", url="javascript:alert(1)"),
            Button("too much data", "why", "9" * 80),
            Button("", "why", "2"),
        ),
    ),
)

SCRIPTS = Message(
    (
        heading(link("КНДР отправила России ещё 70 контейнеров", "https://ru.example/кндр")),
        note("조선일보, 2024년 10월 15일"),
        paragraph("국정원은 북한이 러시아에 포탄을 추가로 보냈다고 밝혔다. ", bold("800만 발"), "이 넘는다."),
        paragraph("北朝鮮は砲弾を追加で輸送した。", italic("韓国の情報機関"), "が明らかにした。"),
        paragraph("قالت سيول إن كوريا الشمالية أرسلت ", bold("70 حاوية"), " إضافية إلى روسيا."),
        paragraph("דרום קוריאה: ", link("עוד 70 מכולות", "https://he.example/a"), " (סוכנות)"),
        paragraph(
            "Emoji 🚀👩‍👩‍👧‍👦🇰🇵 ", bold("🚀 bold 🚀"), " after ", link("🇰🇷 link", "https://example.org/e"), " می‌خواهم"
        ),
    ),
    ((Button("자세히 🔎", "earlier", "3"), Button("Почему?", "why", "3")),),
)

LONG = Message(
    (
        heading(link("A very long report", "https://example.org/long")),
        paragraph(*(f"Sentence number {n} of a summary that nobody cut short. " for n in range(400))),
        paragraph(bold("Earlier:")),
        bullets((link("An old story", "https://example.org/old"), " (Example News, 1 Feb 2024)")),
        note("Topic: everything"),
    ),
    ((Button("Why", "why", "4"),),),
)

CROWDED = Message(
    (
        heading("60 stories since yesterday"),
        *(
            paragraph(bold(f"{n}. "), link(f"Story number {n}", f"https://example.org/{n}"), italic(" Example News"))
            for n in range(60)
        ),
    ),
    (tuple(Button(f"{n}", "story", f"{n}") for n in range(30)),),
)

UNBROKEN = text_message("𝔘" * 5000)


def _held(number: int, topic: str, headline: str, others: tuple[str, ...] = (), *, story: int | None = None) -> Held:
    delivery = replace(DELIVERY, id=number, story_id=story or number, topics=(topic,))
    alert = replace(EXAMPLE, id=number, story_id=number, headline=headline, others=others)
    return Held(delivery, alert if others else replace(alert, new=(), earlier=()), 1 / number)


DIGEST = compose_digest(
    (
        _held(1, "DPRK-Russia arms", "Envoys sign a defence pact", ("Yonhap", "Тасс", "연합뉴스", "Reuters", "AP")),
        _held(2, "DPRK-Russia arms", "Поезд с боеприпасами пересёк границу"),
        _held(3, "Grain & <trade>", "Wheat & <maize> leave the port"),
        _held(4, "Grain & <trade>", "밀 수출이 두 배로 늘었다", story=3),
    ),
    ChatSettings(zone="Asia/Seoul", digest=Rhythm(Every.DAILY)),
    NOW + timedelta(hours=13),
)

MESSAGES: dict[str, Message] = {
    "alert": ALERT,
    "digest": DIGEST,
    "topics": TOPICS,
    "help": HELP,
    "hostile": HOSTILE,
    "scripts": SCRIPTS,
    "long": LONG,
    "crowded": CROWDED,
    "unbroken": UNBROKEN,
    "empty": Message(()),
}
