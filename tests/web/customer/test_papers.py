"""The customer's PDFs: the words and figures of the pages, for whoever holds the link, and for the desk."""

import re
import zlib
from base64 import a85decode
from collections.abc import Iterator

import pytest

from ivr.company.policy import service as policy
from ivr.company.staff.models import Role
from ivr.web.papers import pdf
from ivr.web.papers.paper import Line, Paper, Table
from tests.support.console import PASSWORD, send
from tests.support.hashes import HASHED
from tests.support.shop import Shop


@pytest.fixture
def shop(database_url: str) -> Iterator[Shop]:
    shop = Shop(database_url, None)
    yield shop
    shop.close()


def pays(shop: Shop) -> None:
    shop.client.post(f"/sandbox-till/{shop.page()}", data={"press": "pay"})
    shop.work()


def words_of(file: bytes) -> str:
    """The words of a PDF of ours, in their order; letters beyond ASCII have other codes in it."""
    assert file.startswith(b"%PDF-")
    streams = re.findall(rb"stream\r?\n(\S+~>)endstream", file)
    pages = [zlib.decompress(a85decode(b"<~" + one, adobe=True)) for one in streams]
    drawn = re.findall(rb"\(((?:[^()\\]|\\.)*)\) Tj", b"\n".join(pages))
    return " ".join(re.sub(rb"\\([()\\])", rb"\1", one).decode("latin-1") for one in drawn)


def plain(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_the_estimate_has_the_figures_of_its_page(shop: Shop) -> None:
    page = shop.client.get(f"/pay/{shop.quote}").text
    assert f'href="/pay/{shop.quote}/estimate.pdf?lang=en"' in page
    answer = shop.client.get(f"/pay/{shop.quote}/estimate.pdf")
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="estimate-{shop.reference}-1.pdf"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert b"/FontFile2" in answer.data, "the fonts are in it"
    assert b"/Lang (en)" in answer.data
    words = words_of(answer.data)
    for wanted in (
        "$350",
        "Far away",
        "$100",
        "Total $450",
        "Rosa Diaz",
        "1 Main St, Oakland",
        f"{shop.reference}-1",
    ):
        assert wanted in words, wanted
        assert all(one in plain(page) for one in wanted.split()), wanted


def test_the_receipt_has_each_payment_and_what_is_kept(shop: Shop) -> None:
    receipt = f"/pay/{shop.quote}/receipt.pdf"
    assert shop.client.get(receipt).status_code == 404, "nothing was paid"
    pays(shop)
    assert f'href="{receipt}?lang=en"' in shop.client.get(f"/pay/{shop.quote}/receipt").text
    words = words_of(shop.client.get(receipt).data)
    number = re.search(r"Payment ID: (pay_\w+)", shop.client.get(f"/pay/{shop.quote}/receipt").text)
    assert number
    for wanted in (
        "Receipt",
        "Total $450",
        "Payment, ",
        "Online, a test: no money moved",
        number[1],
        "Total paid $450",
    ):
        assert wanted in words, wanted
    assert "We have received $450" in words_of(shop.client.get(f"/pay/{shop.quote}/estimate.pdf").data)


def test_it_speaks_the_language_that_is_asked_for(shop: Shop) -> None:
    spanish = shop.client.get(f"/pay/{shop.quote}/estimate.pdf?lang=es").data
    assert b"/Lang (es)" in spanish
    assert "Para Rosa Diaz" in words_of(spanish)


def test_a_link_that_is_good_no_longer_has_no_papers(shop: Shop) -> None:
    shop.withdraw()
    for paper in ("estimate", "receipt"):
        assert shop.client.get(f"/pay/{shop.quote}/{paper}.pdf").status_code == 404
        assert shop.client.get(f"/pay/nothing/{paper}.pdf").status_code == 404


def test_the_desk_has_the_same_papers_and_a_technician_has_none(shop: Shop) -> None:
    with shop.database.transaction() as session:
        olive = session.merge(shop.olive)
        olive.password_hash = HASHED
        policy.change("company_address", "1 Broadway, Oakland, CA 94607", policy.Command("test"))
    assert send(shop.client, "/login", email="olive@example.com", password=PASSWORD).status_code == 302
    path = f"/intakes/{shop.reference}"
    page = shop.client.get(path).text
    assert f'href="{path}/estimate/1/pdf"' in page
    assert "receipt/pdf" not in page
    assert shop.client.get(f"{path}/receipt/pdf").status_code == 404
    pays(shop)
    assert f'href="{path}/receipt/pdf"' in shop.client.get(path).text
    for ours, theirs in ((f"{path}/estimate/1/pdf", "estimate.pdf"), (f"{path}/receipt/pdf", "receipt.pdf")):
        answer = shop.client.get(ours)
        assert answer.headers["Cache-Control"] == "no-store"
        words = words_of(answer.data)
        assert "1 Broadway, Oakland, CA 94607" in words
        assert words == words_of(shop.client.get(f"/pay/{shop.quote}/{theirs}").data)
    with shop.database.transaction() as session:
        session.merge(shop.olive).role = Role.TECHNICIAN
    assert shop.client.get(f"{path}/estimate/1/pdf").status_code == 403


@pytest.mark.parametrize(
    "typed",
    [
        '<b>Rosa</b> & <font color="red">Co</font> <img src="file:///etc/passwd"/>',
        "Nguyễn Łukasz Ñandú \N{PILE OF POO} \N{ARABIC LETTER ALEF} 中文",
        "A" * 500,
        "line\n" * 200,
    ],
)
def test_whatever_was_typed_is_words_on_it(typed: str) -> None:
    line = Line(typed, 1_00, [typed])
    tables = [Table([line] * 3, "Total", 3_00)]
    paper = Paper("en", "x", typed, [typed], typed[:80], [("For", typed)], tables, [typed])
    words = words_of(pdf.render(paper))
    assert "$3" in words
    if typed.startswith("<"):
        assert '<fontcolor="red">Co</font>' in words.replace(" ", "")
