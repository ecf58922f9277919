"""Words whose exchange turns a sentence round, as stems; not those that merely view a fact from its other side.

"Bought" and "sold", "won" and "lost", "before" and "after" are left out: "A sold it to B" says that B bought it.
"""

from __future__ import annotations

from collections import defaultdict

from rag.words import stem

_PAIRS = """
accept/reject accept/refuse accepted/declined agree/disagree agree/refuse alive/dead allow/ban allow/forbid
allow/prevent allow/prohibit ally/enemy friend/enemy approve/reject arrest/release convict/acquit
guilty/innocent confirm/deny admit/deny best/worst better/worse big/small large/small long/short strong/weak
hot/cold rich/poor young/old boy/girl man/woman men/women male/female mother/father son/daughter brother/sister
husband/wife uncle/aunt king/queen grandmother/grandfather busy/idle calm/angry cheap/expensive clean/dirty
continue/stop correct/incorrect deny/acknowledge domestic/foreign early/late easy/difficult empty/full
encourage/discourage expand/shrink expand/contract fast/slow gain/loss profit/loss happy/sad happy/unhappy
hard/easy healthy/sick high/low higher/lower highest/lowest hire/fire hope/fear improve/worsen include/exclude
increase/decrease increase/reduce increase/decline increase/drop increase/fall increase/cut rose/fell rise/fall
rising/falling rise/decline rise/drop grow/shrink grew/fell climb/fall soar/plunge jump/drop inside/outside
justify/condemn legal/illegal lawful/unlawful least/most likely/unlikely love/hate majority/minority major/minor
maximum/minimum morning/evening morning/afternoon morning/night natural/artificial necessary/unnecessary
never/always north/south northern/southern east/west eastern/western open/close opened/closed opponent/supporter
opposition/support oppose/support optimistic/pessimistic peace/war permanent/temporary permit/forbid permit/ban
popular/unpopular positive/negative possible/impossible praise/criticise praise/criticize praise/condemn
present/absent public/private quiet/loud raise/lower raise/cut remember/forget safe/dangerous safe/unsafe
secret/public strengthen/weaken succeed/fail success/failure successful/unsuccessful successfully/unsuccessfully
support/against true/false upper/lower useful/useless victory/defeat visible/invisible welcome/condemn
well/badly wide/narrow willing/unwilling able/unable willing/reluctant aware/unaware certain/uncertain
satisfied/dissatisfied appear/disappear approve/disapprove like/dislike advantage/disadvantage ease/tighten
eased/tightened lift/impose lifted/imposed add/remove added/removed begin/end began/ended start/end
started/ended start/stop started/stopped attract/repel pro/contra fewer/additional
agreed/declined begun/completed reopened/closed started/completed began/finished
largest/smallest biggest/smallest longest/shortest longer/shorter older/younger oldest/youngest shorten/lengthen
""".split()


def _table() -> dict[str, frozenset[str]]:
    table: defaultdict[str, set[str]] = defaultdict(set)
    for pair in _PAIRS:
        one, two = pair.split("/")
        table[stem(one)].add(stem(two))
        table[stem(two)].add(stem(one))
    return {word: frozenset(opposites) for word, opposites in table.items()}


ANTONYMS = _table()
"""Stem to the stems that say the contrary."""
