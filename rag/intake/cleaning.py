"""Article text made clean, once: characters normalised, and what a web page left around the article removed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_BREAK = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# Controls, soft hyphen, zero-width characters and bidi embeddings carry no words. ZWNJ and ZWJ (U+200C, U+200D)
# stay, since Persian, Indic scripts and emoji need them, and so do the plain direction marks (U+200E, U+200F).
# Tag characters can smuggle unseen orders; only the flags of England, Scotland and Wales are spelt with them.
_UNSEEN = re.compile(
    "(\U0001f3f4[\U000e0061-\U000e007a]{5}\U000e007f)"
    "|[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u200b\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff"
    "\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_SURROGATE = re.compile("[\ud800-\udfff]")
_WIDE = "\t\xa0\u1680\u2000-\u200a\u202f\u205f\u3000"
_SPACES = re.compile(f"(?: ?[{_WIDE}]|  )[ {_WIDE}]*")  # never a lone plain space: there are too many
_PADDED_BREAK = re.compile(" ?\n ?")
_BLANK_LINES = re.compile("\n{3,}")


def normalise(text: str) -> str:
    """The same words in NFC with plain spaces and line ends, and nothing unseen; a second call changes nothing."""
    text = _BREAK.sub("\n", text)
    text = _UNSEEN.sub(r"\1", text)
    text = _SURROGATE.sub("\ufffd", text)
    text = _SPACES.sub(" ", text)
    text = unicodedata.normalize("NFC", text)
    text = _PADDED_BREAK.sub("\n", text)
    return _BLANK_LINES.sub("\n\n", text).strip()


def clean(text: str) -> str:
    """Normalised text without the leftovers of a web page."""
    kept = (line for line, leftover in marked_lines(normalise(text)) if not leftover)
    return normalise("\n".join(kept))


def marked_lines(text: str) -> Iterator[tuple[str, bool]]:
    """Each line of normalised text, and whether it is a leftover of the page around the article."""
    lines = text.split("\n")
    keys = [_key(line) if len(line) <= _LONGEST else _PROSE for line in lines]
    bars = _share_bars(keys)
    in_form = False
    for number, (line, key) in enumerate(zip(lines, keys, strict=True)):
        if not key:
            yield line, False
            continue
        in_form = bool(_FORM.fullmatch(key)) or (in_form and bool(_FIELD.fullmatch(key)))
        yield line, in_form or number in bars or is_leftover(key)


def is_leftover(line: str) -> bool:
    """Whether a whole line is page furniture; a sentence that only mentions such words is not."""
    key = _key(line)
    if not key or len(key) > _LONGEST:
        return False
    if _FURNITURE.fullmatch(key) or _FORM.fullmatch(key):
        return True
    return bool(_APPEAL.fullmatch(key)) and not _REPORTED.search(key)


_LONGEST = 400
_PROSE = "prose"  # stands for a line too long to be a leftover


def _key(line: str) -> str:
    """A line as the patterns read it: straight apostrophes, without bullets, brackets and arrows around it."""
    return line.replace("’", "'").strip(" -–—•·*►▶▸›»>|[]#_=~").strip()


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


_NETWORK = (
    r"(?:facebook|twitter|x|linkedin|whats ?app|telegram|reddit|pinterest|tumblr|instagram|youtube|tiktok|threads|"
    r"mastodon|bluesky|messenger|flipboard|pocket|line|viber|vk|snapchat|weibo|wechat|digg|stumbleupon|google ?\+|"
    r"google plus|rss)"
)
_DOING = r"(?:share|tweet|pin it|pin|e-?mail|print|copy (?:the )?link|copy url|save|more|sms|link)"
_PAGE = r"(?:article|story|page|post|news|content|link|report)"

# Complete lines of page furniture, anchored at both ends.
_FURNITURE = _any(
    r"advertisements?(?: ?[-–—:|].{0,40})?",
    r"(?:the )?(?:story|article|post|content) continues (?:below|after)\b.{0,40}|(?:story|article) continues[.…]*",
    r"(?:scroll|swipe) (?:down )?(?:to continue|for more).{0,30}",
    r"sponsored(?: content| links?)?|promoted content|paid content",
    rf"(?:click to )?(?:share|tweet|e-?mail|print|save|bookmark|gift|listen to|send)(?: (?:this|the|full))*"
    rf"(?: {_PAGE})?(?: (?:(?:on|via|to|in|by|with) (?:{_NETWORK}|e-?mail|a friend)))?"
    r"(?: ?\(opens in (?:a )?new (?:window|tab)\))?:?",
    r"share(?: this| it)?(?: (?:with|on) .{0,30}?(?:friends|social media|networks))?[:!.]?",
    r"share ?[|·]? ?save|copy (?:the )?link(?: to clipboard)?|link copied!?|copied!?",
    r"(?:read|see|watch|find out|learn|know|discover) (?:more|also|next)(?: here)?[:.…»›>]*",
    r"(?:read|see|watch|learn|also|more|must) ?(?:more|also|next|read|on this)\b ?[:|›»>].{0,180}",
    r"(?:related|recommended|more|similar) (?:articles?|stor(?:y|ies)|posts?|news|coverage|content|reading|topics|"
    r"links?|videos?)(?: ?[:|›»>].{0,160})?",
    r"(?:popular|trending|latest|top|other) (?:articles|stories|posts|news|videos)",
    r"related ?(?::|›+|»+|>+).{0,180}|related",
    r"(?:most|recommended|trending|popular)(?: (?:read|popular|viewed|shared|commented|for you|now|this week))",
    r"you (?:may|might) (?:also )?(?:like|be interested in|have missed|want to read).{0,20}",
    r"more (?:from|by) (?:this|the) (?:author|section|reporter|category)|more (?:on|about) this (?:story|topic):?",
    r"(?:continue|keep) reading(?: (?:below|the main story|here|this (?:article|story)))?[.:…»›→>]*",
    r"(?:read|view|see) (?:the )?(?:full|whole|original) (?:story|article|post|report)(?: here)?(?: ?:.{0,160})?"
    r"[.…»›→]*",
    r"up next|read next|watch next|next (?:article|post|story)|prev(?:ious)? (?:article|post|story)|post navigation",
    r"(?:back|go|return) to (?:the )?top|skip to (?:main |the )?(?:content|navigation)|toggle (?:navigation|menu)",
    r"(?:load|show|view|see) (?:more|all|fewer|less)|show (?:caption|transcript)|hide caption|loading\.*",
    r"(?:view|show|hide|see|read|load|post|write)(?: all| the| a)? ?(?:\d+ )?comments?(?: ?\(\d*\))?",
    r"\d+ (?:thoughts?|responses?) (?:on|to) [\"“].{0,150}",
    r"comments?(?: ?(?:\(\d*\)|:|\d+))?|\d[\d,]* comments?|no comments(?: yet)?|comments (?:are|have been) closed\.?",
    r"be the first to (?:leave a )?(?:comment|review|reply).{0,20}",
    r"(?:log|sign) ?(?:in|out|up)(?: or (?:register|sign ?up))?(?: to (?:comment|reply|continue|read more))?[.!]?",
    r"(?:accept|reject|allow|decline|manage|agree to)(?: all| our| your)?(?: (?:cookies?|cookie settings|preferences|"
    r"consent))?(?: (?:and|&) (?:close|continue))?",
    r"cookies? (?:policy|settings|preferences|notice|consent|banner)|manage (?:my )?(?:cookies|preferences)",
    r"(?:privacy|cookies?) (?:policy|notice|statement)(?: ?[|·•,&]? ?(?:and )?(?:terms|cookies).{0,40})?",
    r"terms (?:of|and|&) (?:use|service|conditions)(?: ?[|·•] ?.{0,60})?",
    r"(?:do not|don't) sell my (?:personal )?info.*",
    r"(?:subscribe|register|sign up)(?: now| today| here| free| for free)?[.!]?",
    r"(?:\(c\) |© ?(?:.{0,30} )?)(?:19|20)\d\d\b.{0,200}|(?:© |\(c\) ?)?copyright (?:©|\(c\)|(?:19|20)\d\d).{0,250}",
    r"all rights reserved.{0,100}",
    rf"follow(?: us)? (?:on|via) {_NETWORK}.{{0,80}}|(?:find|like|join) us on {_NETWORK}.{{0,80}}|follow us:?",
    r"(?:filed under|posted in|tagged(?: with)?|tags) ?:.{0,200}",
    r"video ad feedback\b.{0,300}|\d\. how relevant is this ad to you\?",
    r"video player was slow to load content\b.{0,250}",
    r"did you encounter any technical issues\?|ad feedback",
    r"follow every game: latest \w+ scores and schedules",
    r"(?:please )?enable (?:javascript|cookies).{0,100}|javascript is (?:disabled|required).{0,100}|"
    r"your browser (?:does not|doesn't|is not|isn't) .{0,120}",
)

# Lines that talk to the reader of the page. They look like sentences, so one that reports what somebody said stays.
_LETTER = r"(?:newsletters?|your inbox|our mailing list)"
_JOIN = r"(?:sign(?:ing)? up|subscrib(?:e|ing))"
_CONSENT = (
    r"(?:web ?sites?|this site|our sites?|user experience|your experience|browser|browsing|traffic|consent|accept|"
    r"privacy|personali[sz]\w+|advertis\w+|cookie policy|cookie settings|technolog\w+|preferences|analytics)"
)
_APPEAL = _any(
    rf"(?:please )?(?:sign up|subscribe|register)\b.{{0,90}}\b{_LETTER}\b.{{0,160}}",
    rf"get\b.{{0,80}}\b{_LETTER}\b.{{0,260}}",
    rf"[^.:]{{2,70}}[:?!.]:? ?(?:{_JOIN}|follow)\b.{{0,100}}\b{_LETTER}\b.{{0,100}}",
    r"[^.:]{2,70}[:?!.]:? ?(?:get|delivered|sent)\b.{0,100}\b(?:(?:in|to) your inbox|our newsletters?)\b.{0,60}",
    r"[^.:]{2,70}: ?get the .{0,30}newsletter\b.{0,80}",
    rf"[\w ]{{0,20}}newsletters?!?: ?(?:{_JOIN}|get|all|all of|the best)\b.{{0,140}}",
    rf"(?:want|would you like|looking for|enjoying|like)\b.{{0,100}}\b{_LETTER}\b.{{0,160}}\?.{{0,100}}",
    r"\(?(?:you can )?get .{0,60} delivered to your inbox\b.{0,80}",
    rf"(?:for|to get|to receive)\b[^.]{{0,80}}, ?(?:please )?{_JOIN}\b.{{0,60}}\b{_LETTER}\b.{{0,60}}",
    r"(?:editor's note: )?a version of this (?:story|article|column) .{0,200}\b(?:sign up|subscribe)\b.{0,160}",
    rf"editor's note: (?:sign up|subscribe)\b.{{0,90}}\b{_LETTER}\b.{{0,260}}",
    r"subscribe to \S+(?: \S+)? (?:today|now)\b.{0,60}",
    r"(?:please )?support (?:local|quality|independent|our|this) (?:community )?journalism\b.{0,160}",
    r"thank you for supporting our journalism\b.{0,200}",
    r".{0,100}\. subscribe(?: to the newsletter)?(?: or text messages)? here[.!]?.{0,30}",
    r"(?:by|if you) (?:continu\w+|using|use|brows\w+|click\w+|clos\w+)\b.{0,80}\b(?:web ?site|site|page|banner|"
    r"accept)\b.{0,80}\byou(?:'re| are)? (?:agree|accept|consent)\w*.{0,160}",
    rf"(?:we|this (?:web ?)?site|our (?:web ?)?site|\S+\.(?:com|org|net|co\.uk)) (?:and our partners )?uses? "
    rf"(?:[\w ]{{0,20}})?cookies\b(?:[ ,.;].*\b{_CONSENT}\b.*|\.?)",
    rf"cookies (?:help|enable|allow) us\b.*\b{_CONSENT}\b.*",
    r"click (?:or tap )?here (?:to|for)\b.{0,160}|\(?click here(?: to view)?\.?\)?",
    rf"follow (?:\S+ ){{1,8}}on {_NETWORK}(?: and {_NETWORK})?(?: at)?:?(?: @\w+)?\.?(?: for .{{0,80}})?",
    r"read more (?:about|on|from|news)\b.{0,110}",
    r"we will use the (?:details|information) you have shared\b.{0,330}",
    r"if you wish to object to the use of your data\b.{0,100}",
    r"'we' includes .{0,60} brands as detailed here\.?",
    r".{0,80}all rights reserved\.?",
    r"(?:have a|got a|send us a|do you have a) (?:news )?tip\?.{0,120}",
    r"download our (?:\S+ ){0,3}app\b.{0,80}",
)
_REPORTED = re.compile(
    r"[\"“”„«]|\b(?:said|says|told|tells|wrote|writes|according to|announced|added|found|warned|"
    r"argued|reported|showed)\b",
    re.IGNORECASE,
)

# What opens a comment form, and the fields that are leftovers only inside one.
_FORM = _any(
    r"(?:leave|post|write|submit) (?:a|your) (?:reply|comment|response)\b(?: to .{1,60})?"
    r"(?: ?cancel(?: reply)?)?[:.]?",
    r"leave (?:us )?a (?:reply|comment) ?(?:below)?.?",
    r"cancel reply|post comment|submit comment|add (?:a|your) comment",
    r"(?:your|the) e-?mail(?: address)? will not be (?:published|shared)\b.{0,80}",
    r"required fields are marked.{0,5}",
    r"save my (?:name|details|information)\b.{0,120}",
    r"notify me (?:of|by|via|when)\b.{0,90}",
    r"(?:you must be|please) log(?:ged)? in to (?:post|leave) a comment.?",
    r"this site (?:uses akismet|is protected by recaptcha)\b.{0,160}|learn how your comment data is processed.?",
)
_FIELD = re.compile(
    r"(?:(?:your |full |first |last )?(?:name|e-?mail(?: address)?|web ?site|url|comments?|message|phone|"
    r"captcha|reply)(?: ?\*| ?\((?:required|optional)\)| \(will not be published\))?:? ?\*?|submit|send|"
    r"δ?(?:document\.getelementbyid\(.*)?)",
    re.IGNORECASE,
)
_BAR = re.compile(rf"(?:{_NETWORK}|{_DOING})(?:[ |·•]+(?:{_NETWORK}|{_DOING}))+", re.IGNORECASE)
_NAMED = re.compile(rf"\b{_NETWORK}\b", re.IGNORECASE)
_BUTTON = re.compile(rf"{_NETWORK}|{_DOING}", re.IGNORECASE)
_ACTION = re.compile(_DOING, re.IGNORECASE)


def _share_bars(keys: list[str]) -> set[int]:
    """Numbers of lines that are bars of share buttons, in one line or as a run of single names."""
    found = {number for number, key in enumerate(keys) if _BAR.fullmatch(key) and _NAMED.search(key)}
    run: list[int] = []
    for number, key in enumerate([*keys, "end"]):
        if key and _BUTTON.fullmatch(key):
            run.append(number)
        elif key:
            # A list of networks alone may be news ("the order names: Facebook, X, TikTok"): a bar also has a deed.
            if len(run) >= 3 and any(_ACTION.fullmatch(keys[at]) for at in run):
                found.update(run)
            run = []
    return found
