"""Who sends a request: the network that is counted as one client."""

from ipaddress import IPv6Address, ip_address, ip_network

from flask import request

from ivr.services import services


def client_network() -> str | None:
    """Return the network of the client; None when it is unknown, so that nobody is counted for somebody else.

    It is unknown when fewer proxies than TRUSTED_PROXIES have written into ``X-Forwarded-For``: the address that is
    left is that of a proxy, which all clients share.
    """
    written = request.headers.get("X-Forwarded-For", "")
    if services().config.proxies > len([one for one in written.split(",") if one.strip()]):
        return None
    return network(request.remote_addr or "")


def network(address: str) -> str | None:
    """Return the smallest network that can be counted: one IPv6 subscriber has 2^64 addresses. None without one.

    >>> network("192.0.2.7:4711"), network("::ffff:192.0.2.7"), network("[2001:db8::7]:443"), network("unknown")
    ('192.0.2.7', '192.0.2.7', '2001:db8::/64', None)
    """
    try:
        ip = ip_address(_without_port(address))
    except ValueError:
        return None
    if isinstance(ip, IPv6Address):
        return str(ip.ipv4_mapped or ip_network((int(ip), 64), strict=False))
    return str(ip)


def _without_port(address: str) -> str:
    """Return the address alone: some proxies add the port, and RFC 7239 puts IPv6 into brackets and quotes."""
    bare = address.strip().strip('"')
    if bare.startswith("["):
        bare = bare[1:].partition("]")[0]
    elif bare.count(":") == 1:
        bare = bare.partition(":")[0]
    return bare.partition("%")[0]
