"""English verbs whose past forms share no stem with their base: "gave" and "given" are "give"."""

_VERBS = """
arise arose arisen|awake awoke awoken|bear bore borne|beat beaten|become became|begin began begun|bend bent|bet|
bid bade bidden|bind bound|bite bit bitten|bleed bled|blow blew blown|break broke broken|breed bred|bring brought|
build built|burn burnt|buy bought|catch caught|choose chose chosen|cling clung|come came|creep crept|deal dealt|
dig dug|draw drew drawn|dream dreamt|drink drank drunk|drive drove driven|eat ate eaten|fall fell fallen|feed fed|
feel felt|fight fought|find found|flee fled|fling flung|fly flew flown|forbid forbade forbidden|
forget forgot forgotten|forgive forgave forgiven|freeze froze frozen|get got gotten|give gave given|go went gone|
grind ground|grow grew grown|hang hung|have had|hear heard|hide hid hidden|hold held|keep kept|kneel knelt|
know knew known|lay laid|lead led|leap leapt|learn learnt|leave left|lend lent|lie lay lain|light lit|lose lost|
make made|mean meant|meet met|mistake mistook mistaken|overcome overcame|overtake overtook overtaken|pay paid|
prove proven|ride rode ridden|ring rang rung|rise rose risen|run ran|say said|see saw seen|seek sought|sell sold|
send sent|shake shook shaken|shine shone|shoot shot|show shown|shrink shrank shrunk|sing sang sung|sink sank sunk|
sit sat|sleep slept|slide slid|speak spoke spoken|speed sped|spend spent|spin spun|spring sprang sprung|
stand stood|steal stole stolen|stick stuck|sting stung|stride strode|strike struck stricken|strive strove striven|
swear swore sworn|sweep swept|swim swam swum|swing swung|take took taken|teach taught|tear tore torn|tell told|
think thought|throw threw thrown|undergo underwent undergone|understand understood|undertake undertook undertaken|
uphold upheld|wake woke woken|wear wore worn|weave wove woven|weep wept|win won|wind wound|
withdraw withdrew withdrawn|withhold withheld|withstand withstood|write wrote written
"""
_AMBIGUOUS = frozenset({"found", "ground", "lay", "left", "wound", "bore", "saw", "felt", "rose", "bit", "bound"})
"""Past forms that are as often another word."""

_GROUPS = [group.split() for group in _VERBS.replace("\n", " ").split("|")]

BASE = {form: group[0] for group in _GROUPS for form in group[1:] if form not in _AMBIGUOUS}
"""Past form -> base."""
FORMS = {word: tuple(group) for group in _GROUPS for word in group if word not in _AMBIGUOUS}
"""Any form -> all forms, the base first."""
