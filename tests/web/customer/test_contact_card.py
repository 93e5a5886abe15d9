"""The company's contact card, and the link to it wherever a customer or a technician is told our number."""

import re

import pytest
from flask import Flask

from ivr.company.policy import service as policy
from ivr.company.policy.service import Command
from ivr.company.staff.models import Staff
from ivr.core.db import Database
from ivr.services import services
from ivr.web.customer.contact_card import vcard
from tests.support.estimates import WANTED, send

LINK = '<a href="/contact.vcf">{}</a>'


def test_anybody_gets_the_card_without_logging_in(app: Flask) -> None:
    answer = app.test_client().get("/contact.vcf")

    assert (answer.status_code, answer.mimetype) == (200, "text/vcard")
    assert answer.text == (
        "BEGIN:VCARD\r\nVERSION:3.0\r\nN:;;;;\r\nFN:Onsite Support\r\nORG:Onsite Support\r\n"
        "TEL;TYPE=WORK,VOICE:+18779437675\r\nEND:VCARD\r\n"
    )
    assert answer.headers["Cache-Control"] == "public, max-age=3600"


def test_the_card_is_asked_for_without_its_body_and_kept(app: Flask) -> None:
    client = app.test_client()
    head = client.head("/contact.vcf")
    assert (head.status_code, head.text) == (200, "")

    again = client.get("/contact.vcf", headers={"If-None-Match": head.headers["ETag"]})
    assert again.status_code == 304


def test_the_card_has_the_owners_name_and_number_and_the_one_we_call_from(
    app: Flask, database: Database
) -> None:
    with database.transaction():
        policy.change("company_name", "Ruth, Sons; & Co \\ Café", Command("the owner"))
        policy.change("company_phone", "+14155550199", Command("the owner"))

    card = app.test_client().get("/contact.vcf").text
    assert "FN:Ruth\\, Sons\\; & Co \\\\ Café\r\n" in card
    assert re.findall("TEL;TYPE=WORK,VOICE:(.*)\r", card) == [
        "+14155550199",
        services(app).config.twilio_phone_number,
    ]


@pytest.mark.parametrize("name", ["x" * 200, "é" * 80, "☎" * 80, "a,b;c\\" * 13])
def test_long_lines_are_folded_at_75_octets_and_no_letter_is_split(name: str) -> None:
    card = vcard(name)

    assert all(len(line) <= 75 for line in card.encode().split(b"\r\n"))
    whole = card.replace("\r\n ", "")
    escaped = re.search("^FN:(.*)\r$", whole, re.MULTILINE)
    assert escaped
    assert re.sub(r"\\(.)", r"\1", escaped[1]) == name


def test_the_customers_page_links_to_the_card_in_both_languages(
    app: Flask, database: Database, intake_id: int, olive: Staff
) -> None:
    _, path = send(database, app, intake_id, olive, WANTED)
    client = app.test_client()

    assert LINK.format("Save our number, so that your phone lets our calls through") in client.get(path).text
    spanish = client.get(f"{path}?lang=es").text
    assert LINK.format("Guarde nuestro número para que su teléfono deje pasar nuestras llamadas") in spanish
