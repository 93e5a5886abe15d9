"""Every kind of letter in a browser: narrow and wide, light and dark, in both languages, whatever is written in it."""

from collections.abc import Iterator
from itertools import product

import pytest
from playwright.sync_api import Browser, Page

from ivr.company.mail.rendering import Words, render
from ivr.company.policy.rules import Policy
from ivr.core.db import Database
from tests.services.mail.kinds import URL, cases
from tests.support.browser import AXE, LOOK, RULES, without_browser

LOOKS = list(product((360, 600), ("light", "dark")))
WIDTH = "document.documentElement.scrollWidth"
#: How wide each of these letters is in a window of that width: all of them in one page.
WIDTHS = """([letters, pixels]) => Promise.all(letters.map(letter => new Promise(told => {
    const window = document.createElement("iframe")
    window.width = pixels
    window.style.border = 0
    window.srcdoc = letter
    window.onload = () => told(window.contentDocument.documentElement.scrollWidth)
    document.body.append(window)
})))"""
#: What people, machines and others may put into any field.
HOSTILE = " ".join(
    (
        "Wolfeschlegelsteinhausenbergerdorff" * 6,
        "</p></td><script>document.title = 'taken'</script><img src=x onerror=\"document.title = 'taken'\">",
        "\u202e\u05e9\u05dc\u05d5\u05dd from right to left",
        "Ana\n\n\nhttps://evil.example/\r\nBcc: everybody@example.com",
        "%(name)s {{ 7 * 7 }} % %s &amp; 👩🏽‍🔧 " * 4,
        URL,
    )
)
FREE = {"name", "place", "issue", "surcharge_reason", "method", "payment", "balance", "then", "by", "detail"}
FREE |= {"agreed_by", "why", "words", "money", "transcript", "title"}


@pytest.fixture
def database(sqlite_alone: str) -> Iterator[Database]:
    database = Database(sqlite_alone)
    yield database
    database.engine.dispose()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Offline, as a letter must be whole without pictures from elsewhere."""
    context = browser.new_context(offline=True)
    yield context.new_page()
    context.close()


def written(database: Database, case: str, language: str, **more: object) -> Words:
    kind, values = cases()[case]
    with database.reading():
        return render(kind, language, values | more)


@without_browser
@pytest.mark.parametrize("language", ["en", "es"])
def test_no_letter_is_wider_than_the_window(database: Database, page: Page, language: str) -> None:
    letters = {case: written(database, case, language).html for case in cases()}
    for pixels in (360, 600):
        widths = page.evaluate(WIDTHS, [list(letters.values()), pixels])
        assert {case: width for case, width in zip(letters, widths, strict=True) if width > pixels} == {}


@without_browser
def test_no_letter_keeps_anybody_out(database: Database, page: Page, request: pytest.FixtureRequest) -> None:
    """Axe looks at each kind once, narrow or wide, light or dark by turns; with ``--whole`` at all of all."""
    is_whole = request.config.getoption("--whole")
    for look, (pixels, scheme) in enumerate(LOOKS):
        page.set_viewport_size({"width": pixels, "height": 700})
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of two strings
        for case in sorted(cases()) if is_whole else sorted(cases())[look :: len(LOOKS)]:
            for language in ("en", "es") if is_whole else ("en",):
                page.set_content(written(database, case, language).html)
                assert page.locator(".button").count() <= 1, case
                assert page.locator("img, script, link").count() == 0, case
                assert faults(page) == [], (case, language, pixels, scheme)


@without_browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_letter_stands_without_its_style_sheet(database: Database, page: Page, scheme: str) -> None:
    """As some programs show it: they drop the style sheet and keep what stands at each element."""
    page.set_viewport_size({"width": 360, "height": 700})
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of two strings
    for name in ("receipt", "calls_limit"):
        page.set_content(written(database, name, "en").html)
        page.evaluate("document.querySelector('style').remove()")
        assert page.evaluate(WIDTH) <= 360, name
        assert faults(page) == [], name


def faults(page: Page) -> list[str]:
    """What axe finds. The script stays when the next letter takes the place of the one before."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(LOOK, RULES)
    assert "color-contrast" in found["passed"], "axe has looked"
    return [f"{one['id']}: {node['html']}" for one in found["violations"] for node in one["nodes"]]


@without_browser
def test_nothing_that_is_written_in_a_letter_breaks_it(database: Database, page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 700})
    company = Policy(company_name=HOSTILE[:80], company_address=HOSTILE[:160])
    for name in cases():
        words = written(database, name, "en", **dict.fromkeys(FREE, HOSTILE), company=company)
        assert not {"\n", "\r"} & {*words.subject}
        page.set_content(words.html)
        assert page.evaluate(WIDTH) <= 360, name
        assert page.locator("main img, main script, main a[href*=evil]").count() == 0, name
        assert page.title() == words.subject, "no script has run"
        as_written = "{{ 7 * 7 }} % %s &amp;"
        assert (as_written in page.inner_text("main")) == (as_written in words.text), name
