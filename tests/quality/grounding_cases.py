"""Source sentences of our own, with true paraphrases of them and corrupted ones. Data only.

Cases alternate: the checks were made on the first, third, ... of each list (``dev``), the others were held out.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final


@dataclass(frozen=True, slots=True)
class Case:
    """``sources`` are what a summary cites; each of ``true`` says only that; ``false`` maps a kind to lies of it."""

    sources: tuple[str, ...]
    true: tuple[str, ...]
    false: tuple[tuple[str, str], ...] = field(default=())


ENGLISH: Final = (
    Case(
        (
            (
                "State Department spokesman Matthew Miller said on Monday that North Korea had unlawfully"
                " transferred dozens"
                " of ballistic missiles and more than 11,000 containers of munitions to Russia."
            ),
            "He said the shipments were helping Moscow in its war against Ukraine.",
        ),
        (
            "North Korea has sent Russia over 11,000 containers of munitions, Matthew Miller said.",
            "Pyongyang illegally supplied Moscow with dozens of ballistic missiles, according to the State Department.",
            "Russia received more than 11 thousand containers of ammunition from North Korea, the US spokesman said.",
        ),
        (
            ("numbers", "North Korea has sent Russia over 1,100 containers of munitions, Matthew Miller said."),
            ("roles", "Russia transferred dozens of ballistic missiles to North Korea, Miller said."),
            ("names", "Iran had unlawfully transferred dozens of ballistic missiles to Russia, Miller said."),
            ("negations", "North Korea had not transferred ballistic missiles to Russia, Miller said."),
            ("inventions", "North Korea sent Russia missiles and opened a joint shipyard near Vladivostok."),
        ),
    ),
    Case(
        (
            (
                "The White House is not worried about President Vladimir Putin's trip to Pyongyang, national security"
                " spokesman John Kirby told reporters."
            ),
            "What concerns Washington is the deepening relationship between Russia and North Korea, Kirby said.",
        ),
        (
            "Washington is not concerned about Putin's visit to Pyongyang itself, Kirby said.",
            "The deepening ties between Russia and North Korea worry the United States, John Kirby said.",
            "Kirby said the White House was concerned by the deepening relationship of Moscow and Pyongyang.",
        ),
        (
            ("negations", "The White House is worried about Putin's trip to Pyongyang, Kirby told reporters."),
            ("names", "What concerns Washington is the deepening relationship between Russia and Iran, Kirby said."),
            ("names", "Sergei Lavrov told reporters that the White House is not worried about Putin's trip."),
            ("inventions", "Kirby said Washington would impose fresh banking sanctions and recall its envoy."),
        ),
    ),
    Case(
        (
            (
                "Putin will arrive in Pyongyang late on June 18, and the main part of the visit is planned for June 19,"
                " Kremlin aide Yuri Ushakov said."
            ),
            "The two sides may sign a strategic partnership treaty, Ushakov added.",
        ),
        (
            "Putin arrives in Pyongyang on the evening of June 18, Ushakov said.",
            "A strategic partnership treaty may be signed, according to Kremlin aide Yuri Ushakov.",
            "The main part of the visit is scheduled for 19 June.",
        ),
        (
            ("dates", "Putin will arrive in Pyongyang late on June 16, Ushakov said."),
            ("certainty", "The two sides will sign a strategic partnership treaty, Ushakov added."),
            ("names", "Kremlin aide Dmitry Peskov said Putin will arrive in Pyongyang on June 18."),
            ("roles", "Kim Jong Un will arrive in Moscow on June 18."),
        ),
    ),
    Case(
        (
            "Hundreds of protesters blocked a bridge in Yerevan on Friday, and police arrested 38 people.",
            "The opposition demands that Prime Minister Nikol Pashinyan step down over a border deal with Azerbaijan.",
        ),
        (
            "Police detained 38 people after protesters blocked a bridge in Yerevan.",
            "The opposition wants Pashinyan to resign because of a border deal with Azerbaijan.",
            "On Friday hundreds of demonstrators blocked a bridge in Yerevan.",
        ),
        (
            ("numbers", "Police arrested 83 people in Yerevan on Friday."),
            ("roles", "Protesters arrested 38 police in Yerevan."),
            ("names", "Hundreds of protesters blocked a bridge in Tbilisi."),
            ("dates", "Hundreds of protesters blocked a bridge in Yerevan on Sunday."),
            ("inventions", "Police arrested 38 people, and a hotel burned down near the airport."),
        ),
    ),
    Case(
        (
            "North Korea has repeatedly denied supplying weapons to Russia and called the reports an absurd rumour.",
            (
                "Kwon Jong Gun, who heads the foreign ministry's US department, accused Washington of spreading"
                " a groundless"
                " version of events."
            ),
        ),
        (
            "Pyongyang has always denied that it supplies arms to Russia.",
            "Kwon Jong Gun of North Korea's foreign ministry accused the US of spreading a groundless version.",
            "North Korea calls reports of arms supplies to Russia an absurd rumour.",
        ),
        (
            ("negations", "North Korea has repeatedly confirmed supplying weapons to Russia."),
            ("roles", "Washington accused Kwon Jong Gun of spreading a groundless version of events."),
            ("names", "South Korea has repeatedly denied supplying weapons to Russia."),
            ("negations", "North Korea has repeatedly supplied weapons to Russia."),
        ),
    ),
    Case(
        (
            "The central bank raised its key rate by 50 basis points to 21 percent, the highest level since 2003.",
            (
                "Governor Elvira Nabiullina said inflation was well above the forecast and that a further increase in"
                " December was possible."
            ),
        ),
        (
            "The bank lifted its key rate to 21 percent, its highest since 2003.",
            "Nabiullina said another increase was possible in December.",
            "Inflation was well above the forecast, the governor said.",
        ),
        (
            ("numbers", "The central bank raised its key rate to 12 percent."),
            ("negations", "The central bank cut its key rate by 50 basis points to 21 percent."),
            ("dates", "The key rate is at its highest level since 2013."),
            ("certainty", "A further increase will come in December, Nabiullina said."),
            ("names", "Governor Anton Siluanov said inflation was well above the forecast."),
        ),
    ),
    Case(
        (
            (
                "Russian Defence Minister Sergei Shoigu visited North Korea in July and tried to persuade"
                " Pyongyang to sell"
                " artillery ammunition, John Kirby said."
            ),
            "Putin and Kim Jong Un then exchanged letters in which they pledged to increase cooperation.",
        ),
        (
            (
                "Shoigu travelled to North Korea in July and tried to convince Pyongyang to sell artillery shells,"
                " Kirby said."
            ),
            "Kim Jong Un and Putin exchanged letters pledging closer cooperation.",
            "Russia's defence minister visited North Korea in July.",
        ),
        (
            ("roles", "Kim Jong Un visited Russia in July and tried to persuade Shoigu to sell artillery ammunition."),
            ("names", "Russian Defence Minister Andrei Belousov visited North Korea in July, Kirby said."),
            ("dates", "Shoigu visited North Korea in August, John Kirby said."),
            ("inventions", "Putin and Kim Jong Un exchanged letters and agreed on a shared currency for border trade."),
        ),
    ),
    Case(
        (
            (
                "A 6.4-magnitude earthquake struck off the coast of Taiwan early on Wednesday, killing nine people and"
                " injuring more than 900."
            ),
            "Rescuers are still searching for 42 missing hotel workers in Taroko National Park.",
        ),
        (
            "Nine people died and over 900 were hurt when a 6.4-magnitude quake hit off Taiwan.",
            "Forty-two hotel workers are still missing in Taroko National Park.",
            "The earthquake off Taiwan on Wednesday killed nine people.",
        ),
        (
            ("numbers", "A 6.4-magnitude earthquake struck off Taiwan, killing 19 people."),
            ("numbers", "More than 900 people were killed when the earthquake struck off the coast of Taiwan."),
            ("names", "Rescuers are still searching for 42 missing hotel workers in Yushan National Park."),
            ("negations", "Rescuers are no longer searching for the 42 missing hotel workers."),
            ("inventions", "A tsunami flooded three fishing harbours after the earthquake off Taiwan."),
        ),
    ),
    Case(
        (
            (
                "Airbus delivered 57 aircraft in September, 12 percent fewer than a year earlier, as engine"
                " makers struggled"
                " to keep up."
            ),
            "The company kept its goal of about 770 deliveries for 2024.",
        ),
        (
            "Airbus handed over 57 planes in September, 12 percent less than a year before.",
            "The planemaker still aims for about 770 deliveries in 2024.",
            "Deliveries fell 12 percent to 57 aircraft in September.",
        ),
        (
            ("numbers", "Airbus delivered 75 aircraft in September."),
            ("names", "Boeing delivered 57 aircraft in September, 12 percent fewer than a year earlier."),
            ("negations", "Airbus abandoned its goal of about 770 deliveries for 2024."),
            ("numbers", "Airbus delivered 57 aircraft in September, 12 percent more than a year earlier."),
        ),
    ),
    Case(
        (
            (
                "Hungary blocked a 6.6 billion euro payment for arms to Ukraine, EU foreign policy chief Josep"
                " Borrell said"
                " in Luxembourg."
            ),
            "Foreign Minister Peter Szijjarto said Budapest would not change its position.",
        ),
        (
            "Budapest blocked 6.6 billion euros meant for arms to Ukraine, Borrell said.",
            "Hungary will not change its position, its foreign minister Peter Szijjarto said.",
            "Josep Borrell said in Luxembourg that Hungary had blocked the payment.",
        ),
        (
            ("numbers", "Hungary blocked a 6.6 million euro payment for arms to Ukraine, Borrell said."),
            ("roles", "Ukraine blocked a 6.6 billion euro payment for arms to Hungary."),
            ("negations", "Peter Szijjarto said Budapest would change its position."),
            ("names", "Hungary blocked the payment, Josep Borrell said in Brussels."),
        ),
    ),
    Case(
        (
            (
                "Satellite images show that a new storage building has been built at the port of Rajin, a"
                " research institute"
                " in Seoul reported."
            ),
            "Its analysts counted 13 ships there between October and March.",
        ),
        (
            "A new storage building stands at the port of Rajin, satellite images show.",
            "Analysts of a Seoul institute counted 13 vessels at Rajin between October and March.",
        ),
        (
            ("numbers", "Analysts counted 30 ships there between October and March."),
            ("names", "Satellite images show a new storage building at the port of Wonsan."),
            ("inventions", "Satellite images show that the port of Rajin was struck by drones and closed to traffic."),
        ),
    ),
    Case(
        (
            "Senator Maria Cantwell proposed a bill that would ban the sale of location data to brokers.",
            "Two industry groups oppose the bill and say it could harm small firms.",
        ),
        (
            "A bill by Senator Cantwell would prohibit selling location data to brokers.",
            "Two industry groups are against the bill, which they say could hurt small companies.",
        ),
        (
            ("negations", "Two industry groups support the bill."),
            ("certainty", "The bill will harm small firms."),
            ("names", "Senator Ted Cruz proposed a bill that would ban the sale of location data."),
            ("negations", "Senator Cantwell proposed a bill that would allow the sale of location data to brokers."),
        ),
    ),
    Case(
        (
            (
                "“We will never abandon our partners,” President Emmanuel Macron said in Paris after talks with"
                " Volodymyr"
                " Zelensky."
            ),
            "France will deliver 78 Caesar howitzers to Ukraine this year.",
        ),
        (
            "“We will never abandon our partners,” Macron said after talks with Zelensky.",
            "Paris will supply Ukraine with 78 Caesar howitzers this year.",
            "Macron met Zelensky for talks in Paris.",
        ),
        (
            ("quotes", "“We shall always stand by our friends,” Macron said in Paris."),
            ("roles", "Ukraine will deliver 78 Caesar howitzers to France this year."),
            ("numbers", "France will deliver 87 Caesar howitzers to Ukraine this year."),
            ("names", "“We will never abandon our partners,” Olaf Scholz said in Paris."),
        ),
    ),
    Case(
        (
            "Kenya's High Court suspended the deployment of 1,000 police officers to Haiti until January.",
            "Judge Chacha Mwita said the petition raised important questions, and the government said it would appeal.",
        ),
        (
            "The High Court in Kenya put the deployment of 1,000 police officers to Haiti on hold until January.",
            "The government said it would appeal the suspension.",
        ),
        (
            ("names", "Kenya's High Court suspended the deployment of 1,000 police officers to Somalia."),
            ("negations", "The government said it would not appeal."),
            ("numbers", "Kenya's court suspended the deployment of 100 police officers to Haiti."),
            ("roles", "Haiti's High Court suspended the deployment of police officers to Kenya."),
        ),
    ),
    Case(
        (
            "Chipmaker TSMC reported a quarterly profit of $10.1 billion, up 54 percent from a year before.",
            "Chief executive C.C. Wei said demand for artificial intelligence chips was real and would continue.",
        ),
        (
            "TSMC's quarterly profit rose 54 percent to $10.1 billion.",
            "Wei said demand for AI chips would continue.",
        ),
        (
            ("numbers", "TSMC's quarterly profit rose 45 percent to $10.1 billion."),
            ("negations", "TSMC's quarterly profit fell 54 percent to $10.1 billion."),
            ("inventions", "Wei said the firm would build four factories in Portugal."),
        ),
    ),
    Case(
        (
            "Cholera has killed at least 30 people in Sudan's Kassala state since late July, the health ministry said.",
            "Doctors warned that floods could spread the disease to camps near the border with Eritrea.",
        ),
        (
            "At least 30 people have died of cholera in Kassala since late July, according to the health ministry.",
            "Floods could carry the disease to camps near Eritrea's border, doctors warned.",
        ),
        (
            ("numbers", "Cholera has killed at least 300 people in Sudan's Kassala state."),
            ("names", "Cholera has killed at least 30 people in Chad's Kassala state."),
            ("certainty", "Floods have spread the disease to camps near the border with Eritrea."),
            ("negations", "Nobody has died of cholera in Kassala state, the health ministry said."),
        ),
    ),
)

OTHERS: Final = (
    Case(
        ("Госдепартамент США заявил, что КНДР передала России более 11 тысяч контейнеров с боеприпасами.",),
        (
            "КНДР поставила России свыше 11 тысяч контейнеров боеприпасов, заявил Госдепартамент.",
            "North Korea has given Russia more than 11,000 containers of munitions, the US State Department said.",
        ),
        (
            ("numbers", "КНДР передала России более 15 тысяч контейнеров с боеприпасами, заявил Госдепартамент США."),
            ("negations", "КНДР не передавала России контейнеры с боеприпасами, заявил Госдепартамент США."),
            ("roles", "Россия передала КНДР более 11 тысяч контейнеров с боеприпасами, заявил Госдепартамент США."),
            ("names", "North Korea has given Iran more than 11,000 containers of munitions."),
        ),
    ),
    Case(
        ("Президент России Владимир Путин прибудет в Пхеньян 18 июня, сообщил помощник президента Юрий Ушаков.",),
        (
            "Путин прибудет в Пхеньян 18 июня, сказал Юрий Ушаков.",
            "Putin will arrive in Pyongyang on June 18, Yuri Ushakov said.",
        ),
        (
            ("dates", "Путин прибудет в Пхеньян 20 июня, сказал Юрий Ушаков."),
            ("names", "Путин прибудет в Пхеньян 18 июня, сообщил Дмитрий Песков."),
            ("negations", "Putin will not arrive in Pyongyang on June 18, Yuri Ushakov said."),
        ),
    ),
    Case(
        ("Україна отримала від Франції шість винищувачів, повідомив міністр оборони Рустем Умєров.",),
        (
            "Франція передала Україні шість винищувачів, повідомив Умєров.",
            "Ukraine has received six fighter jets from France, Defence Minister Rustem Umerov said.",
        ),
        (
            ("numbers", "Україна отримала від Франції вісім винищувачів, повідомив Умєров."),
            ("names", "Україна отримала від Німеччини шість винищувачів, повідомив Умєров."),
            ("negations", "Україна не отримала від Франції винищувачів, повідомив Умєров."),
        ),
    ),
    Case(
        ("북한이 러시아에 컨테이너 1만1000개 분량의 탄약을 보냈다고 미국 국무부가 밝혔다.",),
        (
            "미국 국무부는 북한이 러시아에 컨테이너 1만1000개 분량의 탄약을 보냈다고 밝혔다.",
            "North Korea sent Russia 11,000 containers of ammunition, the US State Department said.",
        ),
        (
            ("numbers", "북한이 러시아에 컨테이너 1만5000개 분량의 탄약을 보냈다고 미국 국무부가 밝혔다."),
            ("roles", "러시아가 북한에 컨테이너 1만1000개 분량의 탄약을 보냈다고 미국 국무부가 밝혔다."),
            ("negations", "북한이 러시아에 탄약을 보내지 않았다고 미국 국무부가 밝혔다."),
        ),
    ),
    Case(
        ("ロシアのプーチン大統領は18日に北朝鮮を訪問する。",),
        (
            "プーチン大統領は18日、北朝鮮を訪問する。",
            "Russian President Putin will visit North Korea on the 18th.",
        ),
        (
            ("dates", "ロシアのプーチン大統領は20日に北朝鮮を訪問する。"),
            ("names", "ロシアのプーチン大統領は18日に中国を訪問する。"),
            ("negations", "ロシアのプーチン大統領は北朝鮮を訪問しない。"),
        ),
    ),
    Case(
        ("美国国务院表示,朝鲜向俄罗斯运送了超过1.1万个装有弹药的集装箱。",),
        (
            "朝鲜已向俄罗斯运送超过1.1万个集装箱的弹药,美国国务院表示。",
            "North Korea shipped more than 11,000 containers of ammunition to Russia, the US State Department said.",
        ),
        (
            ("numbers", "美国国务院表示,朝鲜向俄罗斯运送了超过1.5万个装有弹药的集装箱。"),
            ("roles", "美国国务院表示,俄罗斯向朝鲜运送了超过1.1万个装有弹药的集装箱。"),
            ("negations", "美国国务院表示,朝鲜没有向俄罗斯运送弹药。"),
        ),
    ),
)
