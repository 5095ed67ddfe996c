from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.errors import QueryError
from bot.model import Entry, Match, Sensitivity
from bot.topics.lexicon import load
from bot.topics.match import Matcher
from bot.topics.suggest import suggest
from tests.shared_data import shared
from tests.topics.making import a_topic, an_entry

WATCH = suggest("DPRK-Russia arms", load()).query
WAR = "Russian forces shelled the city of Kharkiv overnight, and three people were hurt, officials said. "
TEST = "North Korea fired a ballistic missile off its east coast on Sunday, the South's military said. "


def match(entry: Entry, query: str = WATCH, sensitivity: Sensitivity = Sensitivity.NORMAL) -> Match | None:
    matcher = Matcher(load(), [a_topic(query, sensitivity=sensitivity)])
    matches = matcher.match(entry, matcher.scan(entry))
    return matches[0] if matches else None


def relevant(entry: Entry, query: str = WATCH) -> bool:
    found = match(entry, query)
    return found is not None and found.relevant


@pytest.mark.parametrize(
    "title",
    [
        pytest.param("North Korea ships artillery shells to Russia, Seoul says", id="en"),
        pytest.param("Kim Jong Un offers Putin ammunition for the war", id="en, only people"),
        pytest.param("Hwasong missile sale to Moscow suspected", id="en, a sign of North Korea"),
        pytest.param("Pyongyang and Moscow deepen military cooperation", id="en, capitals"),
        pytest.param("КНДР поставила России миллион снарядов", id="ru"),
        pytest.param("Северокорейские ракеты применены российскими войсками", id="ru, adjectives"),
        pytest.param("Північна Корея передала росії боєприпаси", id="uk"),
        pytest.param("북한, 러시아에 포탄 수백만 발 제공", id="ko"),
        pytest.param("북러 군사협력 심화에 우려", id="ko compound"),
        pytest.param("北朝鮮、ロシアに砲弾を供与か", id="ja"),
        pytest.param("朝鲜向俄罗斯提供弹药", id="zh simplified"),
        pytest.param("北韓向俄羅斯輸送砲彈", id="zh traditional"),
    ],
)
def test_a_title_that_names_every_facet_is_relevant(title: str) -> None:
    found = match(an_entry(title))
    assert found is not None
    assert found.score == 1.0
    assert found.relevant
    assert {evidence.where for evidence in found.evidence} == {"title"}
    assert relevant(an_entry("", title)), "the same words as a text without a title"


@pytest.mark.parametrize(
    ("title", "text"),
    [
        pytest.param("Iran sends ballistic missiles to Russia, officials say", WAR, id="Iran, not North Korea"),
        pytest.param("North Korea tests new missile", TEST * 4, id="no Russia"),
        pytest.param(
            "South Korea and Russia settle fishing quotas", "Seoul and Moscow agreed on pollock. " * 5, id="fish"
        ),
        pytest.param(
            "HD한국조선해양, 러시아 쇄빙선 계약 해지", "조선업계는 무기한 연기를 우려했다.", id="ko shipbuilder"
        ),
        pytest.param("朝鮮半島の平和と安定", "ロシアは武器の削減を求めた。", id="ja the peninsula"),
        pytest.param(
            "Russia strikes Kharkiv again", WAR * 30 + "The shells came from North Korea. " + WAR * 20, id="in passing"
        ),
        pytest.param(
            "North Korea fires missile into the sea",
            TEST * 6 + "Kim met Vladimir Putin in Beijing in September. " + TEST * 2,
            id="Russia as background",
        ),
        pytest.param(
            "North Korea fires short-range ballistic missiles into the sea",
            "North Korea fired several short-range ballistic missiles on Sunday, Seoul said. The launch was the fifth "
            "this year. The United States condemned it. Japan protested. Pyongyang has hastened its work since talks "
            "collapsed in 2019. It has drawn closer to Russia, sending troops and weapons for Moscow's war in Ukraine.",
            id="Russia in the last sentence of a short piece",
        ),
        pytest.param(
            "Iran supplies drones to Russia",
            "Iran has sent hundreds of drones to Russia, US officials say. " * 5 + "North Korea has sent shells, too.",
            id="North Korea in the last sentence",
        ),
        pytest.param(
            "Morning briefing: storms in Spain",
            "Storms hit Spain. North Korea sent shells to Russia. A panda was born in Berlin. " + "Other news. " * 40,
            id="one line of a round-up",
        ),
    ],
)
def test_hard_negatives(title: str, text: str) -> None:
    assert not relevant(an_entry(title, text))


def test_sensitivity_sets_the_bar() -> None:
    passing = an_entry("Russia strikes Kharkiv", WAR * 8 + "The shells came to Russia from North Korea. " + WAR * 8)
    verdicts = {level: found.relevant for level in Sensitivity if (found := match(passing, WATCH, level)) is not None}
    assert verdicts == {Sensitivity.STRICT: False, Sensitivity.NORMAL: False, Sensitivity.WIDE: True}


def test_one_mention_in_the_lead_of_a_long_piece_is_in_passing() -> None:
    text = "Venezuela was named once. " + WAR * 30
    assert not relevant(an_entry("A long piece", text), "@venezuela")
    assert relevant(an_entry("A short piece", text[:300]), "@venezuela")
    assert relevant(an_entry("A long piece", text + "Caracas answered."), "@venezuela")


def _articles() -> list[tuple[str, Entry]]:
    """The five sample articles, cleaned as roughly as possible: the first sentence-like line is the title."""
    entries: list[tuple[str, Entry]] = []
    for path in sorted(shared("data", "articles").iterdir()):
        lines = [line.strip() for line in path.read_text("utf-8").splitlines() if len(line.strip()) > 30]
        entries.append((path.stem, an_entry(lines[0], "\n".join(lines[1:]))))
    return entries


def test_all_five_articles_are_relevant_by_the_name_alone() -> None:
    verdicts = {name: relevant(entry) for name, entry in _articles()}
    assert len(verdicts) == 5
    assert all(verdicts.values()), verdicts


def test_all_five_articles_are_relevant_without_their_titles() -> None:
    assert all(relevant(an_entry("", entry.text)) for _, entry in _articles())


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        pytest.param("cargo & port", True, id="and"),
        pytest.param("cargo & plane", False, id="and, one missing"),
        pytest.param("plane | port", True, id="or"),
        pytest.param("port -cargo", False, id="not"),
        pytest.param("port -plane", True, id="not, absent"),
        pytest.param('"cargo ship"', True, id="phrase"),
        pytest.param('"ship cargo"', False, id="phrase in another order"),
        pytest.param("carg", False, id="whole words only"),
        pytest.param("carg*", True, id="prefix"),
        pytest.param("title:cargo", True, id="title"),
        pytest.param("title:crew", False, id="title, stands in the text"),
        pytest.param("lead:crew", True, id="lead"),
        pytest.param("title:(crew | ship)", True, id="title of a group"),
        pytest.param("ship -title:crew", True, id="not in the title"),
        pytest.param("crew -lead:crew", False, id="not in the lead"),
        pytest.param("lang:en ship", True, id="language"),
        pytest.param("lang:ru ship", False, id="another language"),
        pytest.param("source:example ship", True, id="source by name"),
        pytest.param("source:news.example ship", True, id="source by host"),
        pytest.param("source:tass ship", False, id="another source"),
        pytest.param("SHIP", True, id="case does not matter"),
    ],
)
def test_boolean_truth(query: str, expected: object) -> None:
    entry = an_entry("Cargo ship leaves port", "Its crew of twelve is safe.")
    assert (match(entry, query) is not None) is expected


def test_evidence_shows_the_words_as_they_stand() -> None:
    found = match(
        an_entry("Moscow’s “friends”", "Nothing here. The КНДР sent Mu\u0301nitions there on Friday. End."), "munition*"
    )
    assert found is not None
    (evidence,) = found.evidence
    assert evidence.concept == "munition"
    assert evidence.alias == "Mu\u0301nitions"
    assert evidence.where == "lead"
    assert evidence.sentence == "The КНДР sent Mu\u0301nitions there on Friday."


def test_evidence_shows_a_number_whole() -> None:
    found = match(an_entry("Up to 12,000 soldiers went", "They left."), '"000 soldiers"')
    assert found is not None
    assert [one.alias for one in found.evidence] == ["12,000 soldiers"]


def test_evidence_names_concepts_without_the_at() -> None:
    found = match(an_entry("Northern troops of the DPRK arrive"), "@dprk")
    assert found is not None
    assert [(one.concept, one.alias, one.where) for one in found.evidence] == [("dprk", "DPRK", "title")]


def test_scan_counts_concepts() -> None:
    matcher = Matcher(load(), [])
    entry = an_entry("Russia and the DPRK", "Russian and North Korean ministers met.")
    assert matcher.scan(entry).concepts["russia"] == 2
    assert matcher.scan(entry).concepts["dprk"] == 2


def test_an_empty_entry_matches_nothing() -> None:
    assert match(an_entry("", "")) is None


def test_every_topic_is_judged_by_its_own_query() -> None:
    matcher = Matcher(load(), [a_topic("@russia", 7), a_topic("cat", 8), a_topic("@russia -rain", 9)])
    entry = an_entry("Rain in Russia")
    assert [found.topic_id for found in matcher.match(entry, matcher.scan(entry))] == [7]


def test_a_faulty_query_is_refused_when_compiling() -> None:
    with pytest.raises(QueryError):
        Matcher(load(), [a_topic("(a")])


def test_threads_share_a_matcher() -> None:
    matcher = Matcher(load(), [a_topic(WATCH)])
    entries = [an_entry("North Korea arms Russia", TEST * size) for size in range(40)]

    def judge(entry: Entry) -> tuple[Match, ...]:
        return matcher.match(entry, matcher.scan(entry))

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(judge, entries)) == [judge(entry) for entry in entries]


@pytest.mark.parametrize("title", ["Pakistan Supreme Court frees Khan", "Supreme Court of Pakistan frees Khan"])
def test_another_countrys_supreme_court_is_found_by_its_name(title: str) -> None:
    matcher = Matcher(load(), [a_topic(suggest("Pakistan Supreme Court", load()).query)])
    entry = an_entry(title)
    assert any(match.relevant for match in matcher.match(entry, matcher.scan(entry)))
