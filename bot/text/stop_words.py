"""Words that say nothing about what a text is about, by language. Matched after ``normalise``; data, no logic."""

from __future__ import annotations

from typing import Final

_EN: Final = """
a about above after again against ago all almost along already also although always am among an and another any are
around as at away back be became because become been before behind being below between both but by came can cannot
come could did do does doing done down during each either else even ever every few for from further gave get gets give
given go goes going got had has have having he her here hers herself him himself his how however i if in including
instead into is it its itself just know last later least less let like made make makes many may me might more most
much must my myself near never next no nor not now of off often on once one only onto or other others our ours out
over own per perhaps put quite rather really s said same saw say saying says see seen several shall she should since
so some soon still such t take taken takes tell than that the their theirs them themselves then there these they thing
things this those though through thus till to told too took toward towards two under until up upon us use used very
via want was way we well went were what when where whether which while who whom whose why will with within without
would yet you your yours monday tuesday wednesday thursday friday saturday sunday according
"""
_RU: Final = """
а без более будет будут бы был была были было быть в вам вас ведь весь во вот все всего всех вы где да даже для до его
ее если есть еще же за здесь и из или им ими их к как какой когда которая которого которое которой которые который
которых кто ли лишь между меня мне много может можно мой мы на над надо нас не него нее ней нет ни них но ну о об
однако он она они оно от очень перед по под после потом потому при про раз с сам свое своей своего свои себя сейчас
сказал сказала сообщает сообщил сообщила со так также такой там те тем то того тоже той только том тот ту ты у уже
хотя чего чем через что чтобы эта эти это этого этой этом этот эту я заявил заявила отметил отметила словам
понедельник вторник среду четверг пятницу субботу воскресенье
"""
_UK: Final = """
а або але без би був буде будуть була були було бути в вам вас вже вона вони воно все всі він ви від втім де для до
его є ж за з зі й із її їх його і або коли кого котрий крім лише між мене мені ми може можна на над навіть нам нас не
нема неї ним них ні о однак ось от перед під після по при про саме свої своє своїх себе сказав сказала так також там
та те тим того той тому тут ті то тобто у хоча хто це цей ці цього цим цієї ця чи через чого чому що щоб як яка яке
який які якого якої якщо я повідомляє повідомив заявив заявила зазначив зазначила словами
"""
_DE: Final = """
aber alle als also am an auch auf aus bei beim bin bis da dadurch daher damit dann das dass dem den denn der des die
dies diese diesem diesen dieser dieses doch dort du durch ein eine einem einen einer eines er es für gegen hat hatte
haben hier ich ihm ihn ihr ihre im in ist ja jede jedem jeden jeder kann kein keine können mehr mit muss nach nicht
noch nun nur ob oder ohne sagte schon sehr sein seine seiner sich sie sind so soll sollen über um und uns unter vom
von vor war waren was wegen wenn wer werden wie wieder will wir wird wo worden wurde wurden zu zum zur zwischen laut
"""
_FR: Final = """
a à ai alors après au aussi autre aux avait avant avec avoir c car ce cela ces cet cette ceux comme d dans de depuis
des deux dit donc du elle elles en encore entre est et été être eu eux fait il ils j je l la le les leur leurs lors
lui m mais même mes moi mon n ne ni nos notre nous on ont ou où par pas pendant peu plus pour qu quand que qui s sa
sans se selon ses si son sont sous sur tout tous toute toutes très un une vers vos votre vous y
"""
_ES: Final = """
a al algo ante antes aunque bajo bien cada como con contra cual cuando de del desde dijo donde dos durante e el ella
ellas ellos en entre era es esa ese eso esta está están estas este esto estos fue fueron ha había han hasta hay la las
le les lo los más me mi mientras muy nada ni no nos o otra otro para pero poco por porque que quien se sea según ser
si sido sin sobre son su sus también tan tanto te tiene toda todas todo todos tras tu un una uno unos y ya yo
"""
_IT: Final = """
a ad ai al alla alle anche ancora che chi ci come con contro cui da dagli dal dalla delle dei del della di dopo dove
due e è ed era essere fa fino fra gli ha hanno il in io l la le lei lo loro lui ma mi molto ne negli nei nel nella non
o ogni per perché però più poi prima può quale quando quanto quella quello questa questo se secondo senza si sia sono
sta stato su sua sue sui sul sulla suo suoi tra tutti tutto un una uno
"""
_PT: Final = """
a ao aos as até com como contra da das de depois disse do dos e é ela elas ele eles em entre era essa esse esta está
este foi foram há isso já mais mas me mesmo muito na não nas no nos o os ou para pela pelas pelo pelos por porque
quando que quem se segundo sem ser seu seus sob sobre sua suas também tem um uma
"""

_AR: Final = """
في من إلى على عن مع أن إن كان كانت قد ما لا لم لن هذا هذه ذلك تلك التي الذي الذين هو هي هم بين بعد قبل خلال منذ حتى
عند كما أو ثم وقد وفي ومن وفق بحسب حسب حول أي كل غير قال وقال وقالت قالت وأضاف
"""
_FA: Final = """
در به از که و این آن را با برای بر تا هم نیز است بود بودند شد شده شدند می خود یک هر اما یا گفت کرد کرده کردند های ها
"""
_HI: Final = """
का के की को से में पर ने और है हैं था थे थी यह वह ये वे कि हो हुई हुए हुआ गया गई गए भी कर
रहा रही रहे एक इस उस इन उन तो ही या जो लिए तक साथ कहा
"""

STOP_WORDS: Final = {
    lang: frozenset(words.split())
    for lang, words in {
        "en": _EN, "ru": _RU, "uk": _UK, "de": _DE, "fr": _FR, "es": _ES, "it": _IT, "pt": _PT,
        "ar": _AR, "fa": _FA, "hi": _HI,
    }.items()
}  # fmt: skip
