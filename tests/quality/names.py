"""Names that a lexicon of the news should know, in ten languages: what ``topics_by_name`` asks it for.

Countries come from CLDR. Capitals, leaders, demonyms and bodies are a list of our own, written as a newspaper writes
them (often inflected), and not taken from the lexicon: what is missing there shows here.
"""

# ruff: noqa: E501, SIM905 - wide characters count twice; codes and names read better in one string

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from babel import Locale

if TYPE_CHECKING:
    from collections.abc import Mapping

_LOCALES: Final = {"en": "en", "ru": "ru", "uk": "uk", "ko": "ko", "ja": "ja", "zh": "zh_Hans", "fr": "fr", "de": "de",
                   "es": "es", "ar": "ar"}  # fmt: skip
# States with a seat or an observer's in the United Nations, and Taiwan and Kosovo.
_STATES: Final = (
    "AD AE AF AG AL AM AO AR AT AU AZ BA BB BD BE BF BG BH BI BJ BN BO BR BS BT BW BY BZ CA CD CF CG CH CI CL CM "
    "CN CO CR CU CV CY CZ DE DJ DK DM DO DZ EC EE EG ER ES ET FI FJ FM FR GA GB GD GE GH GM GN GQ GR GT GW GY HN "
    "HR HT HU ID IE IL IN IQ IR IS IT JM JO JP KE KG KH KI KM KN KP KR KW KZ LA LB LC LI LK LR LS LT LU LV LY MA "
    "MC MD ME MG MH MK ML MM MN MR MT MU MV MW MX MY MZ NA NE NG NI NL NO NP NR NZ OM PA PE PG PH PK PL PS PT PW "
    "PY QA RO RS RU RW SA SB SC SD SE SG SI SK SL SM SN SO SR SS ST SV SY SZ TD TG TH TJ TL TM TN TO TR TT TV TW "
    "TZ UA UG US UY UZ VA VC VE VN VU WS XK YE ZA ZM ZW "
).split()


def _countries() -> Mapping[str, tuple[str, ...]]:
    found = {}
    for lang, locale in _LOCALES.items():
        territories = Locale.parse(locale).territories
        found[lang] = tuple(territories[code] for code in _STATES if code in territories)
    return found


def _listed(table: Mapping[str, str]) -> Mapping[str, tuple[str, ...]]:
    return {lang: tuple(name.strip() for name in names.split(",")) for lang, names in table.items()}


_CAPITALS: Final = {
    "en": "Tirana, Algiers, Luanda, Yerevan, Canberra, Dhaka, Brussels, Gaborone, Sofia, Phnom Penh, Ottawa, Havana, "
    "Nicosia, Quito, Asmara, Tallinn, Suva, Libreville, Accra, Tegucigalpa, Reykjavik, Baghdad, Kingston, Amman, "
    "Nairobi, Bishkek, Vientiane, Riga, Beirut, Tripoli, Skopje, Kuala Lumpur, Rabat, Kathmandu, Abuja, Oslo, Muscat",
    "ru": "в Тиране, Алжиром, Луанду, Ереване, Канберры, Дакке, Брюсселем, Софии, Пномпень, Оттаве, Гаване, Никосии, "
    "Кито, Таллине, Аккру, Тегусигальпе, Рейкьявик, Багдада, Аммане, Найроби, Бишкеком, Риге, Бейрута, Рабат, Осло",
    "uk": "у Тирані, Луанді, Єревана, Канберрі, Дакку, Брюсселі, Софії, Пномпень, Оттаві, Гавані, Нікосії, Таллінні, "
    "Аккрі, Рейк'явік, Багдада, Аммані, Найробі, Бішкек, Ризі, Бейруту, Рабаті, Осло, Відні, Празі, Токіо",
    "ko": "티라나, 루안다, 예레반, 캔버라, 브뤼셀, 소피아, 프놈펜, 오타와, 아바나, 탈린, 아크라, 레이캬비크, 바그다드, 암만, 나이로비, "
    "비슈케크, 베이루트, 오슬로, 프라하, 도쿄, 헬싱키, 하노이, 자카르타, 다마스쿠스, 카불",
    "ja": "ティラナ, ルアンダ, エレバン, キャンベラ, ブリュッセル, ソフィア, プノンペン, オタワ, ハバナ, タリン, アクラ, レイキャビク, "
    "バグダッド, アンマン, ナイロビ, ビシュケク, ベイルート, オスロ, プラハ, 東京, ヘルシンキ, ハノイ, ジャカルタ, ダマスカス, カブール",
    "zh": "地拉那, 罗安达, 埃里温, 堪培拉, 布鲁塞尔, 索非亚, 渥太华, 哈瓦那, 塔林, 阿克拉, 雷克雅未克, 巴格达, 安曼, 内罗毕, 比什凯克, "
    "贝鲁特, 奥斯陆, 布拉格, 东京, 赫尔辛基, 河内, 雅加达, 大马士革, 喀布尔, 維也納",
    "fr": "Tirana, Alger, Erevan, Canberra, Dacca, Bruxelles, Sofia, Phnom Penh, Ottawa, La Havane, Nicosie, Tallinn, "
    "Reykjavik, Bagdad, Amman, Bichkek, Beyrouth, Rabat, Oslo, Prague, Tokyo, Helsinki, Hanoï, Damas, Kaboul, Vienne",
    "de": "Tirana, Algier, Eriwan, Canberra, Dhaka, Brüssel, Sofia, Ottawa, Havanna, Nikosia, Tallinn, Reykjavík, "
    "Bagdad, Amman, Bischkek, Beirut, Rabat, Oslo, Prag, Tokio, Helsinki, Hanoi, Damaskus, Kabul, Wien, Kopenhagen",
    "es": "Tirana, Argel, Ereván, Canberra, Bruselas, Sofía, Ottawa, La Habana, Nicosia, Tallin, Reikiavik, "
    "Bagdad, Amán, Biskek, Beirut, Rabat, Oslo, Praga, Tokio, Helsinki, Hanói, Damasco, Kabul, Viena, Copenhague",
    "ar": "تيرانا, الجزائر, يريفان, كانبرا, دكا, بروكسل, صوفيا, أوتاوا, هافانا, نيقوسيا, تالين, بغداد, عمّان, بيروت, الرباط, "
    "أوسلو, براغ, طوكيو, هلسنكي, هانوي, دمشق, كابول, فيينا, كوبنهاغن",
}
_LEADERS: Final = {
    "en": "Tinubu, Sheinbaum, Lula, Merz, Macron, Meloni, Carney, Takaichi, Lee Jae Myung, Prabowo, Anwar Ibrahim, To Lam, "
    "Tokayev, Mirziyoyev, Tshisekedi, Kagame, Ramaphosa, Ruto, Abiy Ahmed, Aliyev, Pashinyan, Vucic, Orban, Magyar, "
    "Mitsotakis, Frederiksen, Stubb, Netanyahu, Pezeshkian, Al-Sharaa, Sisi, Erdogan, Tebboune, Saied, Milei, Noboa",
    "ru": "Тинубу, Шейнбаум, Лулой, Мерца, Макрону, Мелони, Карни, Такаити, Ли Чжэ Мён, Прабово, Токаева, Мирзиёев, "
    "Рамафосы, Алиеву, Пашиняна, Вучичем, Орбану, Нетаньяху, Пезешкиана, Эрдоганом, Стармер, Туска, Милей, Моди",
    "uk": "Шейнбаум, Мерца, Макрону, Мелоні, Карні, Такаїчі, Токаєва, Алієву, Пашиняна, Вучичем, Орбану, Нетаньягу, "
    "Пезешкіана, Ердоганом, Стармер, Туска, Мілей, Моді, Путіним, Сандорі, Лукашенка, Фіцо",
    "ko": "셰인바움, 룰라, 메르츠, 마크롱, 멜로니, 다카이치, 이재명, 프라보워, 토카예프, 라마포사, 알리예프, 부치치, 오르반, 네타냐후, "
    "에르도안, 스타머, 푸틴, 시진핑, 트럼프, 젤렌스키",
    "ja": "シェインバウム, メルツ, マクロン, メローニ, 高市首相, 李在明, プラボウォ, トカエフ, ラマポーザ, アリエフ, ブチッチ, オルバン, "
    "ネタニヤフ, エルドアン, スターマー, プーチン, 習近平, トランプ, ゼレンスキー",
    "zh": "辛鲍姆, 卢拉, 默茨, 马克龙, 梅洛尼, 高市早苗, 李在明, 普拉博沃, 托卡耶夫, 拉马福萨, 武契奇, 欧尔班, 内塔尼亚胡, 埃尔多安, "
    "斯塔默, 普京, 习近平, 特朗普, 泽连斯基",
    "fr": "Poutine, Zelensky, Merz, Macron, Meloni, Starmer, Erdogan, Netanyahou, Lula, Milei, Xi Jinping, Trump, Modi",
    "de": "Putin, Selenskyj, Merz, Macron, Meloni, Starmer, Erdogan, Netanjahu, Lula, Milei, Xi Jinping, Trump, Modi",
    "es": "Putin, Zelenski, Merz, Macron, Meloni, Starmer, Erdogan, Netanyahu, Lula, Milei, Xi Jinping, Trump, Modi",
    "ar": "بوتين, زيلينسكي, ماكرون, ميلوني, ستارمر, أردوغان, نتنياهو, شي جين بينغ, ترامب, مودي, السيسي, تبون, بزشكيان",
}
_DEMONYMS: Final = {
    "en": "Albanian, Angolan, Armenian, Bolivian, Burmese, Cambodian, Congolese, Cuban, Czech, Danish, Dutch, Emirati, "
    "Ethiopian, Fijian, Finnish, Ghanaian, Honduran, Icelandic, Ivorian, Kenyan, Kyrgyz, Laotian, Latvian, Malagasy, "
    "Maltese, Mauritanian, Nepalese, Omani, Paraguayan, Qatari, Rwandan, Saudi, Slovenian, Sudanese, Togolese, Welsh",
    "ru": "албанский, ангольские, армянская, боливийского, бирманской, камбоджийские, кубинский, чешская, датского, "
    "нидерландский, эфиопские, финской, исландский, кенийские, киргизский, латвийского, непальский, оманской, шведы, "
    "словенский, суданские, узбекский, грузинские, молдавской, чилийский, марокканские, сенегальский",
    "uk": "албанський, вірменська, болівійського, камбоджійські, кубинський, чеська, данського, нідерландський, "
    "ефіопські, фінської, ісландський, кенійські, латвійського, непальський, шведи, словенський, суданські, узбецький, "
    "грузинські, молдовської, чилійський, марокканські",
    "ko": "알바니아인, 쿠바인, 체코인, 덴마크의, 네덜란드인, 핀란드군, 케냐인, 라트비아의, 네팔인, 오만군, 세르비아계, 그리스인",
    "ja": "アルバニア人, キューバ人, チェコ人, デンマークの, オランダ人, フィンランド軍, ケニア人, ラトビア, ネパール人, ギリシャ人",
    "zh": "阿尔巴尼亚人, 古巴人, 捷克人, 丹麦, 荷兰人, 芬兰军, 肯尼亚人, 拉脱维亚, 尼泊尔人, 希腊人, 巴西总统, 德軍",
    "fr": "albanais, arménienne, bolivien, cubaines, tchèque, danoise, néerlandais, éthiopienne, finlandais, islandaise, "
    "kényan, letton, népalais, portugaise, suédois, slovène, soudanais, turque, polonaises, grecque, hongrois",
    "de": "albanisch, armenische, bolivianischer, kubanisch, tschechische, dänischen, niederländisch, äthiopische, "
    "finnisch, isländische, kenianisch, lettische, nepalesisch, portugiesische, schwedisch, slowenische, türkischen",
    "es": "albanesa, armenio, boliviana, cubano, checas, danés, neerlandesa, etíope, finlandés, islandesa, keniano, "
    "letona, nepalés, portuguesa, suecos, eslovena, sudaneses, turca, polaco, griega, húngaro",
    "ar": "ألباني, أرمينية, كوبية, تشيكي, دنماركية, هولندي, إثيوبية, فنلندي, كينية, سويدي, سوداني, تركية, بولندي, يونانية",
}
_BODIES: Final = {
    "en": "United Nations, NATO, European Union, IAEA, OPEC, BRICS, G7, G20, IMF, World Bank, WTO, World Health "
    "Organization, ASEAN, African Union, Arab League, Red Cross, ECB, OSCE, Interpol, Mercosur, ECOWAS",
    "ru": "ООН, НАТО, Евросоюз, МАГАТЭ, ОПЕК, БРИКС, МВФ, Всемирный банк, ВТО, ВОЗ, АСЕАН, ШОС, ОБСЕ, Интерпол, ОДКБ",
    "uk": "ООН, НАТО, Євросоюз, МАГАТЕ, ОПЕК, МВФ, Світовий банк, СОТ, ВООЗ, АСЕАН, ОБСЄ, Інтерпол, Європейський Союз",
    "ko": "유엔, 나토, 유럽연합, 국제원자력기구, 석유수출국기구, 브릭스, 국제통화기금, 세계은행, 세계무역기구, 세계보건기구, 아세안, 적십자",
    "ja": "国連, 北大西洋条約機構, 欧州連合, 国際原子力機関, 石油輸出国機構, 国際通貨基金, 世界銀行, 世界貿易機関, 世界保健機関, 赤十字",
    "zh": "联合国, 北约, 欧盟, 国际原子能机构, 欧佩克, 金砖国家, 国际货币基金组织, 世界银行, 世贸组织, 世卫组织, 东盟, 上合组织, 红十字会",
    "fr": "ONU, Otan, Union européenne, AIEA, Opep, FMI, Banque mondiale, OMC, OMS, Union africaine, Croix-Rouge, BCE",
    "de": "Vereinte Nationen, Nato, Europäische Union, IAEA, Opec, IWF, Weltbank, WTO, WHO, Afrikanische Union, EZB, OSZE",
    "es": "ONU, OTAN, Unión Europea, OIEA, OPEP, FMI, Banco Mundial, OMC, OMS, Unión Africana, Cruz Roja, BCE, Mercosur",
    "ar": "الأمم المتحدة, الناتو, الاتحاد الأوروبي, أوبك, صندوق النقد الدولي, البنك الدولي, منظمة الصحة العالمية, جامعة الدول العربية",
}

NAMES: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "countries": _countries(),
    "capitals": _listed(_CAPITALS),
    "leaders": _listed(_LEADERS),
    "demonyms": _listed(_DEMONYMS),
    "bodies": _listed(_BODIES),
}
"""Names by kind and language."""

KINDS: Final = tuple(NAMES)
