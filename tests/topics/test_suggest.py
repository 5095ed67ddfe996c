from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import QueryError
from bot.topics.lexicon import load
from bot.topics.query import parse
from bot.topics.suggest import suggest

WATCH = "@dprk & @russia & @arms"
NO_SPORT_NO_DISASTER = "-title:(@sport | @flood | @earthquake | @storm | @epidemic | @volcano)"


@pytest.mark.parametrize(
    ("name", "query"),
    [
        pytest.param("DPRK-Russia arms", WATCH, id="en"),
        pytest.param("North Korea Russia weapons transfers", WATCH, id="en, other words"),
        pytest.param("КНДР-Россия оружие", WATCH, id="ru"),
        pytest.param("КНДР Росія зброя", WATCH, id="uk"),
        pytest.param("북한 러시아 무기 거래", WATCH, id="ko"),
        pytest.param("북러 군사협력", WATCH, id="ko compound"),
        pytest.param("北朝鮮とロシアの武器取引", WATCH, id="ja"),
        pytest.param("朝俄军火", WATCH, id="zh compound"),
        pytest.param("朝鮮對俄軍援", WATCH, id="zh traditional"),
        pytest.param("Belarus nuclear program", "@belarus & @nuclear", id="a filler"),
        pytest.param("Peru cabinet", "@peru & cabinet*", id="an unknown subject"),
        pytest.param("Putin", "@putin", id="a person, not the country"),
        pytest.param("Nvidia", "@nvidia", id="a company, not its trade"),
        pytest.param("US Fed crypto", "@federal_reserve & @crypto", id="a body before the country"),
        pytest.param("Sam Bankman-Fried", '"Sam Bankman-Fried"', id="an unknown person"),
        pytest.param("Joe Blow Foo", "Joe & Blow & Foo", id="three capitalised words may be two names"),
        pytest.param("Wu-Tang Zork", '"Wu-Tang Zork"', id="a dash and a space"),
        pytest.param("South Korea martial law", "@south_korea & @martial_law", id="two words of one subject"),
        pytest.param("plane crash India", "@plane_crash & @india", id="a part of the subject that holds it"),
        pytest.param("frozen Russian assets", "@russian_assets", id="a subject with a country in it"),
        pytest.param("Russia Ukraine prisoner swap", "@russia & @ukraine & @prisoner_swap", id="no truce"),
        pytest.param("Africa coups", "@africa & @coup", id="a region"),
        pytest.param("выборы в Латинской Америке", "@elections & @latin_america", id="a region, ru"),
        pytest.param("Zorkco leaks", "Zorkco & leak*", id="an unknown company and a plural"),
        pytest.param("Sudan civil court", "@sudan & civil* & @courts", id="what is left of an alias"),
        pytest.param("Putin Russia Iran", "@putin & @iran", id="a person before their country"),
        pytest.param("Iran nuclear weapons missiles", "@iran & @nuclear & @missiles", id="a part before the whole"),
        pytest.param("US-China trade war", "@usa & @china & @tariffs", id="two countries and a dash"),
        pytest.param("Bird flu", "@bird_flu", id="one disease, not all of them"),
        pytest.param("Measles outbreak", "@measles", id="an outbreak of something"),
        pytest.param("Hantavirus outbreak", "Hantavirus", id="an outbreak of something unknown"),
        pytest.param("TikTok ban", "@tiktok & (ban | bans | banned | banning)", id="a company, not all; a short word"),
        pytest.param("US government shutdown", "@government_shutdown", id="what only one country has"),
        pytest.param("Zorkco safety probe", "Zorkco & (safet* | probe*)", id="any of several common words"),
        pytest.param("Rheinmetall", "Rheinmetall", id="an unknown company"),
        pytest.param("Sudan starvation", "@sudan & @famine", id="a subject by one of its words"),
        pytest.param(
            "Peru border strikes",
            "@peru & border* & @attacks & -title:(@sport | @flood | @earthquake | @storm | @epidemic | @volcano)",
            id="strikes of a country",
        ),
        pytest.param("Bolsonaro trial", "@bolsonaro & @courts", id="one of a country's politicians"),
        pytest.param("Karabakh", "@armenia | @azerbaijan", id="one place of two countries"),
        pytest.param("crisis", "crisis", id="nothing but a filler"),
        pytest.param("Greenland not for sale", '@greenland & "not for sale"', id="what is denied"),
        pytest.param("Fordow", "Fordow", id="narrower than its concept"),
        pytest.param("Crimean bridge", "Crimea* & bridg*", id="narrower, in its other forms"),
        pytest.param("удары по Харькову", f"@attacks & Харьков* & {NO_SPORT_NO_DISASTER}", id="narrower, inflected"),
        pytest.param("Houthi drones", "@houthis & @drones", id="a concept called so"),
        pytest.param("NOT", '"NOT"', id="a name that is an operator"),
        pytest.param("Bosnia and Herzegovina", "@bosnia_herzegovina", id="an operator inside a country's name"),
        pytest.param("Rock and Roll Hall of Fame", 'Rock & "Roll Hall" & Fame', id="operators in a long name"),
        pytest.param("العقوبات على إيران", "@sanctions & @iran", id="an Arabic preposition"),
        pytest.param("क्वेर्नोव पर प्रतिबंध", "क्वेर्नोव & प्रतिबंध", id="Hindi words stay whole"),
        pytest.param("sanções à Quernóvia", "sanco* & Quernóvia", id="a Portuguese preposition"),
        pytest.param("Sanktionen gegen Russland", "@sanctions & @russia", id="a German preposition"),
        pytest.param("Waffenstillstand in Kaschmir", "@ceasefire & Kaschmir", id="a German compound of arms and rest"),
        pytest.param("Waffenlieferungen für die Ukraine", "@arms & @ukraine", id="German small words"),
        pytest.param("sanctions contre la Russie", "@sanctions & @russia", id="a French preposition"),
        pytest.param("sanciones contra Rusia", "@sanctions & @russia", id="a Spanish preposition"),
        pytest.param("выборы после войны в Сирии", "@elections & @war & @syria & " + NO_SPORT_NO_DISASTER, id="ru"),
        pytest.param("blocus d'Agadez", "blocu* & Agadez", id="an elided article"),
        pytest.param("D'Souza", "D'Souza", id="no elided article"),
        pytest.param("MIT Zork", "MIT & Zork", id="no preposition, and no name of two words"),
        pytest.param("Trump AND Putin", "@trump & @putin", id="no acronym"),
        pytest.param("National Rally", '"National Rally"', id="a name that begins with a filler"),
        pytest.param("New START treaty", '"New START" & @treaty', id="a name that begins with a filler, in capitals"),
        pytest.param(
            "Los Zorkos fires", '"Los Zorkos" & (fire | fires | fired | firing)', id="an article that begins a name"
        ),
        pytest.param(
            "New Mexico wildfires", '"New Mexico" & @wildfire', id="a state that is no part of a country's name"
        ),
        pytest.param(
            "New drone rules", "@drones & (rule | rules | ruled | ruling)", id="a filler before small letters"
        ),
        pytest.param("New Zork Rules", '"Zork Rules"', id="a filler before two capitalised words"),
        pytest.param("Venezuela New Crisis", suggest("Venezuela crisis", load()).query, id="capitals throughout"),
        pytest.param("Vladimir Putin", "@putin", id="a given name, which headlines leave out"),
        pytest.param("Владимир Путин", "@putin", id="a given name, ru"),
        pytest.param("Nicolás Maduro", "@maduro", id="a given name with an accent"),
        pytest.param("Eric Trump", "Eric & @trump", id="somebody else's given name"),
        pytest.param("Alexei Navalny", "@navalny", id="one of many officials"),
        pytest.param("Лавров", "@lavrov", id="one of many officials, ru"),
        pytest.param("Imran Khan", "@imran_khan", id="not who rules now"),
        pytest.param("이재명", "@lee_jae_myung", id="not who ruled before"),
        pytest.param("King Charles", '"King Charles"', id="one of a group that has no concept of his own"),
        pytest.param("Guterres", "@guterres", id="not all of his body"),
        pytest.param("us tariffs", suggest("US tariffs", load()).query, id="small letters: a country"),
        pytest.param("turkey earthquake", "@turkey & @earthquake", id="small letters: a country, not the bird"),
        pytest.param("icc netanyahu", "@icc & @netanyahu", id="small letters: a body"),
        pytest.param("apple antitrust", "@apple & antitrust", id="small letters: a company"),
        pytest.param("санкции против ирана", "@sanctions & @iran", id="small letters: ru"),
        pytest.param("apple pie zork", "apple* & (pie | pies) & (zork | zorks)", id="small letters: no company"),
        pytest.param("TURKEY", "@turkey", id="nothing but capitals"),
        pytest.param("male zork", "(male | males) & (zork | zorks)", id="small letters: a common word"),
        pytest.param("Zork turkey", "Zork & turke*", id="small letters beside capitals mean what they say"),
        pytest.param("zork law", "(zork | zorks) & (law | laws)", id="a short word that is not doubled"),
        pytest.param("Target", "=Target", id="an everyday word with a capital"),
        pytest.param("Target layoffs", "=Target & @layoffs", id="an everyday word with a capital beside another"),
        pytest.param("Shell Nigeria", "=Shell & @nigeria", id="an everyday word with a capital beside a country"),
        pytest.param("target zork", "target* & (zork | zorks)", id="an everyday word in small letters"),
        pytest.param("Forest zork", "Forest & (zork | zorks)", id="a subject that begins the name"),
        pytest.param("TARGET", "TARGET", id="an everyday word all in capitals"),
        pytest.param("Zork Price Target", "Zork & Price & Target", id="an everyday word among capitals"),
        pytest.param("New York Times", '"New York Times"', id="a whole name"),
        pytest.param("New York rent", '"New York" & (rent | rents)', id="a whole name inside another"),
        pytest.param("New York Stock Exchange", "@new_york_stock_exchange", id="a concept around a whole name"),
        pytest.param("Tour de France doping", '"Tour de France" & doping', id="a whole name with a country in it"),
        pytest.param("M23 Goma", "M23 & Goma", id="two names, each narrower than its concept"),
        pytest.param("ZTE Zork", "ZTE & Zork", id="an acronym is no first name"),
        pytest.param("UK water companies", "@uk & water*", id="a general word beside one that says more"),
        pytest.param("Spain amnesty law", "@spain & amnest*", id="a measure beside what it is about"),
        pytest.param("Macron pension reform", "@macron & @pension_reform", id="a measure that is known itself"),
        pytest.param("Macron housing law", "@macron & @housing", id="a measure beside a known subject"),
        pytest.param("연금개혁", "@pension_reform", id="a Korean compound that is known"),
        pytest.param(
            "부동산사기", '부동산사기 | "부동산 사기"', id="a Korean compound that says more than its subject"
        ),
        pytest.param("미국대선", "@usa & @elections", id="a Korean compound of a country and what happens there"),
        pytest.param("독일프로야구", "@germany & 프로야구", id="a Korean compound of a country and an unknown word"),
        pytest.param("러시아에서는", "@russia", id="a Korean particle is no word"),
        pytest.param("guerra na Ucrânia", suggest("guerra Ucrânia", load()).query, id="Portuguese little words"),
        pytest.param("부동산정책", "@housing", id="a Korean compound with a word that says nothing"),
        pytest.param("Zorkil side effects", "Zorkil & (side | sides) & effect*", id="nothing but general words"),
        pytest.param("Chile copper prices", "@chile & copper*", id="a price of something unknown"),
        pytest.param("natural gas prices Europe", "@gas & price* & @europe", id="a price of something known"),
        pytest.param("wolf cull", "(wolf | wolves) & (cull | culls | culled | culling)", id="forms of short words"),
        pytest.param("women's rugby", "(woman | women) & rugb*", id="whose, and two of one"),
        pytest.param("book bans", "(book | books) & (ban | bans | banned | banning)", id="a short plural is one, too"),
        pytest.param("yen buses", "yen & (bus | buses)", id="a word without a plural, and one that hisses"),
        pytest.param("election rigging", "@elections & (rig | rigs | rigged | rigging)", id="a doubled letter"),
        pytest.param("zorky planes", "zork* & plane*", id="a short stem that would be another word"),
        pytest.param("Zorkco strike", "Zorkco & (@walkouts | strik*)", id="a strike of nobody armed"),
        pytest.param(
            "French rail strike", "@france & rail & (@walkouts | strik*)", id="a strike of workers in a country"
        ),
        pytest.param("UK doctors strike", "@uk & @health & (@walkouts | strik*)", id="a strike at a known workplace"),
        pytest.param("rent control Berlin", "@housing & Berlin", id="a capital beside a local matter"),
        pytest.param("London knife crime", "London & (knife | knives)", id="a capital beside a local word"),
        pytest.param("UK general election", "@uk & @elections", id="a general one is any"),
        pytest.param("Moscow sanctions", "@russia & @sanctions", id="a capital that is its country"),
        pytest.param("Berlin Paris housing", "@germany & @france & @housing", id="two capitals are two countries"),
        pytest.param("Wang & Wang", '"Wang & Wang" | "Wang and Wang"', id="the same name twice"),
    ],
)
def test_reads_a_name(name: str, query: str) -> None:
    assert suggest(name, load()).query == query


@pytest.mark.parametrize(
    ("names", "query"),
    [
        (("Hamas", "Хамас", "하마스", "ハマス", "哈马斯", "حماس"), "@hamas"),
        (("Hezbollah", "Хезболла", "Гезболла", "헤즈볼라", "ヒズボラ", "真主党", "حزب الله"), "@hezbollah"),
        (("White House", "Белый дом", "Білий дім", "백악관", "ホワイトハウス", "白宫", "البيت الأبيض"), "@white_house"),
        (("Taliban", "Талибан", "Талібан", "탈레반", "タリバン", "塔利班"), "@taliban"),
        (("Gaza Strip", "сектор Газа", "сектор Газы", "قطاع غزة", "加沙地带", "ガザ地区"), "@gaza"),
        (("Strait of Hormuz", "Ормузский пролив", "호르무즈 해협", "霍尔木兹海峡", "détroit d'Ormuz"), "@hormuz"),
        (("Bank of Japan", "BOJ", "日銀", "일본은행", "Банк Японии"), "@bank_of_japan"),
        (("Deutsche Bank", "ドイツ銀行"), "@deutsche_bank"),
        (("Pakistan Supreme Court", "Pakistan Верховный суд", "파키스탄 대법원"), "@pakistan & @supreme_courts"),
        (("Supreme Court", "US Supreme Court", "Верховный суд США"), "@supreme_court"),
        (("European Court of Human Rights", "ECHR", "ЕСПЧ", "ЄСПЛ", "유럽인권재판소", "CEDH", "EGMR"), "@echr"),
        (("Security Service of Ukraine", "СБУ", "Служба безпеки України"), "@sbu"),
        (("Tokyo Stock Exchange", "東証", "东京证券交易所"), "@tokyo_stock_exchange"),
        (("UNESCO", "ЮНЕСКО", "유네스코", "اليونسكو"), "@unesco"),
        (("Bank of Russia", "ЦБ РФ", "Банк России"), "@bank_of_russia"),
        (("Nord Stream", "Северный поток", "Северного потока", "Північний потік", "北溪"), "@nord_stream"),
        (("Mobilisation", "мобилизация", "мобілізація", "Mobilmachung"), "@mobilisation"),
        (("GDP", "ВВП", "PIB"), "@gdp"),
        (("unemployment", "безработица", "безробіття", "실업"), "@unemployment"),
        (("Suez Canal", "Суэцкий канал", "수에즈 운하", "Suezkanal"), "@suez_canal"),
        (("student loans", "학자금 대출"), "@student_loans"),
        (("Bird flu", "Vogelgrippe"), "@bird_flu"),
        (("climate change", "изменение климата", "зміна клімату", "cambio climático", "Klimawandel"), "@climate"),
        (("Gaspreise", "Erdgas"), "@gas"),
        (("미·이란", "미-이란"), "@iran & @usa"),
        (("미·러 정상회담", "미-러 정상회담"), "@russia & @usa & @summit"),
        (("EU withdrawal",), "@eu & @withdrawal"),
        (("Pentagon", "Пентагон", "펜타곤", "国防総省", "五角大楼"), "@pentagon"),
    ],
)
def test_what_a_name_stands_for_is_found_whole_in_any_language(names: tuple[str, ...], query: str) -> None:
    assert {suggest(name, load()).query for name in names} == {query}


@pytest.mark.parametrize(
    ("name", "unwanted"),
    [
        pytest.param("Venezuela crisis", "@sport", id="a crisis is no sport"),
        pytest.param("Sudan war", "@flood", id="a war is no flood"),
    ],
)
def test_a_title_must_not_be_about_something_else(name: str, unwanted: str) -> None:
    assert "-title:(" in suggest(name, load()).query
    assert unwanted in suggest(name, load()).query


def test_a_guard_does_not_take_away_what_the_name_asks_for() -> None:
    assert "@epidemic |" not in suggest("Sudan war epidemic", load()).query


def test_a_long_name_may_lack_one_of_its_parts() -> None:
    query = suggest("Russian drones NATO airspace", load()).query
    assert "@russia & @drones & @nato |" in query
    assert "@drones & @nato & @airspace" in query


def test_what_says_most_in_a_long_name_is_never_missing() -> None:
    query = suggest("Ukraine drone attacks on Russian refineries", load()).query
    assert query.count("@refineries") == query.partition(" & -title:")[0].count("|") + 1


@pytest.mark.parametrize(
    ("names", "concepts"),
    [
        pytest.param(
            ("US tariffs", "美国关税", "米国の関税", "미국 관세", "пошлины США"), {"tariffs", "usa"}, id="tariffs"
        ),
        pytest.param(("Gaza ceasefire", "加沙停火", "перемирие в секторе Газа"), {"gaza", "ceasefire"}, id="gaza"),
        pytest.param(("Taiwan Strait tensions", "台海紧张", "대만해협 긴장"), {"taiwan", "tensions"}, id="taiwan"),
        pytest.param(("AI chip export controls", "AI芯片出口管制"), {"chips", "export_controls"}, id="chips"),
        pytest.param(
            ("Ebola in Congo", "Congo Ebola outbreak", "ебола в Конго", "刚果埃博拉"), {"ebola", "drc"}, id="ebola"
        ),
    ],
)
def test_one_name_in_many_languages_gives_one_query(names: tuple[str, ...], concepts: set[str]) -> None:
    queries = {suggest(name, load()).query for name in names}
    assert len(queries) == 1
    for concept in concepts:
        assert f"@{concept}" in next(iter(queries))


def test_says_what_each_word_became() -> None:
    suggestion = suggest("Zorkco crisis in Japan", load())
    assert suggestion.parts == (("Zorkco", "Zorkco"), ("Japan", "@japan"))
    assert suggestion.unknown == ("Zorkco",)
    assert suggestion.dropped == ("crisis", "in")


@pytest.mark.parametrize("name", ["", "  ", "!?"])
def test_an_empty_name_is_refused(name: str) -> None:
    with pytest.raises(QueryError):
        suggest(name, load())


def test_every_frame_parses() -> None:
    for frame in load().naming.frames:
        assert str(parse(frame.query, load()))


@given(st.text(min_size=1, max_size=60))
def test_any_name_gives_a_query_that_parses(name: str) -> None:
    try:
        suggestion = suggest(name, load())
    except QueryError:
        return
    assert str(parse(suggestion.query, load())) == suggestion.query


def test_narrower_words_are_aliases_of_the_lexicon() -> None:
    aliases = {alias.folded for concept in load().concepts.values() for alias in concept.aliases}
    assert not load().naming.narrower - aliases


def test_common_words_are_aliases_that_ask_for_capitals() -> None:
    aliases = {alias.folded for concept in load().concepts.values() for alias in concept.aliases if alias.cased}
    assert not load().naming.common_words - aliases
