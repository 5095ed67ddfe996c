from __future__ import annotations

import pytest

from bot.topics.fold import fold
from bot.topics.lexicon import Form, Role, build, expand, load, parse_alias
from bot.topics.lexicon_files import LexiconError
from bot.topics.scan import concept_scanner


def found(text: str) -> set[str]:
    return {key[1:] for key in concept_scanner(load()).find(fold(text))}


@pytest.mark.parametrize(
    ("written", "form", "cased"),
    [
        pytest.param("moscow", Form.WORD, None, id="word"),
        pytest.param("russia*", Form.PREFIX, None, id="prefix"),
        pytest.param("~북한", Form.SUBSTRING, None, id="part"),
        pytest.param("NK", Form.WORD, "NK", id="capitals"),
        pytest.param("=Turkey", Form.WORD, "Turkey", id="exactly"),
        pytest.param("=Рим*", Form.PREFIX, "Рим", id="exactly, a prefix"),
        pytest.param("WMD*", Form.PREFIX, "WMD", id="capitals, a prefix"),
    ],
)
def test_notation(written: str, form: Form, cased: str | None) -> None:
    alias = parse_alias(written, lang="en")
    assert (alias.form, alias.cased) == (form, cased)


def test_choices() -> None:
    assert list(expand("Северн{ая|ой} Коре{я|и}")) == [
        "Северная Корея", "Северная Кореи", "Северной Корея", "Северной Кореи",
    ]  # fmt: skip
    assert list(expand("moscow{,} idaho")) == ["moscow, idaho"]


@pytest.mark.parametrize(
    ("countries", "says"),
    [
        pytest.param("dprk:\n  en: [a]\n", "line 2: @dprk: en: must be text with commas", id="a list"),
        pytest.param("dprk:\n  eng: a\n", "unknown key 'eng'", id="an unknown key"),
        pytest.param("Dprk:\n  en: a\n", "lower-case", id="a name in capitals"),
        pytest.param("dprk:\n  label: North Korea\n", "no aliases", id="no aliases"),
        pytest.param("dprk:\n  en: a, --\n", "without letters", id="an alias of dashes"),
        pytest.param("dprk:\n  en: a, attack* on a\n", "at the end", id="a star inside"),
        pytest.param("dprk:\n  en: a\n  of: nowhere\n", "unknown concept 'nowhere'", id="of nothing"),
        pytest.param("dprk:\n  en: a\n  includes: nowhere\n", "unknown concept 'nowhere'", id="includes nothing"),
        pytest.param("dprk: [\n", "not valid YAML", id="no YAML"),
        pytest.param("- a\n", "must be a mapping", id="no mapping"),
        pytest.param("dprk:\n  label: x\n  en: *a\n", "line 3: not valid YAML", id="a star first"),
        pytest.param("dprk:\n\ten: a\n", "Indent with spaces", id="a tab"),
        pytest.param(
            "dprk:\n  english: a\n", "line 2: @dprk: unknown key 'english'; the keys are ar, de, en", id="key"
        ),
        pytest.param("dprk:\n  en: a\n  en: b\n", "line 3: @dprk has en: twice", id="a key twice"),
        pytest.param("a:\n  en: a\na:\n  en: b\n", "line 3: @a is defined twice", id="a concept twice"),
        pytest.param("no:\n  de: a\n", "a concept's name is lower-case", id="a name that YAML takes for no"),
        pytest.param("norway:\n  de: NO\n", "put a number, yes or no into quotes", id="a word that YAML takes for no"),
        pytest.param("dprk:\n  en: b\n  ru: a{b|c\n", "line 3: @dprk: ru: ", id="a brace that is never closed"),
        pytest.param("iran:\n  en: a\nb:\n  en: b\n  of: iram\n", "line 5: @b: `of` names", id="a slip in a name"),
        pytest.param("iran:\n  en: a\nb:\n  en: b\n  of: iram\n", "did you mean iran?", id="what was meant"),
    ],
)
def test_a_faulty_file_is_named(countries: str, says: str) -> None:
    with pytest.raises(LexiconError) as caught:
        build({"countries.yaml": countries})
    assert says in str(caught.value)


def test_sections_have_their_names() -> None:
    with pytest.raises(LexiconError, match="line 2: unknown section 'filler'"):
        build({}, suggestions="frames: {}\nfiller:\n  en: a\n")


def test_a_guard_must_name_a_concept() -> None:
    with pytest.raises(LexiconError, match="unknown concept 'peace'"):
        build({"subjects.yaml": "war:\n  en: war\n"}, suggestions='guards:\n  peace: "war"\n')


def test_what_a_concept_stands_beside_must_be_a_concept() -> None:
    with pytest.raises(LexiconError, match="`only_beside` names an unknown concept 'peace'"):
        build({"subjects.yaml": "war:\n  en: war\n"}, suggestions="only_beside:\n  war: peace\n")


def test_a_person_speaks_for_the_country() -> None:
    lexicon = build({"countries.yaml": "russia:\n  en: russia\n", "people.yaml": "putin:\n  of: russia\n  en: putin\n"})
    (alias,) = [alias for alias in lexicon.concepts["russia"].aliases if alias.text == "putin"]
    assert alias.origin == "putin"


def test_loads_once() -> None:
    assert load() is load()


def test_covers_the_world() -> None:
    kinds = [concept.kind for concept in load().concepts.values()]
    assert kinds.count("place") > 230
    assert kinds.count("subject") > 60
    assert kinds.count("body") > 25


def test_no_alias_is_a_single_letter() -> None:
    short = [
        (concept.name, alias.text)
        for concept in load().concepts.values()
        for alias in concept.aliases
        if len(alias.folded) == 1 and alias.text.isascii()
    ]
    assert short == []


def test_aliases_have_their_roles() -> None:
    roles = {alias.text: alias.role for alias in load().concepts["russia"].aliases}
    assert roles["moscow"] is Role.NAME
    assert roles["tass"] is Role.SUPPORT


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        pytest.param("NK-Russia ties", "dprk", id="NK in capitals"),
        pytest.param("the democratic people’s republic of korea", "dprk", id="official name, curly apostrophe"),
        pytest.param("Северной Кореей", "dprk", id="ru instrumental"),
        pytest.param("северокорейские", "dprk", id="ru adjective"),
        pytest.param("північнокорейської", "dprk", id="uk adjective"),
        pytest.param("대북한 정책", "dprk", id="ko inside a word"),
        pytest.param("로씨야의", "russia", id="the North's spelling of Russia"),
        pytest.param("露朝首脳会談", "dprk", id="ja compound, North Korea"),
        pytest.param("露朝首脳会談", "russia", id="ja compound, Russia"),
        pytest.param("朝俄签署", "russia", id="zh compound"),
        pytest.param("普丁訪問", "russia", id="zh traditional leader"),
        pytest.param("Skhidny cosmodrome", "russia", id="machine-translated name"),
        pytest.param("russia's brutal", "russia", id="lower case"),
        pytest.param("В Москве заявили", "russia", id="ru capital"),
        pytest.param("U.S. officials", "usa", id="US with dots"),
        pytest.param("이란의 핵시설", "iran", id="ko with a particle"),
        pytest.param("AIチップの輸出規制", "ai", id="Latin beside Japanese"),
        pytest.param("Corée du Nord", "dprk", id="fr"),
        pytest.param("روسيا وكوريا الشمالية", "dprk", id="ar with a proclitic"),
        pytest.param("артилерійські снаряди", "arms", id="arms take over munitions"),
        pytest.param("Fiji’s parliament", "fiji", id="a place from CLDR alone"),
        pytest.param("в Мозамбике", "mozambique", id="CLDR with Russian endings"),
        pytest.param("МАГАТЭ", "iaea", id="ru body"),
        pytest.param("der bolivianischen Regierung", "bolivia", id="de demonym"),
        pytest.param("les autorités kényanes", "kenya", id="fr demonym"),
        pytest.param("el presidente chileno", "chile", id="es demonym"),
        pytest.param("الحكومة السودانية", "sudan", id="ar demonym with its article"),
        pytest.param("엘살바도르 부켈레 대통령", "el_salvador", id="ko leader"),
        pytest.param("у Празі", "czechia", id="uk capital, inflected"),
        pytest.param("レイキャビク", "iceland", id="ja capital from CLDR"),
        pytest.param("Kim and Putin shake hands", "dprk", id="two names side by side"),
        pytest.param("Kim and Putin shake hands", "russia", id="two names side by side, the other one"),
        pytest.param("the war in Ukraine", "russia", id="the war is Russia's"),
        pytest.param("the war in Ukraine", "ukraine", id="the war is in Ukraine"),
        pytest.param("Truppen aus Nordkorea", "troops", id="de troops"),
    ],
)
def test_finds(text: str, concept: str) -> None:
    assert concept in found(text)


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        pytest.param("the nk gene", "dprk", id="nk in small letters"),
        pytest.param("NK cells attack tumours", "dprk", id="NK cells"),
        pytest.param("조선일보에 따르면", "dprk", id="Chosun Ilbo"),
        pytest.param("HD한국조선해양 수주", "dprk", id="shipbuilder"),
        pytest.param("朝鮮半島の平和", "dprk", id="the peninsula"),
        pytest.param("police in Moscow, Idaho, said", "russia", id="Moscow, Idaho"),
        pytest.param("tell us more", "usa", id="us, the pronoun"),
        pytest.param("Latin American leaders", "usa", id="Latin American"),
        pytest.param("Papua New Guinea", "guinea", id="a name inside a longer one"),
        pytest.param("인도적 지원", "india", id="humanitarian, not India"),
        pytest.param("インドネシア", "india", id="Indonesia, not India"),
        pytest.param("는 것이란", "iran", id="a Korean ending, not Iran"),
        pytest.param("roast turkey", "turkey", id="the bird"),
        pytest.param("they walked arm in arm", "arms", id="arm in arm"),
        pytest.param("the family's coat of arms", "arms", id="coat of arms"),
        pytest.param("a call to arms for voters", "arms", id="call to arms"),
        pytest.param("Google in AI arms race", "arms", id="AI arms race"),
        pytest.param("Michael Jordan and Chad Smith", "jordan", id="Jordan, a name"),
        pytest.param("TASS reported on Monday", "russia", id="an agency alone"),
        pytest.param("核心問題", "nuclear", id="core, not nuclear"),
        pytest.param("핵심 쟁점", "nuclear", id="key issue, not nuclear"),
        pytest.param("того же", "togo", id="a Russian pronoun, not Togo"),
        pytest.param("North Korea shows off new missiles", "arms", id="the North's own parade"),
        pytest.param("UN council meets on North Korean missiles", "arms", id="a debate on missiles"),
        pytest.param("US CPI rises", "icc", id="consumer prices, no court"),
        pytest.param("a recipe for lima beans", "peru", id="lima in small letters is no capital"),
    ],
)
def test_does_not_find(text: str, concept: str) -> None:
    assert concept not in found(text)


def test_an_agency_counts_beside_another_alias() -> None:
    spans = concept_scanner(load()).find(fold("TASS quoted the Kremlin"))["@russia"]
    assert len(spans) == 2
