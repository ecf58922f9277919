"""Currencies and measures: the words for each, and what one of them is in its family's smallest common terms."""

from __future__ import annotations

from fractions import Fraction

DOLLAR = "dollar"
"""A dollar of a country not named; it may be any country's."""

_CURRENCIES = {
    DOLLAR: "$ dollar dollars buck bucks",
    "USD": "us$ usd u.s.$ us-dollar us-dollars",
    "AUD": "a$ au$ aud",
    "CAD": "c$ ca$ cad",
    "NZD": "nz$ nzd",
    "HKD": "hk$ hkd",
    "SGD": "s$ sgd",
    "TWD": "nt$ twd",
    "BRL": "r$ brl reais",
    "EUR": "€ eur euro euros",
    "GBP": "£ gbp sterling quid",
    "JPY": "jpy yen",
    "CNY": "cny rmb yuan renminbi cn¥",
    "KRW": "₩ krw",
    "RUB": "₽ rub rouble roubles ruble rubles",
    "INR": "₹ inr rs rs. rupee rupees",
    "UAH": "₴ uah hryvnia hryvnias",
    "ILS": "₪ ils shekel shekels",
    "TRY": "₺ lira",
    "NGN": "₦ ngn naira",
    "CHF": "chf",
    "SEK": "sek",
    "NOK": "nok",
    "PLN": "pln zloty zlotys",
    "ZAR": "zar",
    "MYR": "myr ringgit",
    "IDR": "idr rupiah",
    "VND": "₫ vnd dong",
    "peso": "peso pesos mxn",
    "franc": "franc francs",
    "krona": "krona kronor krone kroner",
    "riyal": "riyal riyals sar",
    "dirham": "dirham dirhams aed",
    "BTC": "bitcoin bitcoins btc",
}
_NATIONS = {
    "us": "USD", "u.s.": "USD", "american": "USD", "australian": "AUD", "canadian": "CAD", "new zealand": "NZD",
    "hong kong": "HKD", "singapore": "SGD", "taiwan": "TWD", "taiwanese": "TWD",
}  # fmt: skip

CURRENCIES = {word: code for code, words in _CURRENCIES.items() for word in words.split()}
"""Word or sign to code; a word may also follow a nation's, see ``DOLLARS``."""
DOLLARS = {f"{nation} {dollar}": code for nation, code in _NATIONS.items() for dollar in ("dollar", "dollars")}
PREFIXES = {word: code for word, code in CURRENCIES.items() if not word.isalpha() or len(word) == 3 or word == "rs"}
PREFIXES |= {"¥": "JPY"}
PENCE = {"cent": DOLLAR, "cents": DOLLAR, "pence": "GBP", "pennies": DOLLAR, "centime": "EUR", "centimes": "EUR"}

_YARD = Fraction("0.9144")
_POUND = Fraction("0.45359237")
_MEASURES: tuple[tuple[str, Fraction, str], ...] = (
    ("length", Fraction(1, 1000), "mm millimetre millimeter"),
    ("length", Fraction(1, 100), "cm centimetre centimeter"),
    ("length", Fraction(1), "metre meter"),
    ("length", Fraction(1000), "km kilometre kilometer kms"),
    ("length", _YARD / 36, "inch inches"),
    ("length", _YARD / 3, "ft foot feet"),
    ("length", _YARD, "yard yd"),
    ("length", _YARD * 1760, "mile mi"),
    ("length", Fraction(1852), "nautical-mile nm"),
    ("area", Fraction(1), "square-metre square-meter sq-m sqm m² m2"),
    ("area", Fraction(10**6), "square-kilometre square-kilometer sq-km km² km2"),
    ("area", Fraction(10**4), "hectare ha"),
    ("area", (_YARD * 1760) ** 2 / 640, "acre"),
    ("area", (_YARD * 1760) ** 2, "square-mile sq-mile sq-mi"),
    ("area", (_YARD / 3) ** 2, "square-foot square-feet sq-ft sq-foot"),
    ("mass", Fraction(1, 1000), "gram gramme g"),
    ("mass", Fraction(1), "kg kilogram kilogramme kilo kgs"),
    ("mass", Fraction(1000), "tonne ton metric-ton metric-tonne"),
    ("mass", _POUND, "lb lbs"),
    ("mass", _POUND / 16, "ounce oz"),
    ("volume", Fraction(1), "litre liter"),
    ("volume", Fraction(3785411784, 10**9), "gallon"),
    ("volume", Fraction(158987, 1000), "barrel bbl"),
    (
        "speed",
        Fraction(1),
        "km/h kph kmh kilometres-per-hour kilometers-per-hour kilometres-an-hour kilometers-an-hour",
    ),
    ("speed", Fraction("1.609344"), "mph miles-per-hour miles-an-hour"),
    ("speed", Fraction("1.852"), "knot"),
    ("celsius", Fraction(1), "°c ℃ degrees-celsius degrees-centigrade degrees-c degree-celsius celsius"),
    ("fahrenheit", Fraction(1), "°f ℉ degrees-fahrenheit degrees-f fahrenheit"),
    ("degree", Fraction(1), "° degree"),
    ("power", Fraction(1), "kw kilowatt"),
    ("power", Fraction(1000), "mw megawatt"),
    ("power", Fraction(10**6), "gw gigawatt"),
    ("energy", Fraction(1), "kwh kilowatt-hour"),
    ("second", Fraction(1), "seconds sec secs"),
    ("minute", Fraction(1), "minute min mins"),
    ("hour", Fraction(1), "hour hr hrs"),
    ("day", Fraction(1), "day"),
    ("week", Fraction(1), "week"),
    ("month", Fraction(1), "month"),
    ("year", Fraction(1), "year yr yrs year-old years-old years-of-age yo"),
    ("decade", Fraction(1), "decade"),
    ("century", Fraction(1), "century centuries"),
    ("magnitude", Fraction(1), "magnitude"),
)
MEASURES: dict[str, tuple[str, Fraction]] = {}
"""Word, blanks as hyphens, to its family and how many of the family's common terms one of it is."""
for _kind, _size, _words in _MEASURES:
    for _word in _words.split():
        MEASURES[_word] = (_kind, _size)
        if (_word.isalpha() and len(_word) > 3 and not _word.endswith("s")) or (
            "-" in _word and not _word.endswith(("s", "-c", "-f", "-m", "-km", "-ft", "-mi"))
        ):
            MEASURES[_word + "s"] = (_kind, _size)
MEASURES |= {"days": ("day", Fraction(1)), "weeks": ("week", Fraction(1)), "tons": ("mass", Fraction(1000))}
MEASURES |= {"knots": ("speed", Fraction("1.852")), "acres": ("area", (_YARD * 1760) ** 2 / 640)}
MEASURES |= {"feet": ("length", _YARD / 3), "grams": ("mass", Fraction(1, 1000)), "year-olds": ("year", Fraction(1))}

_SPANS = {
    "time of day": {"second": 1, "minute": 60, "hour": 3600},
    "days": {"day": 1, "week": 7},
    "months": {"month": 1, "year": 12, "decade": 120, "century": 1200},
}
SPAN_SIZES = {unit: (family, Fraction(size)) for family, units in _SPANS.items() for unit, size in units.items()}
"""Each stretch of time with those it is surely a whole number of, and how many of the least it is."""
SPANS = tuple(SPAN_SIZES)
"""Stretches of time, ascending: a source often leaves them out, "Smith, 24," for "24 years old"."""
