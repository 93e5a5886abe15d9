"""What a hostile client sends: values that break readers, and bodies that are no forms. The chance is seeded."""

import json
from collections.abc import Callable, Sequence
from random import Random
from typing import Any, Final
from urllib.parse import quote

VALUES: Final[Sequence[str]] = (
    *(
        "",
        " ",
        "0",
        "-1",
        "1",
        "true",
        "on",
        "null",
        "\x00",
        "a\x00b",
        "x" * 200_000,
        "\u202etxt.exe",
        "\u200f\u200e",
    ),
    *(
        "📞" * 300,
        "\ud83d",
        "e\u0301" * 500,
        "\uff21\uff11",
        "١٢٣",
        "½",
        "²",
        "\r\n\r\nSet-Cookie: a=b",
        "\x1b[2J",
        "\ufeff",
    ),
    *(
        "2147483648",
        "9223372036854775808",
        "1" + "0" * 20,
        "9" * 5000,
        "-2147483649",
        "1e309",
        "NaN",
        "inf",
        "0x10",
    ),
    *(
        "' OR 1=1 --",
        '"; DROP TABLE intake; --',
        "%00",
        "%s%n",
        "{{7*7}}",
        "${7*7}",
        "<script>alert(1)</script>",
    ),
    *(
        "&amp;&lt;",
        "../../etc/passwd",
        "//evil.example",
        "http://evil.example",
        "javascript:alert(1)",
        "\\\\host\\x",
    ),
    *(
        "2026-02-30",
        "0000-00-00",
        "9999-12-31T23:59:59.999999+99:99",
        "24:60",
        "10:00",
        "2026-11-30",
        "9:00 AM",
    ),
    *(
        "+14155552671",
        "+1415555267100000000000000",
        "anonymous",
        "sip:a@b",
        "a@b.c",
        "a" * 300 + "@b.c",
        "$1,000.50",
    ),
    *("[]", "{}", "a[]=1", "*", "#", "1234#", "nobody", "ñandú", "en", "es", "\t", "a\nb\nc" * 1000),
)


def value(chance: Random) -> str:
    """One hostile value."""
    return chance.choice(VALUES)


def in_path(chance: Random) -> str:
    """One hostile value as a part of an address, short enough for a request line."""
    return quote(value(chance)[:300].encode("utf-8", "replace"), safe="") or "-"


def form(chance: Random, names: Sequence[str]) -> dict[str, Any]:
    """Return a form of some of these names, as the keyword arguments of a test client."""
    fields: dict[str, list[str]] = {}
    for name in chance.sample(names, k=min(len(names), chance.randrange(1, 9))):
        fields[name] = [_sendable(value(chance)) for _ in range(chance.choice((1, 1, 1, 2)))]
    return {"data": fields}


def _sendable(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


def multipart(chance: Random, names: Sequence[str]) -> dict[str, Any]:
    """Return parts with and without names, files, and a boundary that may never come."""
    headers = (
        b"",
        b'; name=""',
        f'; name="{chance.choice(names)}"'.encode(),
        b'; name="f"; filename="\xff\x00.wav"',
    )
    parts = b"".join(
        b"--b\r\nContent-Disposition: form-data%s\r\n\r\n%s\r\n"
        % (chance.choice(headers), value(chance).encode("utf-8", "replace"))
        for _ in range(chance.choice((1, 3, 1100)))
    )
    return {
        "data": parts[:250_000] + chance.choice((b"--b--", b"")),
        "content_type": "multipart/form-data; boundary=b",
    }


def no_form(chance: Random, names: Sequence[str]) -> dict[str, Any]:
    """Return JSON, XML, broken encodings, too much, or nothing under whatever type."""
    nested = "[" * 5000
    body = chance.choice(
        (
            json.dumps({chance.choice(names): [value(chance)[:1000]]}).encode("utf-8", "replace"),
            nested.encode(),
            b"<!DOCTYPE x [<!ENTITY y SYSTEM 'file:///etc/passwd'>]><x>&y;</x>",
            b"%s=%%ff%%fe&\xc3\x28=\xff&=&&%%=%%zz" % chance.choice(names).encode(),
            b"a=1&" * 1500,
            b"a=" + b"x" * 300_000,
            b"",
        )
    )
    types = (
        "application/json",
        "text/xml",
        "application/x-www-form-urlencoded",
        "text/plain; charset=utf-7",
        "\x01/;;=",
        "",
    )
    return {"data": body, "content_type": chance.choice(types)}


BODIES: Final[Sequence[Callable[[Random, Sequence[str]], dict[str, Any]]]] = (
    form,
    form,
    form,
    multipart,
    no_form,
)
HEADERS: Final[Sequence[dict[str, str]]] = (
    *(
        {},
        {},
        {},
        {"X-Live": "1"},
        {"Referer": "http://host//evil.example/x"},
        {"Accept": "text/event-stream"},
    ),
    *(
        {"X-Forwarded-For": "\u00e9, 1"},
        {"Range": "bytes=9-1"},
        {"If-None-Match": '"'},
        {"If-Modified-Since": "never"},
    ),
    *(
        {"Cookie": "session=x.y.z"},
        {"Last-Event-ID": "9" * 400},
        {"Accept-Language": "x" * 900},
        {"Host": "a b"},
    ),
)
