"""The company's contact card: a telephone that has it saved lets our calls through and shows our name.

vCard 3.0 (RFC 2426), which iPhone, Android and Outlook all read; escaped and folded as RFC 6350 says (3.4 and 3.2).
Written by hand: it has seven lines, and vobject would bring three more packages.
"""

import re
from typing import Final

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from ivr.company.policy import service as policy
from ivr.services import services
from ivr.web.headers import protect

blueprint = Blueprint("contact", __name__)

#: Seconds: the owner may change the name or the number.
_KEPT_FOR: Final = 60 * 60
#: Octets in a line, without its line break.
_LINE: Final = 75


@blueprint.get("/contact.vcf")
def card() -> AnyResponse:
    """Return the company's name and number, and the number from which we call where that is another."""
    with services().database.reading():
        current = policy.current()
    numbers = dict.fromkeys([current.company_phone, services().config.twilio_phone_number])
    response = Response(vcard(current.company_name, *numbers), mimetype="text/vcard")
    response.cache_control.public = True
    response.cache_control.max_age = _KEPT_FOR
    response.add_etag()
    return protect(response, is_kept=True).make_conditional(request)


def vcard(company: str, *numbers: str) -> str:
    """Return the card of a company with these E.164 numbers."""
    name = re.sub(r"([\\,;])", r"\\\1", company)
    lines = [
        "BEGIN:VCARD",
        "VERSION:3.0",
        "N:;;;;",  # required, and empty: this is no person
        f"FN:{name}",
        f"ORG:{name}",
        *(f"TEL;TYPE=WORK,VOICE:{number}" for number in numbers),
        "END:VCARD",
    ]
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _folded(line: str) -> str:
    """Return the line in pieces of at most 75 octets; a continuation begins with a space, and no letter is split."""
    pieces = [""]
    for letter in line:
        if len((pieces[-1] + letter).encode()) > _LINE:
            pieces.append(" ")
        pieces[-1] += letter
    return "\r\n".join(pieces)
