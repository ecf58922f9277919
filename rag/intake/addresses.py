"""Web addresses in one form, so that one page is one article; and which hosts are kin."""

from __future__ import annotations

import re
from urllib.parse import urlsplit, urlunsplit

# Parameters that say how a reader came and never what is shown. Widely read lists also drop names such as "id",
# "source" or "ref" and whatever begins with "ga": some sites number their articles with those.
_TRACKING = re.compile(
    r"utm_\w+|(?:fbc|gc|dc|twc|yc|ysc|msclk|ttc|li_fat_|irclick)(?:l?id)|fbclid|gbraid|wbraid|igsh(?:id)?|srsltid|"
    r"mc_[ce]id|mkt_tok|_ga|_gl|_hs(?:enc|mi)|hsctatracking|ref_(?:src|url)|at_(?:campaign|medium|custom\d|"
    r"link_\w+|ptr_name|format|bbc_team)|ns_(?:campaign|mchannel|source|linkname|fee)|xtor|wt_mc|wt\.mc_id|cmpid|"
    r"ocid|icid|s_?cid|smid|smtyp|spm|guce_referr?er(?:_sig)?|guccounter|vero_(?:id|conv)|oly_(?:anon|enc)_id|"
    r"__twitter_impression|mod=rss|(?:from|source|src|ref)=(?:rss|feed|twitter|facebook)",
    re.IGNORECASE,
)
_DEFAULT_PORT = {"http": ":80", "https": ":443"}
_LONGEST = 2000


def canonical(url: str | None) -> str | None:
    """The address without fragment, tracking parameters and default port; None where it is no plain web address.

    Any other scheme than http could run code when clicked, and a password has no place in a citation.
    """
    if not url or len(url) > _LONGEST or not re.fullmatch(r"https?://[^\s<>\"\\]+", url, re.IGNORECASE):
        return None
    try:
        parts = urlsplit(url)
        if parts.port is not None and not 0 < parts.port < 65536:
            return None
    except ValueError:
        return None
    if not parts.hostname or "@" in parts.netloc:
        return None
    scheme = parts.scheme.lower()
    netloc = parts.netloc.lower().removesuffix(_DEFAULT_PORT[scheme]).removesuffix(":")
    # "#!" leads to another page on sites built that way.
    fragment = parts.fragment if parts.fragment.startswith("!") else ""
    return urlunsplit((scheme, netloc, parts.path or "/", _query(parts.query), fragment))


def _query(query: str) -> str:
    return "&".join(part for part in query.split("&") if part and not _is_tracking(part))


def _is_tracking(part: str) -> bool:
    return bool(_TRACKING.fullmatch(part) or _TRACKING.fullmatch(part.partition("=")[0]))


def host(url: str | None) -> str:
    """The host, or nothing where programs may disagree on which it is: browsers end it at a backslash."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return ""
    return "" if re.search(r"[@\\]", parts.netloc) else (parts.hostname or "").rstrip(".")


def are_kin(one: str | None, other: str | None) -> bool:
    """Whether two addresses have one host, or one's is a part of the other's: www.post.example, post.example."""
    first, second = host(one), host(other)
    return bool(first and second) and (
        first == second or first.endswith(f".{second}") or second.endswith(f".{first}")
    )
