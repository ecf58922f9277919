"""The one pattern of every way news writes a date, over small letters; a group per part of a date."""

from __future__ import annotations

import calendar
import re

_FULL = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}
_SHORT = {name[:3]: number for name, number in _FULL.items()} | {"sept": 9, "june": 6, "july": 7}
MONTHS = _SHORT | _FULL
DAYS = {name.lower(): number for number, name in enumerate(calendar.day_name)}
DAYS |= {name[:3]: number for name, number in DAYS.items()}
DAYS |= {"tues": 1, "weds": 2, "thur": 3, "thurs": 3}
NUMBERS = {
    word: value
    for value, word in enumerate("one two three four five six seven eight nine ten eleven twelve".split(), start=1)
} | {"a": 1, "an": 1, "couple of": 2, "a couple of": 2, "few": 3, "a few": 3}


def _any(words: dict[str, int]) -> str:
    return "|".join(sorted(words, key=lambda word: (-len(word), word)))


_S = r"[ ]{1,3}"
_MONTH = rf"(?:(?:{_any(_FULL)})\b|(?:{_any(_SHORT)})\b\.?)"
_DAY = r"(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?(?!\w|[.,:]\d|%)"
_YEAR = r"(?:1[4-9]|20|21)\d\d(?!\w|[.,:]\d|%)"
_WEEKDAY = rf"(?:{_any(DAYS)})\b"
_THEN = rf"(?:{_S})?(?:-|to|and|or|through)(?:{_S})?"
_UNIT = r"(?:hour|day|week|month|year|decade)"
COUNT = rf"(?:\d{{1,3}}|{_any(NUMBERS)})"

# A look at the first two letters, which saves trying every alternative at every word.
_STARTS = {word[:2] for word in (*MONTHS, *DAYS, *NUMBERS)} | set(
    "la ne th pa co q1 q2 q3 q4 fi se fo da ye to ea ov at du on 'a".split()
)

DATE = re.compile(
    rf"""
    (?<![\w$€£])(?=[\d']|{"|".join(sorted(_STARTS))})(?:
    (?P<iso>(?<![\d/.-])\d{{4}}(?P<dash>[-/.])(?:0?[1-9]|1[0-2])(?P=dash)(?:3[01]|[12]\d|0?[1-9])(?:(?!\w)|(?=t\d\d:)))
   |(?P<numeric>(?<![\d/.-])\d{{1,2}}(?:/\d{{1,2}}/(?:\d{{4}}|\d\d)|\.\d{{1,2}}\.\d{{4}}|-\d{{1,2}}-\d{{4}})(?![\w/]|[.,-]\d))
   |(?:(?P<weekday>{_WEEKDAY})\.?,?{_S}\(?(?:the{_S})?)?
    (?:(?P<day1>{_DAY})(?:{_THEN}(?:the{_S})?(?P<day1b>{_DAY}))?(?:{_S}|-)(?:of{_S})?(?P<month1>{_MONTH})
        (?:,?{_S}(?:of{_S})?(?P<year1>{_YEAR})|-(?P<year1b>{_YEAR}))?
      |(?P<month2>{_MONTH}),?{_S}(?:the{_S})?(?P<day2>{_DAY})(?:(?:{_S})?(?:-|to{_S}|through{_S})(?:{_S})?(?P<day2b>{_DAY}))?
        (?:,?{_S}(?:of{_S})?(?P<year2>{_YEAR}))?)
   |(?P<month3>{_MONTH}),?{_S}(?:of{_S})?(?P<year3>{_YEAR})
   |(?:(?P<side4>last|next|this|past|coming){_S})?(?P<month4>{_MONTH})
   |q(?P<quarter1>[1-4]),?{_S}(?:of{_S})?(?P<year5>{_YEAR})
   |(?P<quarter2>first|second|third|fourth|1st|2nd|3rd|4th){_S}quarter{_S}(?:of{_S})?(?P<year6>{_YEAR})
   |(?P<decade>(?:1[5-9]|20)\d0'?s\b|(?<=the[ ])'?[2-9]0s\b|'[2-9]0s\b)
   |(?P<years>(?P<year7>{_YEAR.split("(?!")[0]})[-/](?P<year8>(?:1[4-9]|20|21)\d\d|\d\d)(?![\w]|[-/.,]\d))
   |(?:(?P<side9>last|next|this|past|coming){_S})?(?P<weekday9>{_WEEKDAY})(?:'s|s)?(?!\w)
   |(?P<around>(?:the{_S})?day{_S}(?:before{_S}yesterday|after{_S}tomorrow)|yesterday|tomorrow|today|tonight
       |(?:(?P<early>earlier|later){_S})?(?:this|last|next){_S}(?:morning|afternoon|evening|night|week|weekend|month|year)
       |(?:over|at|during|on){_S}the{_S}weekend)\b
   |(?P<ago>{COUNT}){_S}(?P<unit>{_UNIT})s?{_S}ago\b
   |(?P<year>{_YEAR})
    )
    """,
    re.VERBOSE,
)
