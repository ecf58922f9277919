"""Names that mean the same: a country and its adjective, a body and its initials. One spelling stands for all."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

_COUNTRIES = """
Afghanistan: Afghan; Albania: Albanian; Algeria: Algerian; Argentina: Argentine Argentinian; Armenia: Armenian;
Australia: Australian Aussie; Austria: Austrian; Azerbaijan: Azerbaijani Azeri; Bangladesh: Bangladeshi;
Belarus: Belarusian; Belgium: Belgian; Bolivia: Bolivian; Bosnia: Bosnian; Brazil: Brazilian; Britain: British
Briton Brits; Bulgaria: Bulgarian; Cambodia: Cambodian; Cameroon: Cameroonian; Canada: Canadian; Chad: Chadian;
Chile: Chilean; China: Chinese; Colombia: Colombian; Congo: Congolese; Croatia: Croatian Croat; Cuba: Cuban;
Cyprus: Cypriot; Czechia: Czech; Denmark: Danish Dane; Ecuador: Ecuadorian Ecuadorean; Egypt: Egyptian; England:
English; Eritrea: Eritrean; Estonia: Estonian; Ethiopia: Ethiopian; Europe: European; Finland: Finnish Finn;
France: French Frenchman; Gaza: Gazan; Georgia: Georgian; Germany: German; Ghana: Ghanaian; Greece: Greek;
Guatemala: Guatemalan; Haiti: Haitian; Honduras: Honduran; Hungary: Hungarian; Iceland: Icelandic Icelander;
India: Indian; Indonesia: Indonesian; Iran: Iranian; Iraq: Iraqi; Ireland: Irish; Israel: Israeli; Italy:
Italian; Jamaica: Jamaican; Japan: Japanese; Jordan: Jordanian; Kazakhstan: Kazakh; Kenya: Kenyan; Korea:
Korean; Kosovo: Kosovar; Kuwait: Kuwaiti; Kyrgyzstan: Kyrgyz; Laos: Laotian; Latvia: Latvian; Lebanon: Lebanese;
Liberia: Liberian; Libya: Libyan; Lithuania: Lithuanian; Malaysia: Malaysian; Mali: Malian; Malta: Maltese;
Mexico: Mexican; Moldova: Moldovan; Mongolia: Mongolian; Morocco: Moroccan; Myanmar: Burmese Burma; Nepal:
Nepali Nepalese; Netherlands: Dutch Holland; Nicaragua: Nicaraguan; Niger: Nigerien; Nigeria: Nigerian; Norway:
Norwegian; Oman: Omani; Pakistan: Pakistani; Palestine: Palestinian; Panama: Panamanian; Peru: Peruvian;
Philippines: Philippine Filipino Filipina; Poland: Polish Pole; Portugal: Portuguese; Qatar: Qatari; Romania:
Romanian; Russia: Russian; Rwanda: Rwandan; Scotland: Scottish Scot; Senegal: Senegalese; Serbia: Serbian Serb;
Singapore: Singaporean; Slovakia: Slovak; Slovenia: Slovenian Slovene; Somalia: Somali; Spain: Spanish Spaniard;
Sudan: Sudanese; Sweden: Swedish Swede; Switzerland: Swiss; Syria: Syrian; Taiwan: Taiwanese; Tajikistan: Tajik;
Tanzania: Tanzanian; Thailand: Thai; Tibet: Tibetan; Tunisia: Tunisian; Turkey: Turkish Turk Türkiye;
Turkmenistan: Turkmen; Uganda: Ugandan; Ukraine: Ukrainian; Uruguay: Uruguayan; Uzbekistan: Uzbek; Venezuela:
Venezuelan; Vietnam: Vietnamese; Wales: Welsh; Yemen: Yemeni; Zambia: Zambian; Zimbabwe: Zimbabwean; Africa:
African; Asia: Asian; America: American; Islam: Islamic; Democrat: Democratic; Kyiv: Kiev; Kharkiv: Kharkov;
Odesa: Odessa; Mumbai: Bombay; Beijing: Peking; Muslim: Moslem
"""
_VARIANTS = """
London: Londoner; York: Yorker; Paris: Parisian; California: Californian; Texas: Texan; Florida: Floridian; Hawaii:
Hawaiian; Alaska: Alaskan; Crimea: Crimean; Chechnya: Chechen; Catalonia: Catalan; Siberia: Siberian; Moscow:
Muscovite; Department: Dept; Muhammad: Mohammed Mohammad Mohamed; Qaeda: Qaida; Hezbollah: Hizbollah Hizbullah;
Gaddafi: Gadhafi Qaddafi; Muammar: Moammar
"""
_STATES = """
Alabama: AL Ala; Arizona: AZ Ariz; Arkansas: AR Ark; California: CA Calif; Colorado: CO Colo; Connecticut: CT Conn;
Delaware: DE; Florida: FL Fla; Georgia: GA; Illinois: IL; Indiana: Ind; Iowa: IA; Kansas: KS; Kentucky: KY;
Maryland: MD; Massachusetts: MA Mass; Michigan: MI Mich; Minnesota: MN Minn; Missouri: MO;
Montana: MT; Nebraska: NE Neb; Nevada: NV Nev; Ohio: OH; Oklahoma: Okla; Oregon: Ore; Pennsylvania: PA; Tennessee: TN
Tenn; Texas: TX; Utah: UT; Vermont: VT; Virginia: VA; Washington: WA; Wisconsin: WI Wis; Wyoming: WY Wyo
"""
_BODIES = """
US: United States of America | United States | U.S.A. | USA | U.S. | America
UK: United Kingdom | U.K. | Great Britain | Britain
UN: United Nations | U.N.
EU: European Union | E.U.
UAE: United Arab Emirates | U.A.E. | Emirati
ISIS: Islamic State | ISIL | Daesh
DPRK: North Korea
ROK: South Korea
PRC: People's Republic of China | China
USSR: Soviet Union | U.S.S.R.
NATO: North Atlantic Treaty Organization | North Atlantic Treaty Organisation
WHO: World Health Organization | World Health Organisation
WTO: World Trade Organization | World Trade Organisation
IMF: International Monetary Fund
ICC: International Criminal Court
ICJ: International Court of Justice
IAEA: International Atomic Energy Agency
ECB: European Central Bank
FBI: Federal Bureau of Investigation
CIA: Central Intelligence Agency
FDA: Food and Drug Administration
CDC: Centers for Disease Control and Prevention | Centers for Disease Control
EPA: Environmental Protection Agency
NHS: National Health Service
NASA: National Aeronautics and Space Administration
FAA: Federal Aviation Administration
Fed: Federal Reserve
DC: D.C. | District of Columbia
LA: L.A. | Los Angeles
NY: N.Y. | New York
Washington: Washington D.C. | Washington DC
GOP: Republican Party | Republican | Grand Old Party
Tory: Conservative Party | Conservative | Tories
Democrat: Democratic Party
Labour: Labour Party
WWI: World War I | World War One | World War 1 | First World War | War I | War One
WWII: World War II | World War Two | World War 2 | Second World War | War II | War Two
"""
_LETTERS = str.maketrans({"ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ß": "ss", "æ": "ae", "ı": "i"})


@lru_cache(maxsize=65_536)
def spelling(word: str) -> str:
    """One spelling for a name's word: no accents, capitals, possessive, plural or adjective ending of a country."""
    plain = unaccented(word).lower().replace("’", "'").replace(".", "")
    plain = re.sub(r"'s?$", "", plain)
    plain = re.sub(r"(?:yy|iy|yi|ii)$", "y", plain) if len(plain) > 4 else plain
    if len(plain) > 3 and plain[-1] == "s" and plain[-2] != "s":
        plain = plain[:-1]
    return _SPELLINGS.get(plain, plain)


def unaccented(word: str) -> str:
    """The word with its accents gone: "Žďár" is "Zdar"."""
    decomposed = unicodedata.normalize("NFKD", word.translate(_LETTERS))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def _entries(table: str) -> Iterator[tuple[str, str]]:
    """Each other word of a table with the word it stands for."""
    for entry in table.replace("\n", " ").split(";"):
        word, _, others = entry.partition(":")
        yield from ((other, word.strip()) for other in others.split())


def _spellings(table: str) -> dict[str, str]:
    return {spelling(other): spelling(word) for other, word in _entries(table)}


_SPELLINGS: dict[str, str] = {}
_SPELLINGS |= _spellings(_COUNTRIES)
COUNTRIES = frozenset(_SPELLINGS.values())
"""Spellings of the countries whose adjectives are known."""
_SPELLINGS |= _spellings(_VARIANTS)
spelling.cache_clear()

_INITIALS = re.compile(r"[A-Z](?:\.[A-Z])+\.?|(?:[A-Z]{2,3})s?")


@lru_cache(maxsize=65_536)
def key(word: str) -> str:
    """What stands for a word wherever names are compared; short initials keep capitals, so that "US" is not "us"."""
    bare = re.sub(r"['’]s?$", "", word)
    if _INITIALS.fullmatch(bare):
        letters = bare.replace(".", "").removesuffix("s")
        return letters if len(letters) <= 3 else spelling(letters)
    return spelling(word)


def _bodies() -> dict[tuple[str, ...], str]:
    table: dict[tuple[str, ...], str] = {(key(short),): key(state) for short, state in _entries(_STATES)}
    for line in _BODIES.strip().splitlines():
        initials, _, phrases = line.partition(": ")
        for phrase in phrases.split(" | "):
            table[tuple(key(word) for word in phrase.split())] = key(initials)
    return table


BODIES = _bodies()
"""Keys of a full name's words, "of" included, to the key of its initials."""
LONGEST = max(map(len, BODIES))
