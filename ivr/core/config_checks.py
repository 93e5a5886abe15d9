"""What an address or a secret in the environment must be like. Pure: values in, values out."""

import re
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Final
from urllib.parse import SplitResult, urlsplit

IPNetwork = IPv4Network | IPv6Network
#: A name or an IPv4 address, or an IPv6 address in brackets; then a port. No user, no password, no other letters.
_HOST_AND_PORT: Final = re.compile(r"(?:[A-Za-z0-9][A-Za-z0-9.-]*|\[[0-9A-Fa-f:.]+\])(?::[0-9]+)?")

#: Of digits alone there are a hundred pairs: a longer secret need not have more of them.
_LONG: Final = 64


def _parts(url: str) -> SplitResult | None:
    """Return the parts of an http or https address without a path; None when it is none."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    is_one = (
        parts.scheme in {"http", "https"}
        and _HOST_AND_PORT.fullmatch(parts.netloc)
        and port != 0
        and url == f"{parts.scheme}://{parts.netloc}"
    )
    return parts if is_one else None


def as_address(typed: str) -> str:
    """Return an address with scheme and host in small letters and without a last slash."""
    scheme, mark, rest = typed.rstrip("/").partition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme.lower()}{mark}{host.lower()}{slash}{path}"


def is_address(url: str) -> bool:
    """Whether this is an http or https address: no path, no user, no password."""
    return _parts(url) is not None


def is_on_this_machine(url: str) -> bool:
    """Whether the address is of the loopback: no other machine can reach it."""
    parts = _parts(url)
    return parts is not None and is_loopback(parts.hostname or "")


def is_loopback(host: str) -> bool:
    """Whether this host is the machine itself, by number or by name."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def is_private_on_its_way(url: str) -> bool:
    """Whether nobody between here and this address can read along: it is https, or this machine itself."""
    return is_address(url) and (url.startswith("https://") or is_on_this_machine(url))


def is_hard_to_guess(secret: str, least: int) -> bool:
    """Whether a secret has ``least`` characters, and enough different pairs of neighbors among them.

    A character, a word or a row of digits, again and again, has few. Random secrets are not refused: of the 31 pairs in
    32 hexadecimal digits about 29 differ, and 17 are asked for.
    """
    pairs = {secret[at : at + 2] for at in range(len(secret) - 1)}
    return len(secret) >= least and len(pairs) > min(len(secret), _LONG) // 2


def is_backup_place(place: str) -> bool:
    """Whether this is a folder from the root on, or the address of a bucket with its key and secret, or nothing."""
    if not place.startswith("s3:"):
        return not place or place.startswith("/")
    try:
        url = urlsplit(place)
        has_host = bool(url.hostname and url.username and url.password) and (url.port is None or url.port > 0)
    except ValueError:
        return False
    has_bucket = re.fullmatch(r"/[a-z0-9][a-z0-9.-]{1,62}(/[\w.-]+)*/?", url.path, re.ASCII)
    return (
        has_host
        and bool(has_bucket)
        and bool(re.fullmatch(r"(region=[a-z0-9-]+)?", url.query))
        and not url.fragment
    )


def networks(typed: str) -> tuple[IPNetwork, ...]:
    """Return the networks of a list with commas. Raises ValueError.

    >>> networks("10.1.2.3, 192.168.7.0/24")
    (IPv4Network('10.1.2.3/32'), IPv4Network('192.168.7.0/24'))
    """
    return tuple(ip_network(one.strip()) for one in typed.split(",") if one.strip())


def are_networks(typed: str) -> bool:
    """Whether this is a list of networks with commas, or empty."""
    try:
        networks(typed)
    except ValueError:
        return False
    return True
