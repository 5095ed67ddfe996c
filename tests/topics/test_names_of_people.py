"""Names as people type them, with headlines that the topic made of each must find, and others to leave alone."""

from __future__ import annotations

from functools import cache
from typing import Final, NamedTuple

import pytest

from bot.model import Topic
from bot.topics.lexicon import load
from bot.topics.match import Matcher
from bot.topics.suggest import suggest
from tests.topics.making import NOW, an_entry


class Named(NamedTuple):
    """A topic's name; headlines about it and about something else, by language."""

    name: str
    about: tuple[tuple[str, str], ...]
    not_about: tuple[str, ...] = ()


NAMES: Final = (
    Named(
        "Volkswagen plant closures",
        (
            ("en", "VW to close factories in Germany for the first time"),
            ("en", "Volkswagen shuts plant in Dresden after two decades"),
            ("en", "Volkswagen shuts Dresden plant"),
            ("de", "Volkswagen: Werksschließungen sind vom Tisch"),
            ("fr", "Volkswagen va fermer trois usines en Allemagne"),
            ("ko", "폭스바겐, 독일 공장 폐쇄 검토"),
            ("ja", "フォルクスワーゲン、工場閉鎖を検討"),
        ),
        (
            "Volkswagen unveils its cheapest electric car",
            "Plant sale raises money for the hospice",
            "VW plant sets record",
        ),
    ),
    Named(
        "Boeing strike",
        (
            ("en", "Boeing machinists walk out after rejecting contract"),
            ("en", "Striking workers at Boeing return to the picket line"),
            ("fr", "Boeing : la grève entre dans sa sixième semaine"),
            ("ru", "Забастовка на заводах Боинга завершилась"),
            ("zh", "波音罢工进入第五周"),
        ),
        ("Boeing wins order for 40 jets", "Nurses strike over pay"),
    ),
    Named(
        "French rail strike",
        (
            ("en", "French rail workers walk out over pensions"),
            ("en", "Rail strike brings France to a standstill"),
        ),
        ("France launches strikes on militants in Mali", "German rail strike called off"),
    ),
    Named(
        "UK doctors strike",
        (
            ("en", "Resident doctors in England to strike for five days"),
            ("en", "UK doctors back more industrial action"),
        ),
        ("UK joins US strikes on Yemen", "British doctor wins prize"),
    ),
    Named(
        "huelga de médicos", (("es", "Los médicos mantienen la huelga en toda España"),), ("Los médicos piden calma",)
    ),
    Named(
        "General strike Greece",
        (("en", "Greece grinds to a halt as unions walk out"), ("ru", "Забастовка парализовала Грецию")),
        ("Protest in Athens over train crash", "Greece wins at general assembly"),
    ),
    Named("Bahnstreik", (("de", "Bahnstreik ab Montag: was Reisende wissen müssen"),), ("Streik bei der Post",)),
    Named(
        "spending cuts",
        (
            ("en", "Chancellor slashes welfare budget to calm markets"),
            ("fr", "Budget : des coupes budgétaires sans précédent"),
            ("de", "Bundesregierung einigt sich auf Sparpaket"),
            ("ko", "정부, 내년 예산 삭감 추진"),
            ("ja", "緊縮財政に反対するデモ"),
        ),
        ("Shoppers spend more at Christmas", "Spending spree by clubs goes on", "ECB cuts rates"),
    ),
    Named(
        "UK aid cuts",
        (("en", "Britain cuts overseas aid to pay for defence"), ("en", "UK aid cuts will cost lives, charities say")),
        ("UK sends aid to Sudan", "France halves foreign aid cuts"),
    ),
    Named(
        "uranium supply",
        (("en", "Kazatomprom trims output forecast"), ("en", "US bans imports of Russian uranium")),
        ("Iran enriches uranium to 60%", "Nuclear talks resume"),
    ),
    Named(
        "border wall",
        (
            ("en", "Work begins on new wall along the southern border"),
            ("de", "Polen verlängert den Grenzzaun"),
            ("es", "Ordenan reanudar el muro fronterizo"),
        ),
        ("Migrants rescued at sea", "Wall Street opens near border"),
    ),
    Named(
        "plastic treaty talks",
        (("en", "Geneva talks on plastics treaty collapse"), ("ja", "プラスチック条約の交渉、合意できず")),
        ("Peace talks resume in Doha", "Plastic toys recalled"),
    ),
    Named(
        "Rentenreform",
        (("de", "Koalition streitet über die Rentenreform"), ("fr", "La réforme des retraites suspendue")),
        ("Rentner gewinnt im Lotto", "Pension fund buys airport"),
    ),
    Named("전세사기", (("ko", "전세사기 피해자 3만 명 넘어"), ("ko", "전세 사기 일당 구속")), ("전세 가격 상승세",)),
    Named("Klimagipfel", (("en", "COP30 ends without fossil fuel deal"),), ("Climate activists fined",)),
    Named("Friedensgespräche Ukraine", (("en", "Ukraine peace talks open in Geneva"),), ("Ukraine harvest ends",)),
    Named("grève SNCF", (("fr", "SNCF : un préavis de grève déposé pour jeudi"),), ("La SNCF commande cent trains",)),
    Named(
        "Microsoft layoffs",
        (
            ("en", "Microsoft to cut 9,000 jobs in latest round"),
            ("en", "Microsoft lays off thousands"),
            ("de", "Stellenabbau bei Microsoft trifft Vertrieb"),
            ("ko", "마이크로소프트, 또 대규모 해고"),
            ("es", "Microsoft anuncia miles de despidos"),
        ),
        ("Microsoft creates 2,000 jobs in Ireland", "Ford to cut 4,000 jobs"),
    ),
    Named(
        "Macron pension reform",
        (
            ("en", "Macron stands by raising the retirement age"),
            ("fr", "Retraites : Macron refuse de suspendre la réforme"),
            ("de", "Macron verteidigt höheres Rentenalter"),
        ),
        ("Macron promises reform of the civil service", "Macron visits Cairo"),
    ),
    Named(
        "réforme des retraites",
        (("fr", "Réforme des retraites : les syndicats appellent à défiler"),),
        ("Retrait du texte",),
    ),
    Named(
        "пенсионная реформа", (("ru", "Правительство готовит реформу пенсионной системы"),), ("Реформа школы отложена",)
    ),
    Named(
        "rent control Berlin",
        (("en", "Berlin tenants win back rent cap"), ("de", "Mieten in Berlin steigen weiter")),
        ("German minister takes control of energy group", "Munich rents hit a record"),
    ),
    Named(
        "housing crisis Dublin",
        (("en", "Dublin house prices rise again as homes run short"),),
        ("Irish house of horrors opens",),
    ),
    Named(
        "China property crisis",
        (("zh", "中国房地产市场持续低迷"), ("en", "China's housing market slump deepens as Vanke seeks help")),
        ("China stages lion dances on public property",),
    ),
    Named("房地产危机", (("zh", "房价连跌两年 楼市何时见底"),), ("经济危机来了",)),
    Named(
        "incendios forestales",
        (("es", "Un incendio forestal obliga a desalojar dos pueblos"), ("en", "Wildfire near Porto")),
        (),
    ),
    Named(
        "feux de forêt en Corse",
        (("fr", "Corse : un incendie de forêt ravage cent hectares"),),
        ("Corse : un bateau coule",),
    ),
    Named(
        "police shootings",
        (("en", "Officer shot unarmed man, video shows"), ("de", "Neue Debatte über Polizeigewalt")),
        ("Police open day",),
    ),
    Named(
        "violences policières",
        (("fr", "Mort d'un jeune tué par un policier : deux jours d'émeutes"),),
        ("La police recrute",),
    ),
    Named(
        "feminicidios México", (("es", "Mexico registra 70 feminicidios en un mes"),), ("Homicidios bajan en México",)
    ),
    Named(
        "최저임금", (("ko", "내년 최저임금 1만원 넘는다"), ("en", "Minimum wage to rise in April")), ("임금 협상 타결",)
    ),
    Named(
        "small boats",
        (
            ("en", "Record number of migrants cross the Channel in a day"),
            ("en", "Three die as migrant dinghy sinks off Calais"),
        ),
        ("Small companies pull ships to a festival",),
    ),
    Named("M23 Goma", (("en", "M23 rebels tighten their grip on Goma"),), ("Goma airport reopens",)),
    Named(
        "VW Werksschließungen",
        (("de", "Betriebsrat wehrt sich: VW will drei Werke schließen"),),
        ("VW zeigt neuen Golf",),
    ),
    Named("AfD Verbot", (("de", "Bundestag streitet über ein Verbot der AfD"),), ("AfD gewinnt in Thüringen",)),
    Named("New York Times", (("en", "New York Times sues over chatbot"),), ("York times its festival well",)),
    Named(
        "UK water companies",
        (("en", "Water firm fined over sewage in British rivers"),),
        ("British companies hire again",),
    ),
    Named("Spain amnesty law", (("en", "Spain's top court upholds amnesty"),), ("Spain passes housing law",)),
    Named("book bans", (("en", "School board banned book about slavery"),), ("Police ban march",)),
    Named("wolf cull", (("en", "Sweden to cull 30 wolves"),), ("Wolfe wins award",)),
    Named(
        "malaria vaccine rollout", (("en", "Rollout of malaria vaccine begins in Cameroon"),), ("Malaria kills four",)
    ),
    Named(
        "Zaporizhzhia nuclear plant",
        (("en", "Zaporizhzhia reactor loses outside power"),),
        ("Coal plant near Zaporizhzhia shelled",),
    ),
    Named(
        "campus antisemitism", (("en", "University settles lawsuit over anti-Semitism"),), ("Campus opens new library",)
    ),
    Named(
        "World Cup 2026 tickets",
        (("es", "Mundial 2026: salen a la venta mas tickets"),),
        ("Cup of tea: 2026 tickets for fair",),
    ),
    Named("US Steel Nippon", (("en", "Nippon closes purchase of U.S. Steel"),), ("US tariffs on steel doubled",)),
    Named(
        "Nissan Honda merger",
        (("en", "Honda and Nissan call off merger"), ("ja", "ホンダと日産、経営統合を断念")),
        ("Honda wins race",),
    ),
)


@cache
def matcher(name: str) -> Matcher:
    return Matcher(load(), [Topic(1, None, name, suggest(name, load()).query, NOW)])


def is_hit(name: str, title: str, lang: str) -> bool:
    entry = an_entry(title, lang=lang)
    return any(match.relevant for match in matcher(name).match(entry, matcher(name).scan(entry)))


@pytest.mark.parametrize("named", NAMES, ids=[named.name for named in NAMES])
def test_finds_what_is_meant_and_nothing_else(named: Named) -> None:
    assert [title for lang, title in named.about if not is_hit(named.name, title, lang)] == []
    assert [title for title in named.not_about if is_hit(named.name, title, "en")] == []
