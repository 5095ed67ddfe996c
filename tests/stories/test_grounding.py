from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.stories.grounding import Closeness, FaultKind, check, check_summary
from bot.stories.grounding.reading import tidied
from tests.quality.grounding import rates
from tests.quality.grounding_cases import ENGLISH, OTHERS

NEWS = (
    "The harbour board is not worried about the strike itself, but it is worried about the cost of repairs. "
    "The board has yet to see a written offer from the union. Pilot Ida Lund reported the leak to captain Tor Vik. "
    "Lund may soon be dismissed. A diver found the anchor after sailors lost the chain. "
    "The rules favour large ferries over small boats. Vik is expected to rejoin the crew this week. "
    "Both sides have denied a secret deal. The case began a decade ago. A cook and a steward were hurt in a fire."
)
MILLER = "Spokesman Matthew Miller said North Korea sent Russia more than 11,000 containers, about 40 percent by sea."
REEDEREI = (
    "Die Reederei Nordlicht schließt ihr Büro in Emden, teilte Sprecherin Jutta Behrens am Montag mit. Grund seien der "
    "teure Treibstoff und weniger Aufträge. Der Betriebsrat sprach von einem Bruch der Vereinbarung."
)
KIRBY = "The White House is not concerned about Putin's trip, but ties with Pyongyang worry it, John Kirby said."


@pytest.mark.parametrize(
    ("sentence", "sources"),
    [
        pytest.param("North Korea sent Russia over 11 thousand containers.", (MILLER,), id="a number in words"),
        pytest.param("Roughly 40% went by sea, Miller said.", (MILLER,), id="a percentage"),
        pytest.param("Russia received more than 11,000 containers from North Korea.", (MILLER,), id="turned round"),
        pytest.param("Pyongyang sent Moscow more than 11,000 containers.", (MILLER,), id="capitals for countries"),
        pytest.param("Containers were sent to Russia by North Korea.", (MILLER,), id="a passive"),
        pytest.param(
            "Погибли 14 человек, 15 числятся пропавшими.",
            ("При наводнении погибли 14 человек, пропали 15 человек, сообщило министерство.",),
            id="the dead and the missing, ru",
        ),
        pytest.param("The trip is not a concern, Kirby said.", (KIRBY,), id="the same denial"),
        pytest.param("Washington worries about ties with Pyongyang.", (KIRBY,), id="a metonym"),
        pytest.param("КНДР отправила России более 11 тысяч контейнеров.", (MILLER,), id="another language"),
        pytest.param("Kirby said “ties with Pyongyang worry it”.", (KIRBY,), id="a quotation to the letter"),
        pytest.param(
            "Die Firma gibt ihr Büro in Emden auf, die Aufträge wurden weniger.", (REEDEREI,), id="nouns with a capital"
        ),
    ],
)
def test_a_true_sentence_passes(sentence: str, sources: tuple[str, ...]) -> None:
    assert check(sentence, sources) == ()


@pytest.mark.parametrize(
    ("sentence", "sources", "kind"),
    [
        pytest.param("North Korea sent Russia 1,100 containers.", (MILLER,), FaultKind.NUMBER, id="a digit less"),
        pytest.param(
            "При наводнении погибли 15 человек, пропали 14.",
            ("При наводнении погибли 14 человек, пропали 15 человек, сообщило министерство.",),
            FaultKind.NUMBER,
            id="the dead and the missing, ru",
        ),
        pytest.param(
            "スンドの地震で34人が死亡し、3人がけがをした。",
            ("スンドの地震で3人が死亡し、34人がけがをした。",),
            FaultKind.NUMBER,
            id="the dead and the hurt, ja",
        ),
        pytest.param(
            "순드 공장 화재로 8명이 숨지고 22명이 다쳤다.",
            ("순드 공장 화재로 22명이 숨지고 8명이 다쳤다.",),
            FaultKind.NUMBER,
            id="the dead and the hurt, ko",
        ),
        pytest.param("North Korea sent Russia 11 million containers.", (MILLER,), FaultKind.NUMBER, id="a magnitude"),
        pytest.param("Fewer than 11,000 containers were sent.", (MILLER,), FaultKind.NUMBER, id="the other bound"),
        pytest.param("Some 40 containers went by sea.", (MILLER,), FaultKind.NUMBER, id="no longer a percentage"),
        pytest.param("Matthew Kirby said so.", (MILLER, KIRBY), FaultKind.NAME, id="a name made of two"),
        pytest.param("Iran sent Russia more than 11,000 containers.", (MILLER,), FaultKind.NAME, id="another country"),
        pytest.param("Russia sent North Korea more than 11,000 containers.", (MILLER,), FaultKind.ROLE, id="swapped"),
        pytest.param(
            "The White House is concerned about Putin's trip.", (KIRBY,), FaultKind.NEGATION, id="no longer denied"
        ),
        pytest.param("North Korea did not send Russia containers.", (MILLER,), FaultKind.NEGATION, id="denied"),
        pytest.param("North Korea may have sent Russia containers.", (MILLER,), FaultKind.MODALITY, id="doubted"),
        pytest.param("Kirby said: “The trip is fine.”", (KIRBY,), FaultKind.QUOTE, id="an invented quotation"),
        pytest.param(
            "„Der Besuch ist in Ordnung“, sagte Kirby.", (KIRBY,), FaultKind.QUOTE, id="a translated quotation"
        ),
        pytest.param("Miller said it on Tuesday.", (MILLER,), FaultKind.DATE, id="a day from nowhere"),
        pytest.param(
            "Nordlicht schließt ihr Büro in Emden, teilte Sprecherin Jutta Kramer mit.",
            (REEDEREI,),
            FaultKind.NAME,
            id="a German surname",
        ),
        pytest.param(
            "It is the sixth of its kind since May, the union said.",
            ("The strike is the third of its kind since May, the union said.",),
            FaultKind.NUMBER,
            id="a place in a row, of its kind",
        ),
        pytest.param("Miller resigned over unpaid parking tickets.", (MILLER,), FaultKind.INVENTION, id="an invention"),
        pytest.param("Anything.", (), FaultKind.INVENTION, id="no source"),
    ],
)
def test_a_lie_is_caught(sentence: str, sources: tuple[str, ...], kind: FaultKind) -> None:
    assert kind in {fault.kind for fault in check(sentence, sources)}


@pytest.mark.parametrize("cases", [pytest.param(ENGLISH, id="English"), pytest.param(OTHERS, id="other languages")])
def test_the_rates_stay(cases: tuple[object, ...]) -> None:
    """Not lower than when this was written; ``make quality`` prints the figures of each half."""
    judged = rates(cases)  # type: ignore[arg-type]
    assert judged.caught >= 0.88 * judged.lies, judged.missed
    assert judged.passed >= 0.8 * judged.truths, judged.blamed


def test_a_number_from_elsewhere_in_the_article_bears_out_nothing() -> None:
    article = f"{MILLER} Elsewhere, 12,000 farmers gathered in Delhi to mourn a singer."
    (judged,) = check_summary("North Korea sent Russia 12,000 containers.", article)
    assert judged[1]


FIRE = "The fire at the chapel in Arda began on Friday. Lena Orm said it was too early to link it to the election."


@pytest.mark.parametrize(
    ("sentence", "source"),
    [
        pytest.param("The fire was linked to the election, Orm said.", FIRE, id="too early to say"),
        pytest.param("The fire at the chapel was murder.", FIRE, id="one grave word"),
        pytest.param("The club gave a three-year contract.", "The club gave an eight-year contract.", id="few years"),
        pytest.param("The march had been violent.", "The march had been peaceful.", id="an opposite"),
        pytest.param(
            "Robbers raided a jeweller in Cannes.",
            "Robbers raided a jeweller in central Paris. It was the third raid after two on jewellers in Cannes.",
            id="another raid's place",
        ),
    ],
)
def test_a_lie_about_an_article_is_caught(sentence: str, source: str) -> None:
    assert any(faults for _, faults in check_summary(sentence, source))


@pytest.mark.parametrize(
    ("sentence", "source"),
    [
        pytest.param("The thieves left in a second car.", "The thieves left in another car.", id="no second of time"),
        pytest.param(
            "Seabed Lines said service was back.",
            "The cable operator, Seabed Lines, said service was back.",
            id="a speaker between commas",
        ),
        pytest.param(
            "Ada Brandt has died aged 75.", "Ada Brandt, a former minister, has died. She was 75.", id="her age behind"
        ),
    ],
)
def test_a_true_sentence_about_an_article_passes(sentence: str, source: str) -> None:
    assert [faults for _, faults in check_summary(sentence, source) if faults] == []


def test_he_is_the_one_of_the_sentence_before() -> None:
    article = f"{KIRBY} He added that the talks would go on in Geneva."
    (judged,) = check_summary("Kirby said the talks would go on in Geneva.", article)
    assert judged[1] == ()


@pytest.mark.parametrize(
    ("summary", "kind"),
    [
        pytest.param("The board is worried about the strike.", FaultKind.NEGATION, id="a complement denied there"),
        pytest.param("The board has seen a written offer.", FaultKind.NEGATION, id="yet to see"),
        pytest.param("Tor Vik reported the leak to Ida Lund.", FaultKind.ROLE, id="who reports to whom"),
        pytest.param("Lund was dismissed over the leak.", FaultKind.MODALITY, id="may be, and was"),
        pytest.param(
            "Sailors found the anchor after a diver lost the chain.", FaultKind.ROLE, id="two doers exchanged"
        ),
        pytest.param("The rules favour small boats over large ferries.", FaultKind.ROLE, id="the order around over"),
        pytest.param("Vik has rejoined the crew.", FaultKind.MODALITY, id="expected to, and has"),
        pytest.param("Both sides have acknowledged a secret deal.", FaultKind.NEGATION, id="denied, and acknowledged"),
    ],
)
def test_what_an_article_turned_round_is_caught(summary: str, kind: FaultKind) -> None:
    assert kind in {fault.kind for _, faults in check_summary(summary, NEWS) for fault in faults}


@pytest.mark.parametrize(
    "summary",
    [
        pytest.param(
            "The board is not worried about the strike, but about the cost of repairs.", id="not this, but that"
        ),
        pytest.param("The board has not yet seen a written offer from the union.", id="not yet for yet to"),
        pytest.param("The leak was reported to Vik by Lund.", id="a passive"),
        pytest.param("The case began ten years ago.", id="a decade"),
        pytest.param("Two were hurt in a fire.", id="two told of one by one"),
    ],
)
def test_what_an_article_says_otherwise_passes(summary: str) -> None:
    assert [faults for _, faults in check_summary(summary, NEWS) if faults] == []


@given(st.text(max_size=120), st.lists(st.text(max_size=120), max_size=3))
def test_any_text_can_be_checked(sentence: str, sources: list[str]) -> None:
    assert isinstance(check(sentence, sources), tuple)


@given(st.sampled_from([source for case in (*ENGLISH, *OTHERS) for source in case.sources]))
def test_every_sentence_bears_itself_out(sentence: str) -> None:
    assert check(sentence, [sentence]) == ()


PLAYER = (
    "Ona Brandt scored 20 points on Friday. The captain of the Falcons finished with nine rebounds in the sixth round. "
    "Brandt, 24, has denied a foul and entered a plea of not guilty to pushing Mara Holt. "
    "Visitors needed nine points to win. The hall is unlicensed. Falcon officials said no seats had been damaged."
)


@pytest.mark.parametrize(
    "sentence",
    [
        pytest.param(
            "Brandt, the Falcons' captain, finished with 20 points and nine rebounds.",
            id="a figure from beside, of the same person",
        ),
        pytest.param("The 24-year-old has denied a foul.", id="an age said otherwise"),
        pytest.param("Brandt pleaded not guilty to pushing Mara Holt.", id="a plea denies nothing behind it"),
        pytest.param("The hall has no licence.", id="un- is a no"),
        pytest.param("The seats were not damaged, Falcon officials said.", id="a denial a little away"),
    ],
)
def test_what_an_article_says_in_several_places_is_borne_out(sentence: str) -> None:
    assert [faults for _, faults in check_summary(sentence, PLAYER) if faults] == []


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        pytest.param("The captain finished with nine rebounds in the eighth round.", FaultKind.NUMBER, id="a place"),
        pytest.param("The hall is licensed.", FaultKind.NEGATION, id="un- left out"),
        pytest.param("Brandt pleaded guilty to pushing Mara Holt.", FaultKind.NEGATION, id="not left out"),
        pytest.param("Brandt finished with 30 points and nine rebounds.", FaultKind.NUMBER, id="a figure from nowhere"),
    ],
)
def test_what_no_place_of_an_article_says_is_caught(sentence: str, kind: FaultKind) -> None:
    assert kind in {fault.kind for _, faults in check_summary(sentence, PLAYER) for fault in faults}


@pytest.mark.parametrize(
    ("sentence", "source"),
    [
        pytest.param(
            "A woman in Port Lagan says the train was late.",
            "A woman told the police in Port Lagan that the train was late, Ada Brandt said.",
            id="where somebody is does not speak",
        ),
        pytest.param(
            "The bank was evacuated before the bomb went off.",
            "The bank was evacuated after a call, and then the bomb went off.",
            id="before one thing, after another",
        ),
        pytest.param("Governor Ada Brandt resigned.", "Gov. Ada Brandt resigned.", id="a title shortened"),
        pytest.param("The well leaks 90 barrels a day.", "The well leaks 90 barrels per day.", id="a day, per day"),
        pytest.param(
            "Tor Lund and Ada Brandt have offered tents.", "Ada Brandt and Tor Lund offered tents.", id="two doers"
        ),
        pytest.param(
            "Unlike Arda, Ostby had settled its case.", "Arda fought its case. Ostby settled its case.", id="unlike"
        ),
        pytest.param(
            "Arda could send more boats.",
            "Arda sent nine boats in May. A report said that Arda might supply more boats later.",
            id="what was done, and may be done again",
        ),
        pytest.param(
            "The Ostby guild wanted nine more lamps; the owners had offered six lamps over two years.",
            "The guild Ostby said that its members had walked out of the mill. The owners, Arda and Tilda Mills, "
            "called this idle and said they had offered six lamps over two years. The guild had asked for nine lamps.",
            id="parts that a semicolon joins",
        ),
        pytest.param(
            "На Сундській області 12 тисяч родин без світла.",
            "На Сундщині 12 тисяч родин лишилися без світла.",
            id="a region and its adjective",
        ),
        pytest.param(
            "Four people died and 13 were wounded at the mill, Lund said.",
            "A blast hit the mill, killing four people and injuring 13, governor Tor Lund said.",
            id="no unit behind a comma",
        ),
        pytest.param(
            "Lund said a ship under Panama's flag was damaged.",
            "Lund said that a Panama-flagged ship loaded with maize had been damaged.",
            id="a ship sends nothing",
        ),
        pytest.param("Moscow hit a store of lamps.", "Russia hit a depot of lamps.", id="no Støre"),
        pytest.param(
            "12人下落不明，2.3万人转移。", "山洪造成12人失踪，2.3万人转移。", id="a number behind a wide comma"
        ),
    ],
)
def test_another_wording_is_no_fault(sentence: str, source: str) -> None:
    assert [faults for _, faults in check_summary(sentence, source) if faults] == []


class Near:
    """An encoder for which texts are as near as they share what was listed for them."""

    def __init__(self, *alike: str) -> None:
        self._alike = alike

    def vector(self, text: str) -> bytes:
        return bytes((100, 10)) if text in self._alike else bytes((10, 100))


@pytest.mark.parametrize(
    ("sentence", "source"),
    [
        pytest.param(
            "Ona Brandt bought the mill from Tilda Marsh.",
            "Tilda Marsh sold the mill to Ona Brandt.",
            id="sold, bought",
        ),
        pytest.param(
            "The mill was sold to Brandt by Marsh.", "Tilda Marsh sold the mill to Ona Brandt.", id="a passive"
        ),
        pytest.param("The trial lasted two weeks.", "The trial lasted 14 days.", id="weeks for days"),
        pytest.param(
            "The wreck lies about 48 km off Arda.", "The wreck lies 30 miles off Arda.", id="kilometres for miles"
        ),
        pytest.param("More than 2,000 people came.", "Some 2,290 people came.", id="rounded down, and says so"),
        pytest.param(
            "Юрий Маренко ушёл в отставку.", "Yuri Marenko has resigned.", id="a first name in another script"
        ),
        pytest.param("The firm turned the offer down.", "The firm rejected the offer.", id="no in other words"),
        pytest.param("It was his first win since the late 1990s.", "It was his first win since 1998.", id="a decade"),
        pytest.param(
            "Brandt dismissed two officials who had seen the wreck.",
            "Brandt fired two officials who saw the wreck.",
            id="dismissed officials are not denied",
        ),
        pytest.param(
            "Police do not know why Brandt sank the ferry.",
            "Why Brandt sank the ferry is a mystery to police.",
            id="what is only unknown",
        ),
        pytest.param(
            "The law passed by 224 votes to 194.",
            "The vote on the law was 224-194, with three liberals voting for it.",
            id="a score",
        ),
        pytest.param(
            "Republicans say that Democrats, who have blocked the bill twice, are playing politics.",
            "Senate Democrats have twice blocked the bill. Republicans have accused them of playing politics.",
            id="who, after a comma",
        ),
        pytest.param(
            "米下院はイランをめぐる拘束力のない決議を可決した。",
            "The US House passed a non-binding resolution on Iran.",
            id="non- in Japanese",
        ),
        pytest.param(
            "Ірак продовжить боротьбу з «Ісламською державою».",
            "Iraq will continue the fight against the Islamic State.",
            id="a name in quotation marks",
        ),
        pytest.param(
            "About half of the ferries now sail at night, Brandt said.",
            "“Roughly half of the 8 billion trips by ferry are now at night,” Brandt said. Ferries sail at night.",
            id="half of a number with a scale",
        ),
        pytest.param(
            "Brandt proposes to move $350 million to the ferry.",
            "Brandt wants to shift $350 million to the ferry.",
            id="a sum is neither sure nor in doubt",
        ),
        pytest.param(
            "The council made Ona Brandt, until then the acting director, head of the port.",
            "Ona Brandt is no longer the acting director of the port: the council voted to make her its head.",
            id="until then",
        ),
        pytest.param(
            "Brandt did not mention the strike.",
            "Brandt ignored the strike when she spoke.",
            id="ignored, not mentioned",
        ),
        pytest.param(
            "Brandt spoke of the strike in Arda on Tuesday.",
            "The port was shut on Tuesday. Brandt spoke of the strike in Arda.",
            id="a day that stands at the top",
        ),
        pytest.param(
            "バージニア州のノーサム知事は1984年の写真について謝罪した。",
            "Virginia's governor, Ralph Northam, apologised for a photo of 1984.",
            id="English names in Japanese",
        ),
        pytest.param(
            "Генпрокурор Джефф Маренко уволил 14 сотрудников.",
            "Attorney General Jeff Marenko has fired 14 staff.",
            id="a title before a name, in Russian",
        ),
        pytest.param(
            "Ida Lund, a cousin of Martin Luther King Jr, found no record of her ticket in 2018.",
            "King marched to Arda in 1965. In 2018 King's cousin Ida Lund of Sund found no record of her ticket. "
            "Martin Luther King Jr had marched for tickets.",
            id="a surname that is a title, too",
        ),
        pytest.param(
            "Ona Brandt is expected to be elected speaker by the House on Thursday.",
            "The full House is expected to elect Brandt as speaker on Thursday, and Ona Brandt will speak.",
            id="who is expected has nothing done to them",
        ),
        pytest.param(
            "The council must raise the limit by May 3 to avoid a default.",
            "The council must raise the limit by May 3 or risk a default.",
            id="avoided, else risked",
        ),
        pytest.param(
            "Sailors were exposed to gas during the Second World War.",
            "In World War II sailors were exposed to gas.",
            id="the other name of a war",
        ),
        pytest.param(
            "Расследование NPR показало, что в Осло пострадали 4000 человек.",
            "NPR has found that 4,000 people were hurt in Oslo.",
            id="a noun before initials, in Russian",
        ),
        pytest.param(
            "В четверг Палата представителей примет закон об Иране.",
            "The House of Representatives will pass the law on Iran on Thursday.",
            id="a chamber, in Russian",
        ),
        pytest.param(
            "Robert Lund, who says that he sank the ferry, fears that the Pentagon may prosecute him for telling it.",
            "Ex-Navy SEAL Robert Lund says he fired the shots. The Navy SEAL who says he sank the ferry says he is "
            "worried the Pentagon might prosecute him for telling it.",
            id="a rank is no other name",
        ),
        pytest.param(
            "В порту Арды работают более 2000 человек.",
            "More than 2,000 people work at the port of Arda.",
            id="no year",
        ),
    ],
)
def test_what_is_said_otherwise_is_borne_out(sentence: str, source: str) -> None:
    assert [faults for _, faults in check_summary(sentence, source) if faults] == []


@pytest.mark.parametrize(
    ("sentence", "source", "kind"),
    [
        pytest.param(
            "Ona Brandt sold the mill to Tilda Marsh.",
            "Tilda Marsh sold the mill to Ona Brandt.",
            FaultKind.ROLE,
            id="sold to the seller",
        ),
        pytest.param(
            "Tilda Marsh bought the mill from Ona Brandt.",
            "Tilda Marsh sold the mill to Ona Brandt.",
            FaultKind.ROLE,
            id="bought by the seller",
        ),
        pytest.param(
            "Rioters arrested nine guards.", "Guards arrested nine rioters.", FaultKind.ROLE, id="who arrests"
        ),
        pytest.param(
            "Leeds beat Derby 3-1.",
            "Derby ended the year with a 3-1 victory over Leeds.",
            FaultKind.ROLE,
            id="a win by a noun",
        ),
        pytest.param(
            "The toll has passed 90.",
            "Officials believe the toll has passed 90.",
            FaultKind.MODALITY,
            id="a doubt lost",
        ),
        pytest.param(
            "Republicans have blocked the bill.",
            "Democrats have blocked the bill, and Republicans are angry.",
            FaultKind.ROLE,
            id="parties of one country",
        ),
        pytest.param(
            "The council approved a binding rule against noise.",
            "The council approved a non-binding rule against noise.",
            FaultKind.NEGATION,
            id="no longer non-binding",
        ),
        pytest.param(
            "Brandt did not dispute what Marsh claims about the mill.",
            "Brandt called what Marsh claims about the mill untrue.",
            FaultKind.NEGATION,
            id="a denial that is conceded",
        ),
        pytest.param(
            "Norland signed a treaty with Esteria in Arda.",
            "Norland and Esteria seek a treaty, and met in Arda.",
            FaultKind.MODALITY,
            id="signed, and only sought",
        ),
        pytest.param(
            "Brandt hopes that Norland votes to remain in the union.",
            "Brandt hopes that Norland votes to leave the union.",
            FaultKind.NEGATION,
            id="remain for leave",
        ),
        pytest.param(
            "В Осло задержан мужчина, застреливший двух человек.",
            "In Oslo a man shot two people to death and then himself.",
            FaultKind.INVENTION,
            id="an arrest that nobody tells of, in Russian",
        ),
        pytest.param(
            "Брандт заявила, что Марш продаст мельницу.",
            "Tilda Marsh said that Ona Brandt would get the mill.",
            FaultKind.ROLE,
            id="who says it, in Russian",
        ),
        pytest.param(
            "米上院はイランをめぐる決議を可決した。",
            "The US House passed the resolution on Iran.",
            FaultKind.NEGATION,
            id="the other house",
        ),
        pytest.param(
            "At least 29 people were injured and dozens killed in Arda.",
            "A blast in Arda left at least 29 people dead and dozens injured.",
            FaultKind.NUMBER,
            id="the injured for the dead",
        ),
        pytest.param(
            "Brandt pulled off a surprise victory over Marsh in Arda.",
            "Tilda Marsh pulls off shock victory over Ona Brandt in Arda",
            FaultKind.ROLE,
            id="who lost, where nobody wins by a verb",
        ),
        pytest.param(
            "Fares will fall by 22 percent in May.",
            "Fares will spike by 22 percent in May; they had not changed since November.",
            FaultKind.NEGATION,
            id="fall for spike, whatever the month",
        ),
        pytest.param(
            "Ona Brandt blamed the leak on rogue sailors.",
            "The Saudi government has blamed the leak on rogue sailors. Ona Brandt was in Arda.",
            FaultKind.ROLE,
            id="somebody for a government",
        ),
        pytest.param(
            "The polls wrongly showed Brandt winning the vote.",
            "The polls correctly showed Brandt winning the vote.",
            FaultKind.NEGATION,
            id="wrongly for correctly",
        ),
        pytest.param(
            "Brandt shares the claims of officials about the wreck.",
            "Brandt dismissed the claims of officials about the wreck.",
            FaultKind.NEGATION,
            id="claims of officials are denied",
        ),
        pytest.param(
            "カービー氏は11000個について「これは嘘だと思います」と述べた。",
            "Kirby called the 11,000 containers a “red line”.",
            FaultKind.QUOTE,
            id="an invented quotation beside a term",
        ),
        pytest.param(
            "Brandt will extend the policy on ferries.",
            "Brandt will rescind the policy on ferries.",
            FaultKind.NEGATION,
            id="extend for rescind",
        ),
        pytest.param(
            "上院は52対47でブラント氏の就任を否決した。",
            "The Senate confirmed Brandt by 52 votes to 47.",
            FaultKind.NEGATION,
            id="rejected for confirmed, in Japanese",
        ),
        pytest.param(
            "Divers raised the wreck.", "Divers tried to raise the wreck.", FaultKind.MODALITY, id="an attempt done"
        ),
        pytest.param(
            "The trial lasted two weeks.",
            "The trial lasted 12 days.",
            FaultKind.NUMBER,
            id="weeks that are not the days",
        ),
        pytest.param(
            "Банк повысил ставку до 9%.",
            "Банк снизил ставку до 9%.",
            FaultKind.NEGATION,
            id="raised for cut, in Russian",
        ),
        pytest.param(
            "The bank raised its rate to 9%.",
            "Банк снизил ставку до 9%.",
            FaultKind.NEGATION,
            id="raised for cut, of Russian",
        ),
        pytest.param(
            "Україна передасть Польщі вісім літаків.",
            "Польща передасть Україні вісім літаків.",
            FaultKind.ROLE,
            id="sides in Ukrainian",
        ),
        pytest.param(
            "Россия ввела санкции против танкеров Евросоюза, сообщила Кая Каллас.",
            "Евросоюз ввёл санкции против танкеров, которые возят российскую нефть. Об этом сообщила Кая Каллас.",
            FaultKind.ROLE,
            id="sides in Russian, with a speaker's two names",
        ),
        pytest.param(
            "Arda is the third town to sink a lamp, after Ostby.",
            "Arda sank a lamp, the fourth to do so after Ostby, Sund and Lagan.",
            FaultKind.NUMBER,
            id="another place in a row",
        ),
        pytest.param(
            "Суд обязал фонд «Маяк» выплатить банку «Ладья» 64 рубля.",
            "Суд обязал банк «Ладья» выплатить фонду «Маяк» 64 рубля.",
            FaultKind.ROLE,
            id="who pays whom, in Russian",
        ),
        pytest.param(
            "Судья Игорь Лунёв сообщил о пропаже.",
            "Судья Андрей Хокин сообщил о пропаже. Бывший глава банка Игорь Лунёв молчал.",
            FaultKind.ROLE,
            id="whose title, in Russian",
        ),
        pytest.param(
            "북한은 회의를 열고 항만청에 도발 중단을 촉구했다.",
            "항만청은 회의를 열고 북한에 도발 중단을 촉구했다.",
            FaultKind.ROLE,
            id="a body that no lexicon has, in Korean",
        ),
        pytest.param(
            "中国外務省の報道官は、フィリピン船の放水を非難した。",
            "フィリピンのマナロ外相は、中国船の放水を非難した。",
            FaultKind.ROLE,
            id="sides in Japanese phrases",
        ),
        pytest.param(
            "일본은 한국산 김 수입을 중단했다.",
            "한국 정부는 일본산 김 수입을 중단했다.",
            FaultKind.ROLE,
            id="whose goods, in Korean",
        ),
    ],
)
def test_what_is_turned_round_is_caught(sentence: str, source: str, kind: FaultKind) -> None:
    assert kind in {fault.kind for _, faults in check_summary(sentence, source) for fault in faults}


@pytest.mark.parametrize(
    ("sentence", "sources", "kind"),
    [
        pytest.param(
            "Арда заблокировала решение Совета.",
            ["Совет принял решение в понедельник.", "Арда не стала блокировать решение, хотя грозила вето."],
            FaultKind.NEGATION,
            id="a verb denied, in Russian",
        ),
        pytest.param(
            "Orlen said that there had been fraud, and Brandt's aide denied it.",
            ["Her aide, Ada Brandt, said that there had been fraud.", "Tor Orlen denied meddling."],
            FaultKind.ROLE,
            id="who denies",
        ),
    ],
)
def test_what_one_of_its_sources_says_otherwise_is_caught(sentence: str, sources: list[str], kind: FaultKind) -> None:
    assert kind in {fault.kind for fault in check(sentence, sources)}


def test_a_name_of_the_article_is_none_of_every_sentence() -> None:
    article = (
        "Ona Brandt scored 30 points and broke the club's record in the final. "
        "Tilda Marsh, the captain, watched from the stand with an injured knee."
    )
    (judged,) = check_summary("Tilda Marsh broke the club's record in the final.", article)
    assert [fault.kind for fault in judged[1]][:1] in ([FaultKind.NAME], [FaultKind.ROLE])
    (judged,) = check_summary("Ona Brandt broke the club's record in the final.", article)
    assert judged[1] == ()


def test_an_encoder_clears_a_new_wording_and_no_number() -> None:
    source = "Residents woke when nine wagons left the rails at dawn."
    wording = "Locals heard nine coaches derail early that day with a deafening noise."
    wrong = wording.replace("nine", "ten")
    near = Closeness(Near(source, wording, wrong))
    assert FaultKind.INVENTION in {fault.kind for fault in check(wording, [source])}
    assert check(wording, [source], near) == ()
    assert [fault.kind for fault in check(wrong, [source], near)] == [FaultKind.NUMBER]


def test_what_is_added_to_a_true_sentence_is_an_invention_however_near_the_whole_lies() -> None:
    source = "Residents woke when nine wagons left the rails at dawn."
    lie = source.rstrip(".") + ", and engineers blamed rotten sleepers."
    near = Closeness(Near(source, lie, *source.casefold().rstrip(".").split()))
    assert [fault.kind for fault in check(lie, [source], near)] == [FaultKind.INVENTION]


def test_what_lies_far_from_every_source_is_an_invention() -> None:
    source = "Residents woke when nine wagons left the rails at dawn."
    far = "Nine residents asked for compensation in court."
    assert FaultKind.INVENTION in {fault.kind for fault in check(far, [source], Closeness(Near(source)))}


def test_spaces_that_a_tokenizer_left_part_no_number() -> None:
    assert (
        tidied("About 5, 000 litres at 3: 33 a. m. from a 63 - year - old")
        == "About 5,000 litres at 3:33 a.m. from a 63-year-old"
    )
    assert tidied("In 1935, 200 men; 12, 18 and 20") == "In 1935, 200 men; 12, 18 and 20"
