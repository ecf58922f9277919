"""What a line is that belongs to the page around an article and not to its text: patterns, each with its reason."""

from __future__ import annotations

import re

LONGEST = 400
"""No longer line is a leftover."""


def key(line: str) -> str:
    """A line as the patterns read it: straight apostrophes, without bullets, brackets and arrows around it."""
    return line.replace("’", "'").strip(" -–—•·*►▶▸›»>|[]#_=~").strip()


def reason(key: str) -> str | None:
    """What a whole line is taken for; None for a sentence that only mentions such words."""
    if not key or len(key) > LONGEST:
        return None
    if match := _FURNITURE.fullmatch(key):
        return _FURNITURE_REASONS[match.lastgroup or ""]
    if FORM.fullmatch(key):
        return "comment form"
    lowered = key.lower()
    if " - source: " in lowered and _VIDEO.fullmatch(key):
        return "related links"
    if not any(hint in lowered for hint in _APPEAL_HINTS):
        return None
    match = _APPEAL.fullmatch(key)
    return _APPEAL_REASONS[match.lastgroup or ""] if match and not _REPORTED.search(key) else None


def is_report(key: str) -> bool:
    """Whether the line says what somebody said, so that its words are not the page's own."""
    return bool(_REPORT.search(key))


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


def _named(patterns: dict[str, tuple[str, ...]]) -> tuple[re.Pattern[str], dict[str, str]]:
    """One pattern of all, and the reason by the name of the group that matched."""
    groups = {f"r{number}": why for number, why in enumerate(patterns)}
    return _any(*(f"(?P<{name}>{'|'.join(patterns[why])})" for name, why in groups.items())), groups


NETWORK = (
    r"(?:facebook|twitter|x|linkedin|whats ?app|telegram|reddit|pinterest|tumblr|instagram|youtube|tiktok|threads|"
    r"mastodon|bluesky|messenger|flipboard|pocket|line|viber|vk|snapchat|weibo|wechat|digg|stumbleupon|google ?\+|"
    r"google plus|rss)"
)
_DOING = r"(?:share|tweet|pin it|pin|e-?mail|print|copy (?:the )?link|copy url|save|more|sms|link)"
_PAGE = r"(?:article|story|page|post|news|content|link|report)"

# Complete lines of page furniture, anchored at both ends.
_FURNITURE, _FURNITURE_REASONS = _named(
    {
        "advertisement": (
            r"advertisements?(?: ?[-–—:|].{0,40})?",
            r"(?:the )?(?:story|article|post|content) continues (?:below|after)\b.{0,40}|(?:story|"
            r"article) continues[.…]*",
            r"sponsored(?: content| links?)?|promoted content|paid content",
            r"video ad feedback\b.{0,300}|\d\. how relevant is this ad to you\?",
            r"did you encounter any technical issues\?|ad feedback",
        ),
        "share buttons": (
            rf"(?:click to )?(?:share|tweet|e-?mail|print|save|bookmark|gift|listen to|send)(?: (?:this|the|full))*"
            rf"(?: {_PAGE})?(?: (?:(?:on|via|to|in|by|with) (?:{NETWORK}|e-?mail|a friend)))?"
            r"(?: ?\(opens in (?:a )?new (?:window|tab)\))?:?",
            r"share(?: this| it)?(?: (?:with|on) .{0,30}?(?:friends|social media|networks))?[:!.]?",
            r"share ?[|·]? ?save|copy (?:the )?link(?: to clipboard)?|link copied!?|copied!?",
            rf"follow(?: us)? (?:on|via) {NETWORK}.{{0,80}}|(?:find|like|join) us on {NETWORK}.{{0,80}}|follow us:?",
        ),
        "related links": (
            r"(?:read|see|watch|find out|learn|know|discover) (?:more|also|next)(?: here)?[:.…»›>]*",
            r"(?:read|see|watch|learn|also|more|must) ?(?:more|also|next|read|on this)\b ?[:|›»>].{0,180}",
            r"(?:related|recommended|more|similar) (?:articles?|stor(?:y|ies)|posts?|news|coverage|content|"
            r"reading|topics|"
            r"links?|videos?)(?: ?[:|›»>].{0,160})?",
            r"(?:popular|trending|latest|top|other) (?:articles|stories|posts|news|videos)",
            r"related ?(?::|›+|»+|>+).{0,180}|related",
            r"(?:most|recommended|trending|popular)(?: (?:read|popular|viewed|shared|commented|for you|now|"
            r"this week))",
            r"you (?:may|might) (?:also )?(?:like|be interested in|have missed|want to read).{0,20}",
            r"more (?:from|by) (?:this|the) (?:author|section|reporter|category)|more (?:on|"
            r"about) this (?:story|topic):?",
            r"(?:more|previous coverage|previously on) ?: ?\S.{10,200}|more ap [\w ]{2,40}: ?\S+(?: and \S+)?",
            r"more on \S+\.[a-z]{2,4}:|https?://\S+|just watched .{5,300} \d\d:\d\d(?: .{0,250})?",
            r"up next|read next|watch next|next (?:article|post|story)|prev(?:ious)? (?:article|post|story)|"
            r"post navigation",
            r"follow every game: latest \w+ scores and schedules",
            r"read more (?:opinions?|news|stories) (?:on|at|from) [\w .]{2,30}",
            r"(?:hear|see|watch|learn|find out) more (?:about|on|from) [^.!?]{3,110}",
            r"(?:opinion|analysis|photos|video|watch|gallery|podcast|perspective): [^.]{15,160}",
            r"(?:filed under|posted in|tagged(?: with)?|tags) ?:.{0,200}",
        ),
        "navigation": (
            r"(?:scroll|swipe) (?:down )?(?:to continue|for more).{0,30}",
            r"(?:continue|keep) reading(?: (?:below|the main story|here|this (?:article|story)))?[.:…»›→>]*",
            r"(?:read|view|see) (?:the )?(?:full|whole|original) (?:story|article|post|"
            r"report)(?: here)?(?: ?:.{0,160})?"
            r"[.…»›→]*",
            r"(?:back|go|return) to (?:the )?top|skip to (?:main |the )?(?:content|navigation)|"
            r"toggle (?:navigation|menu)",
            r"(?:load|show|view|see) (?:more|all|fewer|less)|show (?:caption|transcript)|hide caption|loading\.*",
            r"(?:log|sign) ?(?:in|out|up)(?: or (?:register|sign ?up))?(?: to (?:comment|reply|continue|"
            r"read more))?[.!]?",
            r"video player was slow to load content\b.{0,250}",
            r"(?:please )?enable (?:javascript|cookies).{0,100}|javascript is (?:disabled|required).{0,100}|"
            r"your browser (?:does not|doesn't|is not|isn't) .{0,120}",
        ),
        "comment form": (
            r"(?:view|show|hide|see|read|load|post|write)(?: all| the| a)? ?(?:\d+ )?comments?(?: ?\(\d*\))?",
            r"\d+ (?:thoughts?|responses?) (?:on|to) [\"“].{0,150}",
            r"comments?(?: ?(?:\(\d*\)|:|\d+))?|\d[\d,]* comments?|no comments(?: yet)?|"
            r"comments (?:are|have been) closed\.?",
            r"be the first to (?:leave a )?(?:comment|review|reply).{0,20}",
        ),
        "cookie notice": (
            r"(?:accept|reject|allow|decline|manage|agree to)(?: all| our| your)?(?: (?:cookies?|cookie settings|"
            r"preferences|consent))?(?: (?:and|&) (?:close|continue))?",
            r"cookies? (?:policy|settings|preferences|notice|consent|banner)|manage (?:my )?(?:cookies|preferences)",
            r"(?:privacy|cookies?) (?:policy|notice|statement)(?: ?[|·•,&]? ?(?:and )?(?:terms|cookies).{0,40})?",
            r"(?:do not|don't) sell my (?:personal )?info.*",
        ),
        "newsletter": (r"(?:subscribe|register|sign up)(?: now| today| here| free| for free)?[.!]?",),
        "copyright": (
            r"terms (?:of|and|&) (?:use|service|conditions)(?: ?[|·•] ?.{0,60})?",
            r"(?:\(c\) |© ?(?:.{0,30} )?)(?:19|20)\d\d\b.{0,200}|(?:© |\(c\) ?)?copyright (?:©|\(c\)|(?:19|"
            r"20)\d\d).{0,250}",
            r"all rights reserved.{0,100}",
        ),
    }
)

# Lines that talk to the reader of the page. They look like sentences, so one that reports what somebody said stays.
_LETTER = r"(?:newsletters?|your inbox|our mailing list)"
_JOIN = r"(?:sign(?:ing)? up|subscrib(?:e|ing))"
_CONSENT = (
    r"(?:web ?sites?|this site|our sites?|user experience|your experience|browser|browsing|traffic|consent|accept|"
    r"privacy|personali[sz]\w+|advertis\w+|cookie policy|cookie settings|technolog\w+|preferences|analytics)"
)
_APPEAL, _APPEAL_REASONS = _named(
    {
        "newsletter": (
            rf"(?:please )?(?:sign up|subscribe|register)\b.{{0,90}}\b{_LETTER}\b.{{0,160}}",
            rf"get\b.{{0,80}}\b{_LETTER}\b.{{0,260}}",
            rf"[^.:]{{2,70}}[:?!.]:? ?(?:{_JOIN}|follow)\b.{{0,100}}\b{_LETTER}\b.{{0,100}}",
            r"[^.:]{2,70}[:?!.]:? ?(?:get|delivered|sent)\b.{0,100}\b(?:(?:in|to) your inbox|"
            r"our newsletters?)\b.{0,60}",
            r"[^.:]{2,70}: ?get the .{0,30}newsletter\b.{0,80}",
            rf"[\w ]{{0,20}}newsletters?!?: ?(?:{_JOIN}|get|all|all of|the best)\b.{{0,140}}",
            rf"(?:want|would you like|looking for|enjoying|like)\b.{{0,100}}\b{_LETTER}\b.{{0,160}}\?.{{0,100}}",
            r"\(?(?:you can )?get .{0,60} delivered to your inbox\b.{0,80}",
            rf"(?:for|to get|to receive)\b[^.]{{0,80}}, ?(?:please )?{_JOIN}\b.{{0,60}}\b{_LETTER}\b.{{0,60}}",
            r"(?:editor's note: )?a version of this (?:story|article|column) .{0,200}\b(?:sign up|"
            r"subscribe)\b.{0,160}",
            r"(?:editor's note: )?this (?:story|article|column) is part of .{0,120}\bnewsletter\b.{0,160}",
            r"the short list is free, but .{0,300}",
            r"sign up for .{2,90}\bin your inbox .{0,350}|.{2,200}\bdelivered directly to your inbox\. sign up",
            r"[^.:]{2,70}: ?sign up for (?:texts|text messages|alerts|updates)\b.{0,120}",
            rf"editor's note: (?:sign up|subscribe)\b.{{0,90}}\b{_LETTER}\b.{{0,260}}",
            r"subscribe to \S+(?: \S+)? (?:today|now)\b.{0,60}",
            r".{0,100}\. subscribe(?: to the newsletter)?(?: or text messages)? here[.!]?.{0,30}",
            r"we will use the (?:details|information) you have shared\b.{0,330}",
            r"if you wish to object to the use of your data\b.{0,100}",
            r"'we' includes .{0,60} brands as detailed here\.?",
        ),
        "author's details": (
            r".{0,280}\b(?:follow|contact|email|reach|tweet) (?:to )?(?:him|her|them|me|us|the reporter)\b.{0,60}"
            r"(?:@\w|\btwitter\b|\bfacebook\b).{0,200}",
            r".{0,120}\bcan be (?:reached|contacted) (?:at|on|via) \S+@\S+\.\w+.{0,200}",
        ),
        "appeal for support": (
            r"(?:please )?support (?:local|quality|independent|our|this) (?:community )?journalism\b.{0,160}",
            r"our fact[- ]check work is supported\b.{0,100}",
            r"thank you for supporting our journalism\b.{0,200}",
            r"(?:have a|got a|send us a|do you have a) (?:news )?tip\b.{0,60}\?.{0,160}",
            r"download our (?:\S+ ){0,3}app\b.{0,80}",
        ),
        "cookie notice": (
            r"(?:by|if you) (?:continu\w+|using|use|brows\w+|click\w+|clos\w+)\b.{0,80}\b(?:web ?site|site|page|"
            r"banner|"
            r"accept)\b.{0,80}\byou(?:'re| are)? (?:agree|accept|consent)\w*.{0,160}",
            rf"(?:we|this (?:web ?)?site|our (?:web ?)?site|\S+\.(?:com|org|net|co\.uk)) (?:and our partners )?uses? "
            rf"(?:[\w ]{{0,20}})?cookies\b(?:[ ,.;].*\b{_CONSENT}\b.*|\.?)",
            rf"cookies (?:help|enable|allow) us\b.*\b{_CONSENT}\b.*",
        ),
        "related links": (
            r"click (?:or tap )?here (?:to|for)\b.{0,160}|\(?click here(?: to view)?\.?\)?",
            r"read more (?:about|on|from|news)\b.{0,110}",
        ),
        "share buttons": (
            rf"follow (?:\S+ ){{1,8}}on {NETWORK}(?: and {NETWORK})?(?: at)?:?(?: @\w+)?\.?(?: for .{{0,80}})?",
        ),
        "copyright": (r".{0,80}all rights reserved\.?",),
    }
)
# One of these stands in every such line, and looking for them costs a hundredth of what the patterns cost.
_APPEAL_HINTS = (
    *("newsletter", "inbox", "mailing list", "subscrib", "sign up", "signing up", "register", "have shared"),
    *("object to the use", "we' includes", "short list", "journalism", "check work", " tip", "download our"),
    *("cookie", "agree", "accept", "consent", "click", "tap here", "read more", "follow ", "rights reserved"),
    *("twitter", "facebook", "@"),
)
_VIDEO = re.compile(r".{5,250} \d\d:\d\d - source: \w[\w ]{1,30}(?: .{0,250})?", re.IGNORECASE)
_SAYS = (
    r"[\"“”„«]|\b(?:said|says|told|tells|wrote|writes|according to|announced|added|warned|argued|reported|showed)\b"
)
_REPORT = re.compile(_SAYS, re.IGNORECASE)
_REPORTED = re.compile(rf"{_SAYS}|\bfound\b", re.IGNORECASE)

DATELINE = re.compile(r"(?:[A-Z][\w.'’&-]*,? ){1,6}[–—-]")
"""A line that is nothing but the place and the agency before a report."""

# Links to other reports stand between paragraphs as a word or two, a colon and a headline.
KICKER = re.compile(
    r"(?=.{25,240}$)(?:(?P<tight>['‘\"“]?[A-Za-z0-9][\w'’”\",&?!.()$ -]{1,60}(?<!\d):(?=[A-Z]|['\"‘“]\S|\d+ [a-z]))"
    r"\S+(?: \S+){4,}(?<![.…”\"'’:,;])|"
    r"(?=[^:]{7})[A-Z0-9][A-Z0-9'’& -]{2,40}\??: \S+(?: \S+){4,}(?<![.!?…”\"'’:,;]))"
)

# What opens a comment form, and the fields that are leftovers only inside one.
FORM = _any(
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
FIELD = re.compile(
    r"(?:(?:your |full |first |last )?(?:name|e-?mail(?: address)?|web ?site|url|comments?|message|phone|"
    r"captcha|reply)(?: ?\*| ?\((?:required|optional)\)| \(will not be published\))?:? ?\*?|submit|send|"
    r"δ?(?:document\.getelementbyid\(.*)?)",
    re.IGNORECASE,
)
BAR = re.compile(rf"(?:{NETWORK}|{_DOING})(?:[ |·•]+(?:{NETWORK}|{_DOING}))+", re.IGNORECASE)
NAMED = re.compile(rf"\b{NETWORK}\b", re.IGNORECASE)
BUTTON = re.compile(rf"{NETWORK}|{_DOING}", re.IGNORECASE)
ACTION = re.compile(_DOING, re.IGNORECASE)
