"""English words that mean the same, and words that mean the opposite.

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
governor gov
senator sen
sergeant sgt
lieutenant lt
general gen
begin start open launch commence began begun
end finish conclude stop halt cease close complete ended over
rise increase climb grow jump gain surge soar rose risen growth up higher expand advance
fall drop decline decrease sink slide plunge fell fallen down lower dip lose lost shed slip
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
win victory won defeat triumph beat victorious
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
rescue save
recover retrieve
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
spacecraft capsule
tariff duty levy
dock reach arrive
helicopter flown fly
hospital clinic
carmaker manufacturer automaker planemaker
shares stock
value worth
investigation inquiry probe
concerned worried
seize captive captured capture hostage
overtake pass surpass overtook
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
shop store retailer jeweller boutique jewellery
speak talk discuss
favour expect favourite
easily margin comfortably
raise outraise collect
near close nearby beside next adjacent
unrest disturbance riot clash rioting
call describe label term dub
worst serious severe bad grave
convoy escort escorting group
approach come coming near
fast quick quickly speedily rapidly swift speedily soon
carry deliver bring bear
money payoff payment bribe
undersea subsea underwater submarine
route alternative alternate way
service connection operation
fix repair patch update mend
hole flaw vulnerability bug weakness
attacker hacker intruder
install deploy apply
guard escort protect guarding escorting
foil thwart prevent repel stop
spot detect notice sight see saw
robber thief burglar gang raider
rob steal stole theft robbery heist burgle grab nab stolen loot
burn fire blaze torch ablaze arson burnt
luxury upmarket expensive posh
possible potential
sign indication evidence hint
motive intent reason cause
young youth teenager adolescent teen
throw hurl threw toss pelt
decide decision chose choose made
sack fire fired dismiss oust
manage manager boss head run
disappoint frustrate
progress advance improve headway
film movie picture
actor actress star performer
clinic rehab centre center facility treatment
check enter admit
lawyer attorney counsel solicitor
drink drunk alcohol dwi drinking intoxicated
crash collision accident collide hit
walk pedestrian foot
flee fled escape escaped run ran
catch caught apprehend arrest capture
face charge charged accuse
marry wedding married marriage spouse
brother sister sibling
guest visitor
author writer novelist wrote write
prize award honour medal
discover find found uncover discovery
tell inform told
give gave award present
name call identify
same equal identical
whole entire full complete
user customer client subscriber
every all each
begin initially first start originally
expect anticipate forecast predict
peaceful calm quiet
hold held keep detain
bid offer proposal
takeover acquisition merger purchase
approval consent permission permit
defence defense military
""".strip()

OPPOSITE: Final = (
    (
        "rise increase climb grow jump surge soar rose risen gain up raise lift hike boost expand double triple higher",
        "fall fallen drop decline decrease sink plunge fell slide down cut lower reduce slash shrink halve trim",
    ),
    ("approve pass adopt endorse", "reject veto block"),
    ("accept accepted", "reject refuse decline"),
    ("confirm confirmed admit admitted acknowledge", "deny denied"),
    ("support back favour favor supported", "oppose opposed opposition resist"),
    ("win won victory", "lose lost defeat"),
    ("begin start open began", "end finish stop close halt"),
    ("arrive arrived enter entered", "leave left depart departed exit"),
    ("before", "after"),
    ("more", "fewer less"),
    ("strengthen deepen bolster", "weaken weakened"),
    ("allow permit authorise lift", "ban prohibit bar forbid"),
    ("succeed success successful successfully", "fail failed failure unsuccessful"),
    ("survive survived", "die died killed"),
    ("import imports", "export exports"),
    ("winning", "losing"),
    ("peaceful peacefully calm", "violent violently"),
    ("accident accidental", "arson murder deliberate"),
    ("natural", "murder murdered suicide"),
    ("guilty convicted", "innocent acquitted cleared"),
    ("praise hail welcome", "condemn criticise criticize denounce denunciation attack"),
    ("release released freed", "arrest arrested detain detained jailed"),
    ("join joined", "leave quit left"),
    ("north northern", "south southern"),
    ("east eastern", "west western"),
    ("former", "current"),
    ("warm", "cold"),
    ("first", "last final"),
    ("escalate", "de-escalate ease"),
    ("slow slowed slower", "accelerate accelerated quicken faster"),
    ("change amend alter abolish repeal", "keep maintain preserve retain"),
    ("acquit acquitted cleared", "convict convicted ban banned jail jailed sentence sentenced guilty"),
    ("alive living", "body corpse dead remains"),
    ("safe", "dangerous unsafe"),
    ("legal lawful", "illegal unlawful"),
    ("resume resumed reopen", "suspend halt suspended"),
    ("ally allies", "enemy enemies foe"),
    ("hire hired", "fire sack sacked dismiss laid"),
)
