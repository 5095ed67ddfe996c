"""Hand-written headlines in six languages, each held against the topic that its name alone gives."""

from __future__ import annotations

import pytest

from bot.topics.lexicon import load
from bot.topics.match import Matcher
from bot.topics.suggest import suggest
from tests.topics.making import a_topic, an_entry

ABOUT = {
    "DPRK-Russia arms": [
        "North Korea has sent 12,000 containers of munitions to Russia, Seoul says",
        "Kim and Putin sign mutual defence pact in Pyongyang",
        "Russian drone plant to employ North Korean workers",
        "Ukraine finds N. Korean shells on the battlefield abandoned by Russian troops",
        "U.S. sanctions Russians, North Koreans over weapons trade",
        "Moscow pays Pyongyang for howitzers with air defence systems",
        "Северная Корея передала России ракеты KN-23",
        "Путин и Ким Чен Ын договорились о военно-техническом сотрудничестве",
        "Сеул: КНДР отправила в РФ 20 тысяч контейнеров с боеприпасами",
        "Российская армия получила северокорейские гаубицы",
        "Росія отримала від КНДР мільйони снарядів, заявив Буданов",
        "Пхеньян постачає Москві балістичні ракети",
        "Північнокорейські артилерійські снаряди помітили в російської армії",
        "러시아, 북한제 탄도미사일로 하르키우 공격",
        '국정원 "북한, 러시아에 무기 수출로 수조원 벌어"',
        "북·러 무기거래 정황 위성사진 포착",
        "김정은·푸틴, 군사협력 강화 합의",
        "ロシア軍が北朝鮮製ミサイルを使用、米が非難",
        "露朝、軍事協力を拡大 包括的戦略パートナーシップ条約発効",
        "北朝鮮の弾薬、ロシアへ鉄道で輸送",
        "美国指朝鲜向俄罗斯运送弹药",
        "朝俄签署共同防御条约",
        "韓情報機構：北韓對俄軍售收入暴增",
        "普京访问平壤 军事合作成焦点",
    ],
    "US tariffs": [
        "Trump threatens 100% tariffs on Chinese goods",
        "Supreme Court strikes down Trump’s sweeping duties under IEEPA",
        "EU delays retaliation against American tariffs",
        "Трамп объявил о пошлинах на медь",
        "США снизили пошлины на японские автомобили",
        "Трамп запровадив мита на імпорт з Канади",
        "트럼프, 한국산 자동차에 25% 관세 부과",
        "미국 상호관세 협상 타결",
        "トランプ関税、日本の自動車に打撃",
        "米、半導体に追加関税",
        "特朗普宣布对所有国家加征关税",
        "美國對台關稅降至15%",
    ],
    "Taiwan Strait tensions": [
        "Taiwan reports 45 Chinese military aircraft near island",
        "US approves $11bn arms package for Taiwan, angering Beijing",
        "China’s coast guard enters waters off Kinmen",
        "Китай начал военные учения вокруг Тайваня",
        "Тайвань засек 30 самолетов КНР у своих границ",
        "Китай розпочав навчання довкола Тайваню",
        "중국, 대만 포위 훈련 돌입",
        "대만해협 긴장 고조",
        "中国軍、台湾周辺で大規模演習",
        "台湾有事めぐる首相答弁に中国が反発",
        "解放军在台湾周边举行军演",
        "國防部：偵獲共機20架次逾越海峽中線",
    ],
    "Venezuela crisis": [
        "Maduro pleads not guilty in New York court",
        "Delcy Rodríguez sworn in as acting president",
        "Machado returns to Caracas",
        "США нанесли удары по Каракасу",
        "Мадуро доставлен в Нью-Йорк",
        "Мадуро вивезли з Венесуели",
        "베네수엘라 마두로 대통령 체포",
        "ベネズエラ大統領を拘束、米が移送",
        "美军突袭委内瑞拉 抓获马杜罗",
        "委內瑞拉反對派領袖馬查多會見川普",
    ],
    "Gaza ceasefire": [
        "Hamas says it will not disarm under phase two of truce",
        "Rafah crossing reopens as Gaza truce holds",
        "Trump’s Board of Peace pledges billions for Gaza",
        "Israel accuses Hamas of violating ceasefire",
        "ХАМАС согласился на второй этап перемирия",
        "Израиль нарушил режим прекращения огня в секторе Газа",
        "Ізраїль і ХАМАС погодили перемир'я",
        "가자 휴전 2단계 돌입",
        "하마스, 인질 시신 인도",
        "ガザ停戦、第2段階へ",
        "加沙停火第二阶段启动",
        "哈瑪斯拒絕解除武裝 加薩停火陷僵局",
    ],
    "Iran nuclear program": [
        "IAEA unable to verify Iran’s uranium stockpile",
        "Witkoff and Araghchi hold second round of nuclear talks in Geneva",
        "Satellite images show work at Natanz",
        "Иран отказался прекратить обогащение урана",
        "МАГАТЭ: Иран не допускает инспекторов на объект в Фордо",
        "Іран готовий обговорити ядерну угоду",
        "이란, 우라늄 농축 중단 거부",
        "이란 핵협상 재개",
        "イラン核問題、米と協議再開",
        "イラン、IAEA査察を拒否 ウラン濃縮続行",
        "伊朗核谈判在日内瓦举行",
        "伊朗拒絕停止鈾濃縮",
    ],
    "AI chip export controls": [
        "Nvidia gets US licence to ship H20 chips to China",
        "Lawmakers push bill to block advanced AI chips from China",
        "US tightens export curbs on chipmaking tools",
        "Two charged with smuggling Nvidia GPUs to China",
        "США разрешили Nvidia продавать чипы H200 Китаю",
        "Китай ограничил импорт чипов Nvidia",
        "США дозволили експорт чипів Nvidia до Китаю",
        "미국, 엔비디아 H200 중국 수출 허용",
        "美, 반도체 장비 수출통제 강화",
        "米、エヌビディアのAI半導体の対中輸出を許可",
        "美国批准英伟达向中国出口H200芯片",
        "輝達H20晶片對中出口獲准",
    ],
    "OPEC oil cuts": [
        "OPEC+ agrees to pause output hikes",
        "Saudi Arabia and Russia extend voluntary oil output cuts",
        "ОПЕК+ увеличит добычу нефти с апреля",
        "ОПЕК+ збільшить видобуток нафти",
        "OPEC+ 증산 합의",
        "OPECプラス、増産見送り",
        "欧佩克+决定暂停增产",
    ],
    "Ebola in Congo": [
        "WHO declares Ebola outbreak in DR Congo an international emergency",
        "Ebola cases rise in Ituri as fighting hampers response",
        "Вспышка Эболы в ДР Конго: число жертв растет",
        "Спалах Еболи в Конго",
        "민주콩고 에볼라 확산",
        "コンゴでエボラ出血熱、死者増加",
        "刚果（金）埃博拉疫情扩散",
    ],
}

NOT_ABOUT = {
    "DPRK-Russia arms": [
        "Iran ships ballistic missiles to Russia",
        "North Korea fires ballistic missile toward the sea; Russia urges calm",
        "Russia vetoes UN panel on North Korea missile tests",
        "Russia, China are North Korea’s enablers, US says after ballistic missile test",
        "South Korea, Russia agree fishing quotas",
        "Russian tourists return to North Korean beach resort",
        "Lavrov visits Pyongyang, praises friendship",
        "Ukraine hits arms depot deep inside Russia",
        "КНДР запустила баллистическую ракету, Россия призвала к сдержанности",
        "Россия и Иран подписали договор о поставках оружия",
        "Российские туристы прилетели в Пхеньян",
        "Росія вдарила ракетами по Києву",
        "북한, 동해상으로 탄도미사일 발사",
        "러시아, 북한 탄도미사일 발사에 침묵",
        "HD한국조선해양, 러시아 LNG선 계약 해지",
        "조선일보: 러시아 무기 공장 화재",
        "朝鮮半島情勢とロシアの武器輸出を考える",
        "北朝鮮がミサイル発射 日本海に落下",
        "俄罗斯向伊朗出售战机",
        "朝鲜半岛局势：俄方呼吁停止武器试验",
    ],
    "US tariffs": [
        "UK and India sign free trade deal",
        "Electricity tariffs rise in Pakistan",
        "Тарифы на газ вырастут с июля",
    ],
    "Taiwan Strait tensions": [
        "Typhoon kills 14 in Taiwan",
        "7.0-magnitude earthquake rattles Taiwan",
        "TSMC profit jumps 40%",
    ],
    "Venezuela crisis": [
        "Venezuela beat Italy to reach World Baseball Classic semifinal",
        "Manny Machado homers twice",
    ],
    "Gaza ceasefire": [
        "Ukraine rejects ceasefire terms",
        "Famine declared in Gaza City",
        "Ceasefire in Sudan collapses",
    ],
    "Iran nuclear program": [
        "Iran seizes tanker in Gulf",
        "Protests spread across Iran",
        "Japan restarts nuclear reactor",
    ],
    "AI chip export controls": ["Intel unveils new laptop chips", "China bans seafood imports from Japan"],
    "OPEC oil cuts": ["Olive oil prices fall", "Oil tanker seized near Venezuela"],
    "Ebola in Congo": ["M23 rebels seize key Congo city", "Measles outbreak grows in Texas"],
}

AS_TYPED = {
    "FBI": [
        "F.B.I. Searches Home of Former Official",
        "Director of the F.B.I. resigns",
        "The FBI's new headquarters",
    ],
    "ICC Netanyahu": ["I.C.C. Judges Reject Netanyahu’s Appeal"],
    "I.M.F. Argentina": [
        "IMF approves Argentina loan",
        "МВФ одобрил кредит Аргентине",
        "国際通貨基金、アルゼンチンに融資",
    ],
    "oil prices": [
        "Oil falls 2% as supply fears ease",
        "Brent crude climbs above $90 a barrel",
        "Цены на нефть выросли после атаки",
        "Ціни на нафту впали",
        "국제유가 급등",
        "原油価格が下落",
        "国际油价上涨",
        "Ölpreise steigen weiter",
        "ارتفاع أسعار النفط",
    ],
}
"""Names with few parts, as people type them."""
NOT_AS_TYPED = {
    "cabinet politics": ["The match starts at 8 P.M."],
    "oil prices": [
        "Fed cut is on the table at next meeting",
        "Factory output falls in Germany",
        "Olive oil prices fall",
        "세월호 유가족 기자회견",
    ],
    "G7 meeting": ["G7 to boost output of artillery shells"],
}


def _cases(table: dict[str, list[str]]) -> list[object]:
    return [pytest.param(name, title, id=f"{name}: {title}") for name, titles in table.items() for title in titles]


def _relevant(name: str, title: str) -> bool:
    matcher = Matcher(load(), [a_topic(suggest(name, load()).query)])
    entry = an_entry(title)
    return any(match.relevant for match in matcher.match(entry, matcher.scan(entry)))


@pytest.mark.parametrize(("name", "title"), _cases(ABOUT | AS_TYPED))
def test_about_the_topic(name: str, title: str) -> None:
    assert _relevant(name, title)


@pytest.mark.parametrize(("name", "title"), _cases(NOT_ABOUT | NOT_AS_TYPED))
def test_not_about_the_topic(name: str, title: str) -> None:
    assert not _relevant(name, title)
