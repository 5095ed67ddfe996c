"""Sentences that carry no news, told by their wording."""

from __future__ import annotations

import pytest

from bot.stories import boilerplate


@pytest.mark.parametrize(
    "sentence",
    [
        pytest.param("JUST WATCHED Is the minister weak?", id="English, a film"),
        pytest.param("Читайте также: обстрел порта.", id="Russian"),
        pytest.param("Підписуйтесь на наш канал.", id="Ukrainian"),
        pytest.param("▶ 관련기사 보기", id="Korean"),
        pytest.param("(写真：通信社)", id="Japanese, a picture"),
        pytest.param("责任编辑：某某", id="Chinese, who edited it"),
        pytest.param("Owing to a slip, an earlier version of this post put Sund in Moldania.", id="a note on itself"),
        pytest.param("This article was corrected on Monday.", id="corrected"),
        pytest.param("Anyone with information is asked to ring the harbour master.", id="an appeal"),
        pytest.param("В предыдущей версии этой заметки Орлен назван министром.", id="a note on itself, Russian"),
        pytest.param("In einer früheren Fassung dieses Artikels fehlte Sund.", id="a note on itself, German"),
        pytest.param("Follow Ada Orlen on X @adaorlen.", id="to follow"),
        pytest.param("Join our channel for the latest updates.", id="to join"),
        pytest.param("This is a developing story.", id="behind a sentence, as in a line of its own"),
        pytest.param("This article may contain affiliate links.", id="of its links"),
        pytest.param("Have a tip for the desk? Write to tips@sund.example.", id="where to write"),
        pytest.param("About Kestrel Shipping: Kestrel is a leading carrier.", id="about a firm"),
        pytest.param("www.sund.example (Year 12.)", id="an address"),
        pytest.param("Читайте «Вести Сунда» в Telegram.", id="Russian, to read"),
        pytest.param("Подробнее — в материале «Вестей».", id="Russian, where there is more"),
        pytest.param("Новость дополняется.", id="Russian, not done yet"),
        pytest.param("Оновлено о 20:15.", id="Ukrainian, when it was changed"),
        pytest.param("Mehr dazu lesen Sie hier.", id="German"),
        pytest.param("Il vous reste 62% de cet article à lire.", id="French, a pay wall"),
        pytest.param("Suscríbete para seguir leyendo.", id="Spanish, a pay wall"),
        pytest.param("有料会員になると会員限定記事もお読みいただけます。", id="Japanese, a pay wall"),
        pytest.param("（更多报道详见海鸥网，请扫码订阅。）", id="Chinese, more"),
        pytest.param("자세한 내용은 누리집에서 확인할 수 있습니다.", id="Korean, more"),
        pytest.param("تابعونا على تويتر.", id="Arabic"),
        pytest.param("* Организация запрещена в РФ.", id="Russian, what a law demands"),
        pytest.param("Sundgram признана экстремистской и запрещена в России.", id="Russian, the same without a mark"),
        pytest.param("(признан иноагентом)", id="Russian, in brackets"),
        pytest.param("Hey folks, it's Tuesday, and here is what went on.", id="a newsletter"),
        pytest.param("Welcome back to our weekly briefing.", id="a briefing"),
        pytest.param("By signing up, you agree to our terms of use.", id="terms"),
        pytest.param("Press contact: Tel.", id="whom to call"),
        pytest.param("Content disclaimer: This note has been prepared for information only.", id="a disclaimer"),
        pytest.param("The agency's health coverage receives support from the Orlen Foundation.", id="who pays"),
        pytest.param("The Sund Wire is solely responsible for all content.", id="who answers for it"),
        pytest.param("This breaking news story is being updated.", id="breaking"),
        pytest.param("Please refresh the page for the fullest version.", id="to refresh"),
        pytest.param("Jana Orlen is a senior fellow at the Sund Institute.", id="who wrote it"),
    ],
)
def test_invitations(sentence: str) -> None:
    assert boilerplate.is_invitation(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        pytest.param("Subscribers of the two ports' news service were told on Monday.", id="a word that begins so"),
        pytest.param("Фотографии порта опубликованы в понедельник.", id="Russian"),
        pytest.param("Related parties signed the pact.", id="related to whom"),
        pytest.param("By signing the pact, Kestria agreed to open its ports.", id="signing something else"),
        pytest.param("Jana Orlen is the first woman to lead the Sund Institute.", id="who leads what"),
        pytest.param("The port's clinic receives support from Moldania, its director said.", id="who pays for what"),
        pytest.param("Kestria rejected an earlier version of the treaty.", id="a version of something else"),
        pytest.param("Support for the US plan fell in Sund.", id="a land that is spelt like a pronoun"),
        pytest.param("Share prices in Sund fell below 100.", id="a verb that is a noun"),
        pytest.param("Support for our troops fell, the minister said.", id="what somebody said"),
        pytest.param("The website www.sund.example was down on Monday.", id="an address in the news"),
        pytest.param("About 40 people in two ports were hurt.", id="about how many"),
        pytest.param("点击量超过100万。", id="Chinese, clicks"),
        pytest.param("Суд признал Sundgram экстремистской организацией.", id="Russian, what a court decided"),
        pytest.param("В Сунде запрещена рыбная ловля.", id="Russian, forbidden"),
        pytest.param("Good morning flights to Sund were cancelled.", id="no greeting"),
    ],
)
def test_news_is_no_invitation(sentence: str) -> None:
    assert not boilerplate.is_invitation(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        pytest.param("This is stated in a joint statement of the three, reports Sund Radio.", id="English, passive"),
        pytest.param("About it at the briefing stated Deputy Minister Jana Orlen.", id="English, translated"),
        pytest.param("Jan Corvo, the spokesman, repeated the stance during a briefing.", id="English, repeated"),
        pytest.param("Two of the people asked not to be named because the talks are private.", id="not to be named"),
        pytest.param("Kestrel Shipping declined to comment.", id="no comment"),
        pytest.param("The ministry did not immediately respond to a request for comment.", id="no answer"),
        pytest.param("Sund Radio could not independently verify the report.", id="not verified"),
        pytest.param("Sund Radio has contacted the ministry for comment.", id="asked"),
        pytest.param("Moldania Today first reported the talks.", id="who had it first"),
        pytest.param("Об этом сообщила пресс-служба министерства.", id="Russian"),
        pytest.param("О встрече 13 сентября сообщили в аппарате министра.", id="Russian, about what"),
        pytest.param("Про це йдеться у спільній заяві трьох країн.", id="Ukrainian"),
    ],
)
def test_attributions(sentence: str) -> None:
    assert boilerplate.is_attribution(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        pytest.param("Jan Corvo said that the port would close.", id="what was said"),
        pytest.param("Officials said on condition of anonymity that the port would close.", id="what nobody said"),
        pytest.param("Kestrel declined to comment but shut the port.", id="more than no comment"),
        pytest.param("The agency has independently verified the stock of grain.", id="verified"),
        pytest.param("The minister repeated that ships would sail in June.", id="repeated, with what"),
        pytest.param("О чём сообщил министр, стало ясно утром: порт закрыт.", id="Russian, with what"),
        pytest.param("Министр сообщил, что порт закроют.", id="Russian"),
    ],
)
def test_what_says_something_is_no_mere_attribution(sentence: str) -> None:
    assert not boilerplate.is_attribution(sentence)


@pytest.mark.parametrize(
    ("sentence", "leans"),
    [
        pytest.param("He added that ships would sail.", True, id="a pronoun"),
        pytest.param("Ships would sail in June, it said.", True, id="a pronoun at the end"),
        pytest.param("Суда выйдут в июне, сказал он.", True, id="a pronoun at the end, Russian"),
        pytest.param("Soon afterwards ships began to sail.", True, id="after what"),
        pytest.param("According to her, ships will sail.", True, id="according to whom"),
        pytest.param("According to Orlen, ships will sail.", False, id="according to a name"),
        pytest.param("Ships would sail in June, Orlen said.", False, id="a name at the end"),
        pytest.param("Itinerant sailors went home.", False, id="a word that begins like one"),
        pytest.param("Second, the ships may never sail.", True, id="one of several points"),
        pytest.param("Second place went to a ship from Sund.", False, id="a second place"),
        pytest.param("I have followed the ships for years.", True, id="who writes of himself"),
        pytest.param("Our view is that ships will not sail.", True, id="what the writers think"),
        pytest.param("Police told me that 400 people came.", True, id="what a reporter heard"),
        pytest.param("Orlen said: “I have seen the ships.”", False, id="himself, in a quotation"),
        pytest.param("Orlen said: 'I was told to wait, it wasn't my ship'.", False, id="the same, single marks"),
        pytest.param("A bomb of World War I was found in Sund.", False, id="a numeral"),
        pytest.param("For that year, ships cost 640 crowns.", True, id="for which year"),
        pytest.param("After this the ships sailed.", True, id="after what, in a word"),
        pytest.param("After this year's storms ships sail late.", False, id="after this year"),
        pytest.param("Kestria denies it.", True, id="a short one that ends in a pronoun"),
        pytest.param(
            "Kestria signed the treaty of Sund and will keep it.", False, id="its own word before the pronoun"
        ),
        pytest.param("In January it said that ships had sailed.", True, id="a pronoun behind the time"),
        pytest.param("On Monday it rained in Sund.", False, id="a pronoun for nobody"),
        pytest.param("On Sunday Orlen said he would sail.", False, id="a name before the pronoun"),
        pytest.param("Їм видали форму й зброю.", True, id="Ukrainian, to whom"),
        pytest.param("У них нет судов.", True, id="Russian, behind a preposition"),
        pytest.param("По морю идут суда.", False, id="Russian, a preposition and a thing"),
        pytest.param("Ihnen fehlt das Geld.", True, id="German, to whom"),
    ],
)
def test_leaning(sentence: str, leans: bool) -> None:  # noqa: FBT001
    assert boilerplate.is_leaning(sentence) is leans


@pytest.mark.parametrize(
    ("line", "whole"),
    [
        pytest.param("Ships will sail in June.", True, id="a sentence"),
        pytest.param("- the message says.", False, id="an attribution that lost its quotation"),
        pytest.param("— сказано в заявлении.", False, id="the same, Russian"),
        pytest.param("– Ships will sail, Orlen said.", True, id="a list's dash"),
        pytest.param("What is known about the ships", False, id="a heading"),
        pytest.param("Read the rest of this ...", False, id="a teaser"),
        pytest.param("배는 6월에 출항한다", True, id="Korean without a full stop"),
        pytest.param("Our Rules: The Sund Code.", False, id="a row of names"),
        pytest.param("ООО «Ладья».", False, id="a firm"),
        pytest.param("THE PORT IS CLOSED.", True, id="all in capitals"),
        pytest.param("港口会开放吗？", True, id="Chinese question"),
        pytest.param("部长说：“我们不会退让！”", True, id="Chinese exclamation"),
        pytest.param("बातचीत समाप्त हो गई।", True, id="Hindi"),
        pytest.param("هل ستعود السفن؟", True, id="Arabic question"),
    ],
)
def test_completeness(line: str, whole: bool) -> None:  # noqa: FBT001
    assert boilerplate.is_complete(line) is whole


@pytest.mark.parametrize(
    ("line", "opens"),
    [
        pytest.param("What is known about cooperation between the two", True, id="English"),
        pytest.param("Background", True, id="one word"),
        pytest.param("Что известно о договоре", True, id="Russian"),
        pytest.param("Нагадаємо", True, id="Ukrainian"),
        pytest.param("Background checks were made on every sailor.", False, id="a sentence"),
        pytest.param("Ships sail again", False, id="another heading"),
    ],
)
def test_headings_of_background(line: str, opens: bool) -> None:  # noqa: FBT001
    assert boilerplate.opens_background(line) is opens


@pytest.mark.parametrize(
    "sentence",
    [
        pytest.param("The year before, envoys had met in Sund.", id="en"),
        pytest.param("One year ago envoys met in Sund.", id="en, ago"),
        pytest.param("Годом ранее послы встретились в Сунде.", id="ru"),
        pytest.param("Рік тому посли зустрілися в Сунді.", id="uk"),
        pytest.param("지난달 양측은 순드에서 만났다.", id="ko"),
        pytest.param("양측은 3년 전에 순드에서 만났다.", id="ko, years"),
        pytest.param("先月、両者はスンドで会談した。", id="ja"),
        pytest.param("両者は3年前に会談した。", id="ja, years"),
        pytest.param("上个月，双方在松德会晤。", id="zh"),
        pytest.param("早些时候，双方会晤。", id="zh, earlier"),
        pytest.param("В прошлый раз лидеры встречались в Сунде.", id="ru, last time"),
        pytest.param("Накануне послы прибыли в Сунд.", id="ru, the day before"),
        pytest.param("두 정상은 지난해 9월 순드에서 만났다.", id="ko, who before when"),
        pytest.param("両首脳は昨年9月に会談した。", id="ja, who before when"),
        pytest.param("双方去年9月在松德会晤。", id="zh, who before when"),
        pytest.param("Ties have long been tense since 2014, when a ship sank.", id="en, a state since when"),
        pytest.param("Отношения остаются напряженными с 2014 года, когда затонул паром.", id="ru, since when"),
        pytest.param("Відносини залишаються напруженими з 2014 року, коли затонув пором.", id="uk, since when"),
        pytest.param("Last year exports were higher than a year earlier.", id="en, compared, but of last year"),
    ],
)
def test_background_by_its_words_in_six_languages(sentence: str) -> None:
    assert boilerplate.is_background(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        pytest.param("국정원에 따르면 지난해 8월 이후 컨테이너 1만3000개가 갔다.", id="ko"),
        pytest.param("북한은 지난해 8월 이후 컨테이너 1만3000개를 보냈다.", id="ko, who before since when"),
        pytest.param("北朝鮮は昨年8月以降、1万3000個を送った。", id="ja"),
        pytest.param("朝方去年8月以来运送了1.3万个集装箱。", id="zh"),
        pytest.param("Exports have risen 40% since 2014, when the pact was signed.", id="en, how much"),
        pytest.param("It is the second ship since 2014, when the port shut.", id="en, a second one"),
        pytest.param("지난해 같은 기간보다 1452% 늘었다.", id="ko, compared"),
        pytest.param("수출은 지난해 같은 기간보다 12% 줄었다.", id="ko, what is compared"),
        pytest.param("去年同期相比增长12%。", id="zh, compared"),
        pytest.param("昨年同期より12％増えた。", id="ja, compared"),
        pytest.param("По сравнению с прошлым годом экспорт вырос на 12%.", id="ru, compared"),
        pytest.param("Экспорт вырос по сравнению с прошлым годом, сообщалось ранее.", id="ru, and said before"),
    ],
)
def test_what_went_on_since_last_year_is_no_background(sentence: str) -> None:
    assert not boilerplate.is_background(sentence)


@pytest.mark.parametrize("sentence", ["; she followed him.", ", he said.", "” said the envoy."])
def test_what_opens_with_the_end_of_another_is_no_sentence(sentence: str) -> None:
    assert not boilerplate.is_complete(sentence)


@pytest.mark.parametrize(
    ("sentence", "quotes"),
    [
        pytest.param("“Ships will sail,” Orlen said.", True, id="opens with somebody's words"),
        pytest.param('Ships were found, " the officer said.', True, id="closes words of the sentence before"),
        pytest.param("Суда вышли», — сказал Орлен.", True, id="closes words, Russian"),
        pytest.param('Orlen said: "Ships will sail.', True, id="opens words that go on"),
        pytest.param("Orlen called it an “outrage” and left.", False, id="a word in passing"),
        pytest.param("Orlen nannte es „Unsinn“ und ging.", False, id="a word in passing, German"),
        pytest.param("Orlen kallade det ”strunt” och gick.", False, id="a word in passing, Swedish"),
        pytest.param("오를렌은 “배가 떠난다”고 말했다.", False, id="a word in passing, Korean"),
    ],
)
def test_quotation(sentence: str, quotes: bool) -> None:  # noqa: FBT001
    assert boilerplate.is_quotation(sentence) is quotes
