"""English words that the checks know: what means the same, what means the opposite, what hedges and what denies.

Data, no logic. A line of ``SAME`` is one group; a word may stand in several. Words are compared by their stems, so one
form of each is enough unless its forms have different stems.
"""

from __future__ import annotations

from typing import Final

SAME: Final = """
say tell state declare announce report add note stress remark comment explain mention acknowledge statement claim
warn caution warning alert
concern worry trouble alarm fear anxiety unease concerned worried apprehension
trip visit travel tour journey go arrive arrival come visitor travelling fly head
munition ammunition shell round ordnance
weapon arms weaponry armament arsenal
deal agreement accord pact treaty contract arrangement
talk negotiation discussion dialogue consultation conversation negotiate discuss
meet met meeting summit hold encounter session talk
send supply ship provide deliver transfer give furnish shipment delivery provision sent gave hand dispatch donate
receive get obtain acquire accept received got
buy purchase bought procure
sell sale sold
relation tie relationship link bond connection
deepen strengthen enhance expand boost tighten grow closer reinforce intensify growing bolster step develop
cooperation partnership collaboration alliance cooperate collaborate teamwork
help aid assist support assistance back backing relief
attack strike assault raid hit bombard offensive target bombing shelling
kill die death dead fatal fatality slay slain killed victim perish lives life
injure wound hurt injury wounded injured casualty
destroy wreck demolish damage devastate ruin destruction
fire launch shoot test-fire fired launched
test trial experiment
country nation state
leader president chief head ruler boss
official authority representative administration government
spokesman spokeswoman spokesperson representative
minister secretary
begin start open launch commence began begun
end finish conclude stop halt cease close complete ended over
rise increase climb grow jump gain surge soar rose risen growth up higher expand
fall drop decline decrease sink slide plunge fell fallen down lower dip
cut reduce slash trim reduction lower shrink
plan intend aim prepare intention scheduled schedule expect due will
want seek ask call urge request demand appeal press plead
allow permit let authorise authorize approve approval clear endorse back
ban prohibit bar forbid outlaw
oppose resist object opposition against
agree consent agreed concur
accuse allege charge blame accusation allegation suspect
deny reject dismiss refute denial
refuse decline reject
violate breach break violation infringe
sanction restriction embargo penalty measure
sign signed signing conclude ink
promise pledge vow commit commitment
publish release issue disclose reveal unveil
show indicate suggest reveal demonstrate
believe think consider assess judge
important key major significant crucial main vital
large big huge massive vast great
dozen scores
new fresh recent latest
war conflict fighting invasion battle combat
soldier troop serviceman military force army personnel
police officer
arrest detain detention custody hold seize apprehend
court judge tribunal justice
sentence jail imprison prison convict imprisonment term jailed
vote elect ballot poll election
win victory won defeat triumph beat
lose loss lost
leave depart quit exit departure left withdraw withdrawal pull
return back
build construct construction erect built
company firm business corporation manufacturer maker group
worker employee staff job
money fund funding cash
price cost
output production produce
economy economic
quake earthquake tremor
storm hurricane typhoon cyclone
flood flooding inundate
evacuate flee evacuation displace displaced
rescue save recover
search look hunt
missing disappear vanished unaccounted
home house residence dwelling residential building
city town capital
region area province district zone territory
people person resident inhabitant
child children kid
year annual
month monthly
week weekly
begin onset
watch monitor follow observe track
closely carefully
damage harm
danger threat risk threaten dangerous menace
stability stable
security safety secure
condemn criticise criticize denounce criticism slam decry
praise hail welcome applaud commend
discuss address raise
join participate part attend
replace succeed successor
appoint name nominate choose
resign step quit resignation
dismiss fire sack remove oust
host receive welcome
exchange swap
letter message note
share exchange
first initial maiden
last final
biggest largest
late evening night
early morning
reach hit total come
need require want lack
use employ deploy used
try attempt seek effort
persuade convince
remain stay continue keep still persist
bring take
carry conduct
rocket missile
nuclear atomic
bilateral mutual
joint common together
against versus
repeatedly often consistently always several
secretly clandestinely covertly covert secret
urgent immediate
delay postpone suspend pause
cancel scrap call abandon
confirm verify
hurt harm
protest demonstration rally demonstrator protester
storm blizzard
vessel ship boat ferry
plane aircraft jet
car vehicle
train rail railway
doctor medic physician
patient
hospital clinic
vaccine jab shot vaccination
infection case outbreak infected disease illness
scientist researcher
study research
law legislation bill act
parliament lawmaker legislature legislator deputy mp
oil crude
gas
barrel
bank lender
rate
market
investor
quarter
profit earnings
revenue sales
answer reply respond response
comment remark
refrain avoid abstain desist
consequence implication effect impact
reciprocity return exchange
persons people
grant award
ensure guarantee
demand call
consider weigh mull contemplate
potential possible
stern severe tough strong harsh
adhere stick honour honor abide respect keep
heighten increase raise
defence defense military
""".strip()

OPPOSITE: Final = (
    (
        "rise increase climb grow jump surge soar rose risen gain up",
        "fall drop decline decrease sink plunge fell slide down",
    ),
    ("raise raised", "cut lower reduce lowered slash"),
    ("approve pass adopt endorse", "reject veto block"),
    ("accept accepted", "reject refuse decline"),
    ("confirm confirmed admit admitted acknowledge", "deny denied"),
    ("support back favour favor supported", "oppose opposed resist"),
    ("win won victory", "lose lost defeat"),
    ("begin start open began", "end finish stop close halt"),
    ("arrive arrived enter entered", "leave left depart departed exit"),
    ("before", "after"),
    ("more", "fewer less"),
    ("strengthen deepen bolster", "weaken weakened"),
    ("allow permit authorise lift", "ban prohibit bar forbid"),
    ("succeed success successful successfully", "fail failed failure unsuccessful"),
    ("survive survived", "die died killed"),
    ("buy bought purchase", "sell sold"),
    ("import imports", "export exports"),
    ("guilty convicted", "innocent acquitted cleared"),
    ("praise hail welcome", "condemn criticise criticize denounce"),
    ("release released freed", "arrest arrested detain detained jailed"),
    ("join joined", "leave quit left"),
    ("higher", "lower"),
    ("north northern", "south southern"),
    ("east eastern", "west western"),
    ("former", "current"),
    ("warm", "cold"),
    ("first", "last final"),
    ("escalate", "de-escalate ease"),
    ("safe", "dangerous unsafe"),
    ("legal lawful", "illegal unlawful"),
    ("resume resumed reopen", "suspend halt suspended"),
    ("ally allies", "enemy enemies foe"),
    ("hire hired", "fire sack sacked dismiss laid"),
)

LIGHT: Final = """
say said says saying tell told state report announce add note explain accord comment remark speak spoke describe
declare mention
call become remain make take give go come be do have get hold keep put see show
official country nation government leader authority statement time people part way thing number group place case
today yesterday day week month year hour minute morning evening night recent recently late later earlier early new
also still already further meanwhile ahead amid following follow include including involve involved such many
much several some various other another own whole full total overall about around nearly almost roughly
approximately least most
two both one first second third late main public key set due related regard concern current currently
president minister mr mrs ms dr sir word matter issue move side sides area former top senior week's member
""".split()

NEGATORS: Final = frozenset(
    "not no never without neither nor none cannot nobody nothing n't nowhere unable unlikely hardly barely".split()
)
DENIERS: Final = frozenset(
    """deny denies denied denying denial denials refuse refuses refused refusing fail fails failed failing lack lacks
    lacked reject rejects rejected rejecting dismiss dismisses dismissed avoid avoids avoided refrain refrained
    decline declines declined prevent prevented prevents halt halted refrains abandon abandoned cancel cancelled
    canceled rumour rumor false fake baseless groundless untrue""".split()
)
MAYBE: Final = frozenset("may might could possibly perhaps maybe potentially allegedly reportedly probably".split())
HEDGES: Final = MAYBE | frozenset(
    """would likely unlikely suspected suspect suspects alleged alleges allege possible possibility potential risk
    risks fear fears feared if believed believes believe appears appear appeared seems seem seemed considering
    consider considers weighing mulling can whether unconfirmed rumor rumour presumed apparently expected expects
    expect concern concerns concerned warned warns warning threat threatened accuse accused accuses accusation claims
    claimed claim suspicion should probable thinks think estimate estimated unclear chance worried worry worries
    suggest suggests suggested suggesting speculation rumours rumored talks sought seeking attempted tried
    """.split()
)
PLANS: Final = frozenset(
    "will would plan plans planned planning intend intends intended going due scheduled expected set shall to"
    " aims aim hopes hope wants want ready prepares preparing vowed pledged promised promises upcoming".split()
)
PAST: Final = frozenset(
    """sent gave met came went held sold bought built hit won lost left fell rose began struck shot fought led took
    made saw told found kept brought broke flew paid spoke stood wrote became ended killed signed""".split()
)
OFFICES: Final = frozenset(
    """defence defense foreign prime state department ministry national security council house office vice interior
    finance first affairs high court supreme central bank""".split()
)
AUXILIARIES: Final = frozenset("is are was were has have had will would may might can could says said".split())
TITLES: Final = frozenset(
    """president minister spokesman spokeswoman spokesperson leader secretary ambassador chancellor premier king queen
    prince chief commander general governor mayor senator director chairman chairwoman coordinator aide adviser advisor
    envoy deputy judge prosecutor coach captain ceo representative head""".split()
)
BE: Final = frozenset("be is are was were been being gets got get am".split())
IRREGULAR_PARTICIPLES: Final = frozenset(
    """sent given sold bought built hit won shot held met taken seen told found brought broken flown paid struck led
    fought beaten hurt cut put read made known shown driven thrown stolen overthrown""".split()
)

# ---------------------------------------------------------------- who does what to whom

GIVING: Final = """send supply ship provide deliver transfer give furnish sell dispatch donate lend grant export hand
sent gave sold given offer pay paid return shipment delivery sale transfer supplying sends""".split()
GETTING: Final = """receive get obtain acquire accept buy purchase import procure borrow received got bought
purchase""".split()
GOING: Final = "visit travel go arrive come fly head tour went came flew trip visit arrival".split()
HOSTING: Final = "host receive welcome hosted welcomed".split()
MUTUAL: Final = frozenset(
    """meet met meets meeting sign signed signs agree agreed agrees discuss discussed talk talked talks hold held
    exchange exchanged share shared shake negotiate negotiated pledge pledged conduct announce announced cooperate
    cooperated said say told partner play played and drew""".split()
)
