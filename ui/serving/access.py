"""Who may read: everyone at this machine, whoever has the password or token, or anyone at all."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
from dataclasses import dataclass, field

from rag.errors import UsageError

_SHORTEST_PASSWORD = 8
_SHORTEST_TOKEN = 16


@dataclass(frozen=True, slots=True)
class Access:
    """What a server demands of those who come; with neither secret nor ``anyone``, to be at this machine.

    Raises:
        UsageError: a secret is too short or cannot be sent, or ``anyone`` contradicts one.
    """

    password: str | None = field(default=None, repr=False)
    """What a reader logs in with."""
    token: str | None = field(default=None, repr=False)
    """What programs send; readers log in with it where there is no password."""
    anyone: bool = False
    """Whoever reaches the address may read, add and remove articles."""
    names: tuple[str, ...] = ()
    """Further names under which the page is asked for."""
    proxy: str | None = None
    """The address of a proxy whose word is taken for who asks, and whether by HTTPS."""

    def __post_init__(self) -> None:
        if self.anyone and self.demanded:
            raise UsageError("A password or token and --open contradict each other. Choose one.")
        _check("password", self.password, _SHORTEST_PASSWORD)
        _check("token", self.token, _SHORTEST_TOKEN)
        if self.token and not (self.token.isascii() and self.token.isprintable() and " " not in self.token):
            raise UsageError("The token has spaces or letters that HTTP cannot carry. Use ASCII letters and digits.")
        if self.proxy:
            _check_proxy(self.proxy)

    @property
    def demanded(self) -> bool:
        """Whether readers must log in and programs must send a token."""
        return bool(self.password or self.token)

    @property
    def asked_for(self) -> str:
        """What readers log in with: ``password`` or ``token``."""
        return "token" if self.token and not self.password else "password"

    def lets_in(self, told: str) -> bool:
        """Whether this is what readers log in with; takes as long whether it nearly is or not at all."""
        return _same(told, self.password or self.token)

    def is_token(self, told: str) -> bool:
        """Whether this is the token; a password is none."""
        return _same(told, self.token)

    def check(self, host: str) -> None:
        """Raise UsageError where an interface would let in whoever reaches it, and nobody said that it may."""
        if not (self.demanded or self.anyone or is_loopback(host)):
            raise UsageError(
                f"Cannot serve on {host!r} without a password: others could read, add and remove articles. Set "
                "GROUNDWIRE_PASSWORD or GROUNDWIRE_TOKEN (or --password-file, --token-file), or let anyone in "
                "with --open."
            )


def is_loopback(host: str) -> bool:
    """Whether an interface is reached from this machine alone."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def is_wildcard(host: str) -> bool:
    """Whether it stands for every interface of this machine."""
    try:
        return ipaddress.ip_address(host).is_unspecified
    except ValueError:
        return False


def _check(kind: str, secret: str | None, shortest: int) -> None:
    if secret is not None and len(secret) < shortest:
        raise UsageError(f"The {kind} is too short. Take one of {shortest} characters or more.")


def _check_proxy(proxy: str) -> None:
    try:
        ipaddress.ip_network(proxy)
    except ValueError:
        raise UsageError(f"{proxy!r} is no address of a proxy. Give one such as 127.0.0.1 or 10.0.0.0/24.") from None


def _same(told: str, secret: str | None) -> bool:
    # Digests are of one length, so that comparing tells nothing of the secret's.
    return secret is not None and hmac.compare_digest(_digest(told), _digest(secret))


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "replace")).digest()
