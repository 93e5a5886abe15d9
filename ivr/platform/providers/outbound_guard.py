"""Keeps requests to addresses that a person has typed away from this machine and its neighbors.

A name may lead elsewhere each time it is looked up, and an answer may redirect. So the check is where a connection is
made, of the number that it is made to: by an audit hook, which Python calls before every ``socket.connect``.
"""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any, Final

from ivr.core.config_checks import IPNetwork


class NotOutsideError(OSError):
    """The connection would not lead to the outside."""


_allowed: ContextVar[Sequence[IPNetwork] | None] = ContextVar("allowed_networks", default=None)
_NAT64: Final = IPv6Network("64:ff9b::/96")
#: All of IPv6 that is given out for the public internet. Python calls further ranges global, such as those by which a
#: network reaches its own IPv4 (RFC 8215, RFC 7915).
_PUBLIC: Final = IPv6Network("2000::/3")
_WATCHED: Final = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg"})


def is_outside(host: str, allowed: Sequence[IPNetwork] = ()) -> bool:
    """Whether this number, IPv4 or IPv6, is of the public internet or of one of the allowed networks.

    >>> is_outside("93.184.216.34"), is_outside("127.0.0.1"), is_outside("::ffff:10.0.0.1"), is_outside("name")
    (True, False, False, False)
    """
    try:
        number = ip_address(host.partition("%")[0])
    except ValueError:
        return False
    if isinstance(number, IPv6Address):
        number = _within(number) or number
    is_public = number.is_global and not number.is_multicast
    if isinstance(number, IPv6Address):
        is_public = is_public and number in _PUBLIC
    return is_public or any(number in one for one in allowed)


def _within(number: IPv6Address) -> IPv4Address | None:
    """Return the IPv4 address that this one leads to; None when it is one of its own."""
    if number in _NAT64:
        return IPv4Address(int(number) & 0xFFFFFFFF)
    return number.ipv4_mapped or number.sixtofour


@contextmanager
def only_outside(allowed: Sequence[IPNetwork]) -> Iterator[None]:
    """Within the block this thread connects to the outside and to these networks alone. Raises NotOutsideError."""
    _watch()
    token = _allowed.set(allowed)
    try:
        yield
    finally:
        _allowed.reset(token)


@cache  # a hook stays for as long as the process
def _watch() -> None:
    sys.addaudithook(_look)


def _look(event: str, args: tuple[Any, ...]) -> None:
    if event not in _WATCHED:
        return
    allowed = _allowed.get()
    if allowed is None:
        return
    address = args[-1]
    # The question to a name server is no message to anybody: the resolver of the system asks it, without this hook.
    host = address[0] if isinstance(address, tuple) else ""
    if not is_outside(str(host), allowed):
        raise NotOutsideError("not an address of the outside")
