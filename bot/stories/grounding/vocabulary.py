"""English words that the checks know: what denies, what hedges, what is grave, who gives and who gets.

Data, no logic. Words that mean the same or the opposite stand in ``synonyms``.
"""

from __future__ import annotations

from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


LIGHT: Final = _words("""
    about accord add ahead almost already also amid announce another approximately area around authority be
    become both call case come comment concern country current currently day declare describe do dr due
    earlier early evening explain first follow following former full further get give go government group have
    hold hour include including involve involved issue keep key late late later leader least main make many
    matter meanwhile member mention minister minute month morning most move mr mrs ms much nation nearly new
    night note number official one other overall part people place president public put recent recently
    regard related remain remark report roughly said say saying says second see senior set several show side
    sides sir some speak spoke state statement still such take tell thing third time today told top total two
    various way week week's whole word year yesterday
""")
"""Words that say too little to be invented."""

GRAVE: Final = _words("""
    accident airport arrest assassinate bankrupt bank bomb bribe capture ceasefire church coup crash curfew cyanide
    divorce drown embassy evacuate execute explode extradite factory genocide hijack hospital hostage impeach
    jail kidnap kill missile mosque
    murder mutiny poison pregnant prison ransom rape resign ruling sank school sink smuggle stab stadium
    strangle sue suicide surrender terrorist theft torture treason university veto virus accept acquit confess
""")
"""Words that change what happened: one of them that no source bears out is an invention by itself."""

NEGATORS: Final = _words("""
    barely cannot hardly n't neither never no nobody none nor not nothing nowhere unable unlikely without
""")
DENIERS: Final = _words("""
    abandon abandoned avoid avoided avoids baseless cancel canceled cancelled decline declined declines denial
    denials denied denies deny denying dismiss dismissed dismisses fail failed failing fails fake false
    groundless halt halted lack lacked lacks prevent prevented prevents refrain refrained refrains refuse
    refused refuses refusing reject rejected rejecting rejects rumor rumour untrue
""")
OPENERS: Final = _words("""
    alongside although amid beside besides beyond concerning despite except following hence including like regarding
    throughout thus unless unlike versus whereas
""")
"""Words that open a sentence before a name, and are no part of it."""
SOFT_DENIERS: Final = _words("""
    against ban banned bans block blocked drop dropped end ended ends halt off prohibit scrap scrapped stop stopped
    stops
""")
MAYBE: Final = _words("""
    allegedly could may maybe might perhaps possibly potentially probably reportedly
""")
DOUBTS: Final = MAYBE | _words("""
    alleged allegedly alleges apparent appear appeared appears believe believed believes likely possible presumed
    seem seemed seems suspect suspected suspects thinks thought unconfirmed
""")
"""Words that leave a whole clause in doubt."""
HEDGES: Final = MAYBE | _words("""
    accusation accuse accused accuses allege alleged alleges apparently appear appeared appears attempted
    believe believed believes can chance claim claimed claims concern concerned concerns consider considering
    indicate indicated indicates indicating
    considers estimate estimated expect expected expects fear feared fears if likely mulling possibility
    possible potential presumed probable reports risk risks rumor rumored rumour rumours seeking seem seemed seems
    should sought speculation suggest suggested suggesting suggests suspect suspected suspects suspicion talks
    think thinks threat threatened tried unclear unconfirmed unlikely warned warning warns weighing whether
    worried worries worry would
""")
PLANS: Final = _words("""
    aim aims due expected going hope hopes intend intended intends plan planned planning plans pledged
    prepares preparing promised promises ready scheduled set shall to upcoming vowed want wants will would
""")
TRYING: Final = _words("""
    aim aimed aims attempt attempted attempting attempts demanded demands hope hoped hopes hoping
    propose proposed proposes requested seek seeking seeks sought tried tries try trying want wanted wants
""")
"""Before "to": what follows need not have come about."""
PAST: Final = _words("""
    beat became began bid bought broke brought built burst came cast cut ended fell flew fought found gave held hit
    kept killed led put set shut split spread
    chose drew fled grew heard hid knew laid meant ran shook swept taught thought threw understood withdrew
    left lost made met paid rose saw sent shot signed sold spoke stood struck told took went upheld won wrote
""")
BARE_VERBS: Final = _words("""
    accuse acquire allow appeal approve arrest attack avoid back ban block blame build buy call capture chase condemn
    create criticise criticize cut defeat defend demand deny deploy destroy detain develop dismiss drop elect end
    enter expect expel face favour fear fight fine fire follow force free fund get give grow help hit host hunt import
    impose increase invade invite join keep kill launch lead leave lift lose lower make mourn need oppose order
    own pay praise prepare push question quit raise ratify reach receive recover reject release remain rescue resist
    ring rise run sack search see seek seize sell send ship shoot sign slam spend stop storm strike sue supply support
    suspect suspend take target threaten try urge use veto visit vote want warn win withdraw
""")
"""Verbs in the form that they have behind a plural: "Democrats push for"."""
IRREGULAR: Final = dict(
    pair.split(":")
    for pair in [
        "became:become",
        "began:begin",
        "begun:begin",
        "bit:bite",
        "bled:bleed",
        "blew:blow",
        "blown:blow",
        "broke:break",
        "broken:break",
        "brought:bring",
        "built:build",
        "burnt:burn",
        "bought:buy",
        "caught:catch",
        "chose:choose",
        "chosen:choose",
        "came:come",
        "dealt:deal",
        "drew:draw",
        "drawn:draw",
        "drank:drink",
        "drove:drive",
        "driven:drive",
        "ate:eat",
        "eaten:eat",
        "fell:fall",
        "fallen:fall",
        "fed:feed",
        "felt:feel",
        "fought:fight",
        "fled:flee",
        "flew:fly",
        "flown:fly",
        "forgot:forget",
        "forgave:forgive",
        "froze:freeze",
        "frozen:freeze",
        "got:get",
        "gave:give",
        "given:give",
        "went:go",
        "gone:go",
        "grew:grow",
        "grown:grow",
        "heard:hear",
        "held:hold",
        "hid:hide",
        "hidden:hide",
        "kept:keep",
        "knew:know",
        "known:know",
        "laid:lay",
        "led:lead",
        "lent:lend",
        "lost:lose",
        "made:make",
        "meant:mean",
        "met:meet",
        "overcame:overcome",
        "overtook:overtake",
        "overtaken:overtake",
        "overthrew:overthrow",
        "overthrown:overthrow",
        "paid:pay",
        "ran:run",
        "rang:ring",
        "risen:rise",
        "rode:ride",
        "said:say",
        "sang:sing",
        "sank:sink",
        "sunk:sink",
        "sat:sit",
        "saw:see",
        "seen:see",
        "sent:send",
        "shook:shake",
        "shaken:shake",
        "shot:shoot",
        "showed:show",
        "shown:show",
        "slept:sleep",
        "slid:slide",
        "sold:sell",
        "sought:seek",
        "spent:spend",
        "spoke:speak",
        "spoken:speak",
        "stole:steal",
        "stolen:steal",
        "stood:stand",
        "struck:strike",
        "stuck:stick",
        "sung:sing",
        "swam:swim",
        "swept:sweep",
        "swore:swear",
        "sworn:swear",
        "taken:take",
        "taught:teach",
        "thought:think",
        "threw:throw",
        "thrown:throw",
        "took:take",
        "tore:tear",
        "torn:tear",
        "understood:understand",
        "undone:undo",
        "withdrew:withdraw",
        "withdrawn:withdraw",
        "woke:wake",
        "won:win",
        "wore:wear",
        "worn:wear",
        "wrote:write",
        "written:write",
    ]
)
"""Past forms by the verbs that they belong to: a stemmer knows only endings."""
OFFICES: Final = _words("""
    affairs bank central council court defence defense department finance first foreign high house interior
    ministry national office prime security state supreme vice
""")
PEOPLE: Final = _words("""
    aide aides employee employees guard guards judges ministers officer officers official officials people player
    players prosecutors soldier soldiers staff teacher teachers worker workers
""")
PARTIES: Final = _words("""
    conservative conservatives democrat democratic democrats gop labour republican republicans tories tory
""")
"""Parties of one parliament: a lexicon of countries has one concept for them all."""
AUXILIARIES: Final = _words("""
    are can could had has have is may might said says was were will would
""")
SAYING: Final = _words("""
    according acknowledged added announced announces argued claimed confirmed declared explained insisted
    noted reported said say says stated states stressed tells told warned wrote
""")
TITLES: Final = _words("""
    adviser advisor aide ambassador captain ceo chairman chairwoman chancellor chief coach commander
    coordinator deputy director envoy general governor head judge king leader manager mayor minister premier president
    prince prosecutor queen representative secretary senator spokesman spokesperson spokeswoman
""")
BE: Final = _words("""
    am are be been being get gets got is was were
""")
IRREGULAR_PARTICIPLES: Final = _words("""
    beaten bought broken brought built cut driven flown fought found given held hit hurt known led made met
    overthrown paid put read seen sent shot shown sold stolen struck taken thrown told won
""")

# ---------------------------------------------------------------- who does what to whom

GIVING: Final = _words("""
    deliver delivery dispatch donate export furnish gave give given grant hand lend offer paid pay provide
    return sale sell send sends sent ship shipment sold supply supplying transfer
""")
GETTING: Final = _words("""
    accept acquire borrow bought buy get got import obtain procure purchase receive received
""")
GOING: Final = _words("""
    arrival arrive came come flew fly go head tour travel trip visit went
""")
HOSTING: Final = _words("""
    host hosted receive welcome welcomed
""")
MUTUAL: Final = _words("""
    agree agreed agrees and announce announced conduct cooperate cooperated discuss discussed drew exchange
    exchanged held hold meet meeting meets met negotiate negotiated partner play played pledge pledged said
    say shake share shared sign signed signs talk talked talks told
""")
