"""Given names and their short forms: "Bob Miller" is Robert Miller, though Bob and Rob may be two men."""

from __future__ import annotations

_SHORT = """
Abigail: Abby; Alexander: Alex Sandy; Alexandra: Alex; Andrew: Andy Drew; Anthony: Tony; Barbara: Barb; Benjamin: Ben
Benny; Catherine: Cathy Kate; Charles: Charlie Chuck; Christina: Chris Tina; Christine: Chris; Christopher: Chris;
Daniel: Dan Danny; David: Dave; Deborah: Deb Debbie; Donald: Don; Douglas: Doug; Edward: Ed Eddie Ted;
Elizabeth: Liz Beth Betty; Eugene: Gene; Francis: Frank; Frederick: Fred; Gerald: Gerry Jerry; Gregory: Greg;
Jacob: Jake; James: Jim Jimmy; Jeffrey: Jeff; Jennifer: Jen Jenny; John: Jack Johnny; Jonathan: Jon; Joseph: Joe;
Joshua: Josh; Katherine: Kate Kathy; Kenneth: Ken; Lawrence: Larry; Leonard: Len; Margaret: Maggie Meg Peggy;
Matthew: Matt; Michael: Mike Mick; Nicholas: Nick; Pamela: Pam; Patricia: Pat Patty Tricia; Patrick: Pat Paddy;
Peter: Pete; Philip: Phil; Rebecca: Becky; Richard: Rick Dick Rich; Robert: Rob Bob Bobby; Ronald: Ron; Samuel: Sam;
Stephen: Steve; Steven: Steve; Susan: Sue; Theodore: Ted Theo; Thomas: Tom Tommy; Timothy: Tim; Victoria: Vicky;
Vincent: Vince; Walter: Walt; William: Bill Will Billy; Zachary: Zach
"""


def _pairs() -> dict[str, tuple[str, ...]]:
    table: dict[str, tuple[str, ...]] = {}
    for entry in _SHORT.replace("\n", " ").split(";"):
        given, _, shorts = (part.strip() for part in entry.partition(":"))
        for short in shorts.split():
            table[given] = (*table.get(given, ()), short)
            table[short] = (*table.get(short, ()), given)
    return table


_OTHERS = _pairs()


def other_forms(name: str) -> list[str]:
    """The name of a person with the short form for the given name, or the given name for it; a lone one has none."""
    first, blank, rest = name.partition(" ")
    return [f"{other} {rest}" for other in _OTHERS.get(first, ())] if blank else []
