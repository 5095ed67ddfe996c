"""Figures with what they count, and when one changes another."""

from __future__ import annotations

import pytest

from bot.stories.figures import changed, changes_among, figures_in


@pytest.mark.parametrize(
    ("lang", "sentence", "phrase", "amount", "value"),
    [
        pytest.param(
            "en",
            "Kestria sent over 11,000 crates of grain to Sund.",
            "over 11,000 crates of grain",
            "over 11,000",
            "11000",
            id="English",
        ),
        pytest.param(
            "en",
            "At least 3,000 Kestrian sailors were moved.",
            "At least 3,000 Kestrian sailors",
            "At least 3,000",
            "3000",
            id="a name before the thing",
        ),
        pytest.param(
            "ru",
            "В Сунде находятся около 10 тысяч кестрийских моряков.",
            "около 10 тысяч кестрийских моряков",
            "около 10 тысяч",
            "10000",
            id="Russian",
        ),
        pytest.param(
            "uk",
            "Кестрія передала понад тисячу ящиків із зерном.",
            "понад тисячу ящиків із зерном",
            "понад тисячу",
            "1000",
            id="Ukrainian, a thousand in words",
        ),
        pytest.param("ko", "선원 3000여 명이 순드로 갔다.", "3000여 명", "3000여 명", "3000", id="Korean"),
        pytest.param("ko", "곡물 상자는 1만3000개가 넘는다.", "1만3000개", "1만3000개", "13000", id="Korean, mixed"),
        pytest.param("ja", "船員約3000人がスンドに着いた。", "約3000人", "約3000人", "3000", id="Japanese"),
        pytest.param("zh", "超过1000名水手抵达。", "超过1000名", "超过1000名", "1000", id="Chinese"),
        pytest.param(
            "de", "Mehr als 1.000 Kisten kamen an.", "Mehr als 1.000 Kisten", "Mehr als 1.000", "1000", id="German"
        ),
        pytest.param(
            "ar", "أرسلت كسترِيا نحو ١٢٬٥٠٠ بحار إلى سوند.", "نحو ١٢٬٥٠٠ بحار", "نحو ١٢٬٥٠٠", "12500", id="Arabic digits"
        ),
        pytest.param("ar", "وصل 3 آلاف شخص إلى الميناء.", "3 آلاف شخص", "3 آلاف", "3000", id="Arabic, thousands"),
        pytest.param("fa", "بیش از ۸۰ نفر در سوند زخمی شدند.", "بیش از ۸۰ نفر", "بیش از ۸۰", "80", id="Persian"),
        pytest.param("hi", "सुंद में करीब ४० लोग घायल हो गए।", "करीब ४० लोग", "करीब ४०", "40", id="Hindi"),
        pytest.param("tr", "Sund'da en az 12 kişi hayatını kaybetti.", "en az 12 kişi", "en az 12", "12", id="Turkish"),
        pytest.param(
            "pt",
            "Mais de 80 marinheiros chegaram.",
            "Mais de 80 marinheiros chegaram",
            "Mais de 80",
            "80",
            id="Portuguese",
        ),
    ],
)
def test_figures(lang: str, sentence: str, phrase: str, amount: str, value: str) -> None:
    (figure,) = figures_in(sentence, lang)
    assert (figure.phrase, figure.amount, figure.value) == (phrase, amount, value)


@pytest.mark.parametrize(
    "sentence",
    [
        pytest.param("Prices rose 12 percent.", id="percentage"),
        pytest.param("It cost $3 million to build.", id="money"),
        pytest.param("They met for 3 hours on June 18 in 2024.", id="times and dates"),
        pytest.param("It is the 75th anniversary.", id="ordinal"),
        pytest.param("The vote was 12-3 in Sund.", id="score"),
        pytest.param("He read 1984 and slept.", id="nothing counted"),
        pytest.param("He ran 32 yards with a 38 calibre revolver.", id="lengths"),
        pytest.param("It is worth a lot (or 2 million).", id="a scale is no thing"),
    ],
)
def test_what_counts_nothing_comparable(sentence: str) -> None:
    assert figures_in(sentence, "en") == ()


def change(new: str, *earlier: str, lang: str = "en") -> str | None:
    (figure,) = figures_in(new, lang)
    found = changed(figure, [each for sentence in earlier for each in figures_in(sentence, lang)])
    return found.amount if found else None


NEW = "Kestria has sent over 11,000 crates of grain to Sund by rail."


@pytest.mark.parametrize(
    ("earlier", "amount"),
    [
        pytest.param(
            ["Kestria sent more than 10,000 crates of grain to Sund in May."], "more than 10,000", id="changed"
        ),
        pytest.param(["Kestria sent over 11,000 crates of grain to Sund."], None, id="the same"),
        pytest.param(["Kestria sent 40 engines to Sund by rail."], None, id="another thing"),
        pytest.param(["A shop in Belin sold 300 crates."], None, id="the same thing in another story"),
        pytest.param(
            ["Kestria sent 9,000 crates of grain to Sund by rail.", "Kestria sent 11,000 crates of grain to Sund."],
            None,
            id="given before, among others",
        ),
        pytest.param(["Moldania sent 10,000 crates of grain to Belin by rail."], None, id="somebody else's"),
        pytest.param([], None, id="nothing earlier"),
    ],
)
def test_a_figure_changes_only_one_of_its_own_kind(earlier: list[str], amount: str | None) -> None:
    assert change(NEW, *earlier) == amount


def test_people_are_counted_too_often_to_be_compared_lightly() -> None:
    assert (
        change("A fire in Sund killed 12 people near the old port on Friday.", "A bus crash in Sund killed 5 people.")
        is None
    )


@pytest.mark.parametrize(
    ("lang", "now", "before"),
    [
        pytest.param("en", "19 new travel-related cases emerged.", "24 new suspected cases emerged.", id="on top"),
        pytest.param("en", "Another 4,000 soldiers were sent.", "3,000 soldiers were sent.", id="another"),
        pytest.param(
            "ru", "В город прибыли ещё 40 автобусов помощи.", "В город прибыли 30 автобусов помощи.", id="ru, more"
        ),
        pytest.param(
            "en", "It leaks 1,000 barrels of oil per day.", "It leaked 4,000 barrels of oil.", id="a rate, a sum"
        ),
        pytest.param("en", "It leaks 1,000 barrels of oil.", "It could leak up to 8,000 barrels of oil.", id="at most"),
        pytest.param(
            "en", "There are 26 confirmed cases.", "There are 159 suspected cases.", id="two kinds of one thing"
        ),
        pytest.param(
            "en", "Kestria sent 40 ferries to Sund.", "Kestria will send 60 ferries to Sund.", id="planned, done"
        ),
        pytest.param(
            "en",
            "An expected 900 pilgrims reach the holy port of Sund.",
            "In all 700 pilgrims reach the holy port.",
            id="expected, come",
        ),
        pytest.param(
            "en", "A storm over Sund wounded 40 pilots.", "Sund hired 12 pilots after the storm.", id="hurt, hired"
        ),
        pytest.param(
            "en",
            "In the council of Sund 33 seats are vacant.",
            "The league won 63 seats, Sund said of its council.",
            id="two verbs",
        ),
        pytest.param(
            "en",
            "Sund takes in 800 refugees by sea.",
            "Sund takes in 100 Kestrian refugees by sea.",
            id="some of all of them",
        ),
        pytest.param(
            "ko",
            "연말까지 선원 900명이 순드로 파견될 것으로 보인다.",
            "선원 300명이 순드로 파견됐다고 밝혔다.",
            id="ko, planned",
        ),
        pytest.param(
            "ja", "年末までに船員900人がスンドに着く見通し。", "船員300人がスンドに着いた。", id="ja, planned"
        ),
        pytest.param("ru", "В Сунд отправят и могут принять 90 судов.", "В Сунд приняли 40 судов.", id="ru, possible"),
    ],
)
def test_figures_of_different_kinds_change_nothing(lang: str, now: str, before: str) -> None:
    figure, *_ = figures_in(now, lang)
    assert changed(figure, figures_in(before, lang)) is None


@pytest.mark.parametrize(
    ("lang", "now", "before", "amount"),
    [
        pytest.param(
            "en",
            "Floods over Sund have killed 14 people, the mayor said.",
            "Floods over Sund left 19 people missing and killed 10 people, the mayor said.",
            "10",
            id="en, another fate",
        ),
        pytest.param(
            "ru",
            "При наводнении в Сунде погибли 14 человек, сообщил мэр.",
            "При наводнении в Сунде пропали 19 человек и погибли 10 человек, сообщил мэр.",
            "10",
            id="ru, another fate",
        ),
        pytest.param(
            "uk",
            "Під час повені у Сунді загинули 14 людей, повідомив мер.",
            "Під час повені у Сунді поранено 19 людей, загинули 10 людей, повідомив мер.",
            "10",
            id="uk, another fate",
        ),
        pytest.param(
            "de",
            "Bei der Explosion in Sund sind 14 Menschen getötet worden.",
            "Bei der Explosion in Sund sind 30 Menschen verletzt und 12 Menschen getötet worden.",
            "12",
            id="de, another fate",
        ),
        pytest.param(
            "ko",
            "순드 공장에서 난 불로 22명이 숨졌다고 소방당국이 밝혔다.",
            "순드 공장에서 난 불로 4명이 다치고 1명이 숨졌다고 소방당국이 밝혔다.",
            "1명",
            id="ko, another fate",
        ),
        pytest.param(
            "ja",
            "スンドの地震で、県は3人が死亡したと発表した。",
            "スンドの地震で、県は34人がけがをし、2人が死亡したと発表した。",
            "2人",
            id="ja, another fate",
        ),
        pytest.param(
            "zh", "孙德山体滑坡已致14人遇难。", "孙德山体滑坡已致19人失联、10人遇难。", "10人", id="zh, another fate"
        ),
        pytest.param(
            "zh", "孙德山体滑坡已致14人死亡。", "孙德山体滑坡致19人受伤10人死亡。", "10人", id="zh, nothing between"
        ),
        pytest.param("zh", "孙德山体滑坡已致14人遇难。", "孙德山体滑坡已致19人失联。", None, id="zh, only others"),
        pytest.param(
            "en",
            "A raid on Sund hurt 40 people near the port.",
            "A raid on Sund near the port killed 30 people.",
            None,
            id="en, only others",
        ),
        pytest.param(
            "en",
            "Fifteen people died in the flood in Sund on the coast.",
            "Ten people died in the flood in Sund on the coast.",
            "Ten",
            id="en, a number in words",
        ),
        pytest.param(
            "en",
            "At least forty-five people died in the flood in Sund on the coast.",
            "Ten people died in the flood in Sund on the coast.",
            "Ten",
            id="en, tens and units in words",
        ),
        pytest.param(
            "en",
            "So far 15 people died in the flood in Sund on the coast.",
            "Ten people died in the flood in Sund on the coast.",
            "Ten",
            id="en, words, then digits",
        ),
        pytest.param(
            "de",
            "Dreizehn Menschen starben beim Hochwasser in Sund an der Küste.",
            "Zehn Menschen starben beim Hochwasser in Sund an der Küste.",
            "Zehn",
            id="de, in words",
        ),
        pytest.param(
            "ru",
            "Пятнадцать человек погибли при наводнении на побережье в Сунде.",
            "Десять человек погибли при наводнении на побережье в Сунде.",
            "Десять",
            id="ru, in words",
        ),
        pytest.param(
            "uk",
            "Двадцять п'ять людей загинули під час повені на узбережжі в Сунді.",
            "Десять людей загинули під час повені на узбережжі в Сунді.",
            "Десять",
            id="uk, in words",
        ),
        pytest.param(
            "fr",
            "Quinze personnes sont mortes dans les inondations sur la côte à Sund.",
            "Dix personnes sont mortes dans les inondations sur la côte à Sund.",
            "Dix",
            id="fr, in words",
        ),
        pytest.param(
            "es",
            "Quince personas murieron en la inundación en la costa de Sund.",
            "Diez personas murieron en la inundación en la costa de Sund.",
            "Diez",
            id="es, in words",
        ),
        pytest.param(
            "ko", "순드 홍수로 열다섯 명이 숨졌다.", "순드 홍수로 열 명이 숨졌다.", "열 명", id="ko, in words"
        ),
        pytest.param(
            "ja", "スンドの洪水で二十五人が死亡した。", "スンドの洪水で十人が死亡した。", "十人", id="ja, in words"
        ),
        pytest.param("zh", "桑德洪水造成十五人死亡。", "桑德洪水造成十人死亡。", "十人", id="zh, in words"),
    ],
)
def test_a_count_changes_the_last_of_the_same_fate_in_digits_or_in_words(
    lang: str, now: str, before: str, amount: str | None
) -> None:
    assert change(now, before, lang=lang) == amount


@pytest.mark.parametrize(
    ("sentence", "fates"),
    [
        pytest.param("The blast killed 3 people and wounded 9 people.", ["dead", "hurt"], id="before"),
        pytest.param("There 3 people were killed while 9 people are missing.", ["dead", "missing"], id="behind"),
        pytest.param("With 9 workers hurt and 3 workers dead, the mill shut.", ["hurt", "dead"], id="right behind"),
        pytest.param("In Sund 9 people, among them two boys, were hurt.", ["hurt"], id="far behind"),
        pytest.param("The raid left 9 people dead or missing.", ["struck"], id="of both"),
        pytest.param("A raid caused 9 casualties among the 40 guards.", ["struck", ""], id="casualties"),
        pytest.param("They sent 9 ships.", [""], id="none"),
    ],
)
def test_fates(sentence: str, fates: list[str]) -> None:
    assert [figure.fate for figure in figures_in(sentence, "en")] == fates


def test_who_is_counted_by_the_same_name_is_compared_whatever_the_verb() -> None:
    assert change("The raid freed 18 Kestrian divers.", "Masked men took away 16 Kestrian divers in Sund.") == "16"


@pytest.mark.parametrize(
    ("before", "values"),
    [
        pytest.param("Kestria sent 1,500 crates to Sund.", ["3000"], id="the first one changes it"),
        pytest.param("Kestria sent 3,000 crates to Sund.", [], id="the first one is the same"),
    ],
)
def test_the_first_figure_of_a_thing_uses_up_the_earlier_ones(before: str, values: list[str]) -> None:
    texts = "Kestria sent 3,000 crates to Sund.", "It sent 10,000 crates to Sund with the rest."
    now = [figure for text in texts for figure in figures_in(text, "en")]
    changes = changes_among(now, figures_in(before, "en"), of_one=True)
    assert [value for value, _ in changes] == values


@pytest.mark.parametrize(
    ("before", "changed_value"),
    [
        pytest.param("Kestria sent 1,500 crates to Sund.", ["3000"], id="a sum grows"),
        pytest.param("Kestria sent 9,000 crates to Sund.", [], id="of its own"),
    ],
)
def test_between_two_events_only_a_sum_that_has_grown_is_one_and_the_same(
    before: str, changed_value: list[str]
) -> None:
    now = figures_in("Kestria sent 3,000 crates to Sund.", "en")
    changes = changes_among(now, figures_in(before, "en"), of_one=False)
    assert [value for value, _ in changes] == changed_value


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [
        pytest.param("en", "Two sides met in Sund over three boats.", id="no people"),
        pytest.param("en", "The two people were freed in Sund.", id="known people"),
        pytest.param("en", "At once people fled the town of Sund.", id="another language's eleven"),
        pytest.param("en", "Ten thousand people fled the town of Sund.", id="a scale behind"),
        pytest.param("zh", "数十人受伤。", id="dozens"),
        pytest.param("ko", "일부 사람이 다섯 차례 다쳤다.", id="times"),
    ],
)
def test_words_that_count_nobody(lang: str, sentence: str) -> None:
    assert figures_in(sentence, lang) == ()


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [
        pytest.param("fr", "La crue a fait 30 blessés et 15 morts.", id="French"),
        pytest.param("es", "La riada dejó 30 heridos y 15 muertos.", id="Spanish"),
        pytest.param("es", "Otras 30 personas resultaron heridas y 15 personas fallecieron.", id="Spanish verbs"),
        pytest.param("fr", "Au total 30 personnes ont été blessées et 15 personnes sont décédées.", id="French verbs"),
    ],
)
def test_fates_in_other_languages(lang: str, sentence: str) -> None:
    assert [figure.fate for figure in figures_in(sentence, lang)] == ["hurt", "dead"]


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [
        pytest.param("de", "Die Zahl der Todesopfer ist auf 27 gestiegen.", id="a German verb"),
        pytest.param("de", "Mehr als 80 weitere wurden verletzt.", id="a German adjective"),
        pytest.param("hi", "मरने वालों की संख्या बढ़कर 27 हुई।", id="a Hindi verb"),
        pytest.param("es", "El barco se hundió a 7 kilómetros de Sund.", id="a Spanish length"),
        pytest.param("fr", "Ils ont attendu 12 heures.", id="French hours"),
        pytest.param("ar", "وصلت السفن بعد 12 يوما.", id="Arabic days"),
    ],
)
def test_what_counts_no_thing(lang: str, sentence: str) -> None:
    assert figures_in(sentence, lang) == ()


@pytest.mark.parametrize(
    ("lang", "sentence", "fates"),
    [
        pytest.param(
            "ar", "ارتفعت حصيلة ضحايا غرق السفينة إلى ٢٧ قتيلا و١٥٤ جريحا.", ["27 dead", "154 hurt"], id="Arabic"
        ),
        pytest.param(
            "pt", "Ao menos 12 pessoas morreram e 80 marinheiros ficaram feridos.", ["12 dead", "80 hurt"], id="pt"
        ),
        pytest.param("tr", "Sund'da 12 kişi öldü, 80 kişi yaralandı.", ["12 dead", "80 hurt"], id="Turkish"),
        pytest.param("hi", "12 लोगों की मौत हो गई और 80 लोग घायल हो गए।", ["12 dead", "80 hurt"], id="Hindi"),
        pytest.param("fa", "۱۲ نفر کشته و ۸۰ نفر زخمی شدند.", ["12 dead", "80 hurt"], id="Persian"),
        pytest.param(
            "zh", "松德逮捕9名船主 遇难人数达41人", ["9 arrested", "41 dead"], id="a Chinese headline's two halves"
        ),
        pytest.param("ja", "「船員12人を失った。救助は続く」と述べた。", ["12 "], id="a sentence within a quotation"),
        pytest.param("ko", '"선원 12명을 잃었다. 구조는 계속된다"고 말했다.', ["12 "], id="the same in Korean"),
    ],
)
def test_what_befell_those_counted_in_more_languages(lang: str, sentence: str, fates: list[str]) -> None:
    assert [f"{figure.value} {figure.fate}" for figure in figures_in(sentence, lang)] == fates


@pytest.mark.parametrize(
    ("lang", "before", "now"),
    [
        pytest.param("ar", "قتل 12 شخصا في غرق السفينة في سوند.", "قتل 27 شخصا في غرق السفينة في سوند.", id="Arabic"),
        pytest.param("fa", "۱۲ نفر در غرق کشتی سوند کشته شدند.", "۲۷ نفر در غرق کشتی سوند کشته شدند.", id="Persian"),
        pytest.param("tr", "Sund gemi kazasında 12 kişi öldü.", "Sund gemi kazasında 27 kişi öldü.", id="Turkish"),
        pytest.param(
            "zh", "松德沉船事故造成12名船员死亡。", "松德沉船事故造成27人死亡。", id="Chinese, two words for people"
        ),
    ],
)
def test_a_count_of_the_same_in_more_languages_changes(lang: str, before: str, now: str) -> None:
    (old,), (new,) = figures_in(before, lang), figures_in(now, lang)
    assert changed(new, [old]) == old


@pytest.mark.parametrize(
    ("sentence", "amount"),
    [
        pytest.param("The death toll from the floods in Sund rose to 31 on Saturday.", "31", id="toll"),
        pytest.param("Sund flood toll hits at least 31 as rain goes on", "at least 31", id="toll, in a headline"),
        pytest.param("The number of people killed in Sund climbed to forty-one.", "forty-one", id="in words"),
        pytest.param("The search ended with the number of confirmed dead at 31.", "31", id="number of dead"),
        pytest.param("The mayor lowered the death toll to 29 from 31.", "29", id="lowered"),
        pytest.param("The death toll in Sund rose to 31 people.", "31 people", id="the people are named"),
        pytest.param("The toll for lorries is raised at 27 bridges.", None, id="another toll"),
        pytest.param("The death toll rose by 31 percent.", None, id="a share"),
    ],
)
def test_a_toll_counts_the_dead_without_saying_so_behind_the_number(sentence: str, amount: str | None) -> None:
    found = [figure.phrase for figure in figures_in(sentence, "en") if figure.fate == "dead"]
    assert found == ([amount] if amount else [])


def test_the_dead_of_a_toll_are_not_those_who_were_never_found() -> None:
    told = "The search ended after the number of confirmed dead reached 44, with 19 people never found."
    assert [(figure.value, figure.fate) for figure in figures_in(told, "en")] == [("44", "dead"), ("19", "")]


def test_a_number_in_words_that_opens_a_sentence_is_no_name() -> None:
    now = "Fifty-two people were rescued by fishing boats on Monday, the Kestrian coast guard said."
    assert change(now, "Forty-one people had been rescued by fishing boats.") == "Forty-one"
