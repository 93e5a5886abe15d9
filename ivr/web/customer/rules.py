"""How much of an e-mail address the holder of a link may see. Pure."""


def masked(address: str) -> str:
    """Returns enough of the address for its owner to recognise it.

    >>> masked("rosa@example.com")
    'r***@example.com'
    """
    box, at, host = address.rpartition("@")
    return f"{box[:1]}***{at}{host}"
