"""What may be shown of an address to whoever holds a link. Pure."""


def masked(address: str) -> str:
    """Enough to know one's own mailbox by.

    >>> masked("rosa@example.com")
    'r***@example.com'
    """
    box, at, host = address.rpartition("@")
    return f"{box[:1]}***{at}{host}"
