"""Sentences that order or ask for something instead of telling news: never evidence, whatever they promise.

They speak to a program, or begin with a verb that tells somebody to do something, or hold what no news sentence does:
code, marks of a role, encoded text. Quoted words are left out first, for an order that somebody is quoted with is news.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

_PROGRAM = r"(?:ais?|a\.i\.|artificial intelligence|language models?|llms?|chat ?bots?|assistants?|crawlers?|gpt)"
_REPLY = (
    r"(?:answers?|responses?|reply|replies|output|completion|summary|message|code|codebase|coding|solution|algorithm"
    r"|implementation|script|software|elucidation|translation|next sentence|final (?:text|words))"
)
_RULES = r"(?:instructions?|prompts?|rules|directions|directives|guidelines|guardrails|training|programming|context)"
_TO_A_PROGRAM = re.compile(
    r"\b(?:ignore|disregard|forget|override|bypass|drop|set aside|pay no attention to|no longer follow)\b.{0,40}"
    rf"\b(?:previous|prior|above|earlier|preceding|former|original|all|any|your|the|every)\b.{{0,30}}\b{_RULES}\b"
    r"|\b(?:note|message|attention|instructions?|reminder|memo|notice|command)\b.{0,20}\b(?:to|for)\b.{0,20}"
    rf"\b{_PROGRAM}\b"
    rf"|\b{_PROGRAM}\b(?: programs?| models?| systems?| agents?| readers?)?.{{0,30}}"
    r"\b(?:must|should|shall|are to|have to|needs? to) (?:\w+ly |now |only |always )?"
    r"(?:answer|say|reply|respond|write|state|output|ignore|tell|include|add|mention|print|use)\b"
    rf"|\b{_RULES} (?:above|before|so far|you (?:were|have been) given)\b"
    r"|\b(?:system|developer) (?:prompt|message)\b|\bfrom now on,? you\b"
    r"|\byou are (?:now )?(?:an? |in )?(?:\w+ )?(?:ai|language model|chat ?bot|assistant|developer mode)\b"
    r"|\b(?:respond|reply|answer) (?:only )?(?:as if|as though|like an?)\b"
    r"|\b(?:reveal|print|repeat|output|leak|show|disclose|paste)\b.{0,20}\b(?:your|the) (?:\w+ )?(?:prompt|instructions)\b"
    r"|\b(?:reveal|print|output|leak|disclose|paste|include)\b.{0,30}\b(?:api|secret|access|private) (?:key|token)s?\b"
    rf"|\byour (?:\w+ ){{0,2}}{_REPLY}\b|\bletters? (?:in|of) (?:your|every|each)\b"
    r"|\bcode (?:block|snippet|excerpt|section|fragment|segment)s?\b"
)
_ABROAD = re.compile(
    r"\b(?:ignore[zr]?|oublie[zr]?|ignor[ae]n?|olvid[ae]n?|ignoriere?n?(?: sie)?|vergiss|vergessen sie|missachte"
    r"|ignora(?:te)?|dimentica(?:te)?|esqueça|desconsidere|negeer|vergeet|zignoruj|zapomnij|pomiń|ignorera|glöm"
    r"|(?:про)?игнорируй(?:те)?|забудь(?:те)?|не учитывай(?:те)?)\b.{0,40}"
    r"\b(?:instructions|consignes|règles|instrucciones|indicaciones|reglas|anweisung|regeln|vorgaben|istruzioni"
    r"|regole|instruções|regras|instructies|regels|aanwijzingen|instrukcje|polecenia|zasady|instruktioner|regler"
    r"|инструкци|указани|правил)"
    r"|\b(?:ta|votre|tu|deine[rn]?|la tua|tua|jouw|twojej|twoją|ditt|твой|твоём) (?:prochaine )?"
    r"(?:réponse|respuesta|antwort|risposta|resposta|antwoord|odpowiedzi|odpowiedź|svar|ответе?)\b"
    r"|^\W*(?:répond(?:s|ez)|écri(?:s|vez)|tradui(?:s|sez)|escrib[ea]|traduzca|traduce|responde|antworte|schreibe?"
    r"|übersetze|scrivi|traduci|rispondi|escreva|traduza|schrijf|vertaal|napisz|przetłumacz|напиши(?:те)?|переведи(?:те)?"
    r"|ответь(?:те)?)\b|talimatları.{0,25}(?:yok say|unut|görmezden gel)|yanıtın(?:a|ı|da)\b"
    r"|(?:忽略|无视|忘记|不要理会).{0,12}(?:指令|指示|说明|提示|规则)|你的(?:回答|回复|答案)"
    r"|(?:指示|命令|指令|プロンプト).{0,6}(?:無視|忘れ)|(?:回答|返答)[にで]は?.{0,20}(?:してください|書け|加え)"
    r"|(?:지시|명령|지침).{0,12}(?:무시|잊)|(?:답변|응답)에.{0,20}(?:하세요|하라|시오)"
    r"|تجاهل.{0,25}(?:التعليمات|الأوامر|القواعد)|إجابتك|निर्देश\S*.{0,20}(?:अनदेखा|नज़रअंदाज़|भूल)"
)
"""The commonest orders to a program in other languages."""
_CODE = re.compile(
    r"```|~~~|\[/?(?:inst|sys|system)\]|<\|?/?(?:im_|system|user|assistant|inst|instructions?|prompt|s>|script|img|a )"
    r"|^\W{0,4}(?:system|assistant|user|human|developer|instructions?|prompt)\W{0,3}:"
    r"|#{2,} ?(?:system|instruction|user|assistant|response|input)|\]\(\S+\)|\b(?:javascript|data):\S"
    r"|^\W*(?:import [\w.]+(?: as \w+)?(?:, ?[\w.]+)*|from [\w.]+ import .+)$|\b[a-z_]\w*\.[a-z_]\w*\("
    r"|^\W*\w+\(.*\)\W*$|[\w\])'\"] ?(?:=|\+=|:=|==|=>) ?[\w\"'\[({]|^\W*(?:async )?(?:def|with|for|if|while) .*[\w)]:$"
    r"|\b(?:curl|wget|sudo|chmod) [-+/\w]|^\W*(?:select|insert|drop|delete)\b.* (?:from|into|table) \w+;",
    re.MULTILINE,
)
"""Code, marks of a role, and markup."""
_FENCED = re.compile(r"```.{0,20000}?(?:```|\Z)|~~~.{0,20000}?(?:~~~|\Z)", re.DOTALL)
_LINE = re.compile(r"[^\n]+")
_SIGNS = "{}[]=;<>\\|#+&`"
_FEW_SIGNS, _SIGN_SHARE = 3, 12
"""Signs of a program in a line at least, and for how many of its letters one."""
_SHORT_LINE, _FEW_LINES = 60, 6
"""Characters of what stands between two lines of a program, and how many such lines."""
_LONGEST_LINE = 200
"""Characters of a line of a program; a paragraph of news is longer."""
_ENCODED = re.compile(r"(?<![\w/+-])(?=\S*[a-z])(?=\S*[A-Z])(?=\S*\d)[A-Za-z0-9+/_]{28,}={0,2}(?![\w/])")
_ADDRESS = re.compile(r"\b(?:https?://|www\.)\S+", re.IGNORECASE)
_POLITELY = (
    r"(?:(?:please|kindly|now|also|then|first|next|finally|instead|lastly|additionally|always|never|just|simply|do not"
    r"|don['’]t|important|urgent|hint|task|todo|p\.?s\.?|reminder|remember(?: to)?|note|and|but|so|dear \w+|hey|hi|hello|ok(?:ay)?"
    r"|be sure to|make sure to|feel free to|seamlessly|you (?:must|should|shall|will|may|can|need to|have to))[,:!.]* +)*"
    r"(?:(?:in|for|at|before|after|when|while|once|if|to|as|with)\b[^,.;:!?]{2,60}, (?:please |you (?:must|should|will) )?)?"
)
_DO = (
    r"(?:write|translate|explain|describe|compose|summari[sz]e|rewrite|rephrase|paraphrase|recite|ignore|disregard|forget"
    r"|pretend|provide|generate|insert|append|incorporate|integrate|modify|convert|substitute|rearrange|scramble|jumble"
    r"|misspell|anagram|render|encode|decode|calculate|compute|solve|enhance|augment|utili[sz]e|repeat|respond|reply|create"
    r"|develop|omit|embed|execute|adopt|employ|deploy|enlist|meld|conclude|prepend|transcribe|capitali[sz]e|abbreviate"
    r"|shorten|reverse|spell|tell|give|show|suggest|recommend|mention|encourage|emphasi[sz]e|introduce|inform|remind|invite"
    r"|urge|advise|persuade|convince|promote|download|install|subscribe|click|sign up|log in|enter your|contact|unplug"
    r"|discuss|compare|outline|list|identify|analy[sz]e|evaluate|stop(?=\W*$)|(?:read|see|learn|find out) more|brainstorm|elaborate|define|help me|make up an?|(?:answer|hint) (?:only |just )?(?:in|at|as|with)|ensure|leverage"
    r"|inject|absorb|engage|harmoni[sz]e|interweave|keep in mind|consider \w+ing|hesitate to)"
)
"""Verbs with which no news sentence begins."""
_DO_IT = (
    r"(?:add|act|answer|apply|ask|begin|blend|break down|build|call|change|combine|complete|consider|craft|delete|design"
    r"|draft|draw|embrace|end|enrich|fill|find|finish|follow|format|fuse|group|hide|highlight|hint|imagine|include|infuse"
    r"|join|jot|keep|label|leave|link|make|mask|merge|mix|name|offer|open|output|paste|phrase|pick|place|plan|point|post"
    r"|praise|rate|prepare|present|print|propose|put|quote|read|record|remove|replace|report|return|reveal|run|say|search|send"
    r"|set|share|sing|sort|speak|start|state|swap|switch|take|tease|think of|try|turn|type|use|visit|vote|warn|weave)"
)
"""Verbs that are nouns too: only with what they are to do it to."""
_TO_IT = (
    r"(?:an?|the|your|my|our|their|his|any|all|every|each|some|this|that|these|those|it|its|me|them|two|three|four|five"
    r"|ten|no|nothing|only|everything|as|like|for|into|with|\w+ (?:in|with|by) your|spaces|vowels|letters|numbers|[\"'])"
)
_IMPERATIVE = re.compile(
    rf"[^\w\"]*_*{_POLITELY}(?:{_DO}(?![-’'\w]|\s*[:,]? ?(?:is|are|was|were|has|had|will|of)\b)|{_DO_IT} {_TO_IT}(?!\w)"
    r"|(?:please|kindly)\b|let['’]s\b)"
)
_CLAUSE = re.compile(r"[.!?][)\]]?\s*|\n|: ")
_REQUEST = re.compile(
    r"\b(?:can|could|would|will) you (?:please )?(?:\w+ly )?(?:show|tell|give|explain|write|help|provide|describe|make|list"
    r"|translate|create|summari[sz]e|share|find|generate|suggest|recommend)\b"
    r"|^\W*how (?:do|can|could|should|would) (?:i|you)\b|\b(?:can|could|may) i (?:get|have|ask)\b"
    r"|\bi (?:want|need|would like|order|command|expect|ask|urge) you to\b|\bi['’]d like you to\b"
    r"|\byou (?:must|shall) (?:now |only )?(?:answer|reply|respond|say|write|output|include)\b"
)
_QUOTED = re.compile(r"“[^“”]*”|\"[^\"]*\"|„[^„“”]*[“”]|«[^«»]*»")
_SPACED_OUT = re.compile(r"(?<!\w)(?:\w ){4,}\w(?!\w)")


@lru_cache(maxsize=512)
def code(text: str) -> tuple[tuple[int, int], ...]:
    """Where a text has code: between fences, and what stands in lines like those of a program."""
    fenced = [found.span() for found in _FENCED.finditer(text)]
    return (*fenced, *(line for line in _lines(text) if not any(start <= line[0] < end for start, end in fenced)))


def _lines(text: str) -> Iterator[tuple[int, int]]:
    """The lines of a program, and the few short ones between two of them."""
    between: list[tuple[int, int]] | None = None
    for line in _LINE.finditer(text):
        if _is_code(line[0]):
            yield from between or ()
            yield line.span()
            between = []
        elif between is not None:
            short = len(line[0]) <= _SHORT_LINE and len(between) < _FEW_LINES
            between = [*between, line.span()] if short else None


def _is_code(line: str) -> bool:
    """Whether a line is made of signs rather than of words, as no line of news is."""
    signs = sum(letter in _SIGNS for letter in line)
    short = len(line) <= _LONGEST_LINE
    return short and (_CODE.search(line) is not None or signs >= max(_FEW_SIGNS, len(line) / _SIGN_SHARE))


@lru_cache(maxsize=65_536)
def gives_orders(sentence: str) -> bool:
    """Whether a sentence orders or asks for something. Such words inside quotation marks are a report of them."""
    if orders_a_program(sentence):
        return True
    spoken = unquoted(_plain(sentence).lower())
    return _REQUEST.search(spoken) is not None or is_imperative(spoken)


@lru_cache(maxsize=65_536)
def orders_a_program(sentence: str) -> bool:
    """Whether a sentence speaks to a program, or holds code, marks of a role or encoded text."""
    plain = _plain(sentence)
    small = plain.lower()
    spoken = unquoted(small)
    # Where there is nothing but a quotation, nobody is said to have said it.
    heard = spoken if any(letter.isalpha() for letter in spoken) else small
    told = any(words.search(heard) for words in (_TO_A_PROGRAM, _ABROAD, _CODE))
    return told or _ENCODED.search(plain) is not None


def is_imperative(sentence: str) -> bool:
    """Whether a sentence, or one behind a full stop or colon in it, begins with a verb that tells to do something."""
    return any(_IMPERATIVE.match(clause) for clause in _CLAUSE.split(sentence.lower()))


def unquoted(text: str) -> str:
    """The text with nothing left in its quotation marks."""
    return _QUOTED.sub('""', text)


def _plain(text: str) -> str:
    return _ADDRESS.sub("", _seeable(text))


def _seeable(text: str) -> str:
    """The text as a reader sees it: wide letters as plain ones, invisible ones gone, l e t t e r s drawn together."""
    if not text.isascii():
        wide = unicodedata.normalize("NFKC", text)
        text = "".join(one for one in wide if one.isascii() or unicodedata.category(one) != "Cf")
    return _SPACED_OUT.sub(lambda spaced: spaced[0].replace(" ", ""), text)
