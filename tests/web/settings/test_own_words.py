"""The owner types what callers hear: said in its language only, whole, in time, and never without its keys."""

import io
import re

import pytest

from flows import SCRIPT
from ivr.company.policy import service as policy
from ivr.company.policy.service import Command
from ivr.company.prompts import examples, script, wording
from ivr.core.db import Database
from tests.support.sounds import wav
from tests.support.windows import Window
from tests.support.world import LINE, World
from tests.web.settings.owner import changes

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

PROMPTS = {prompt.id: prompt for prompt in script.by_key(SCRIPT).values()}
GREETING = PROMPTS["Thank you for calling %(company)s."]
MENU = PROMPTS["For an onsite visit, press 1. For remote support, press 2. For a person, press 0."]
CONFIRM = next(one for one in PROMPTS.values() if one.id.startswith("If we get cut off"))
PRICE = next(one for one in PROMPTS.values() if one.id.startswith("An onsite visit starts at"))


def page_of(prompt: script.Prompt) -> str:
    return f"/settings/prompts/{prompt.key}"


def types(ruth: Window, prompt: script.Prompt, words: str, language: str = "en", do: str = "save") -> int:
    return ruth.sends(f"{page_of(prompt)}/{language}/words", words=words, do=do).status_code


def calls_itself(world: World, name: str) -> None:
    with world.database.transaction():
        policy.change("company_name", name, Command("the owner"))


@on_sqlite
def test_a_caller_hears_the_owners_words_in_each_language(world: World, ruth: Window) -> None:
    calls_itself(world, "Bay Phones")
    assert types(ruth, MENU, "Press 1 for a visit, 2 for help by telephone, 0 for one of us.") == 303
    assert (
        types(ruth, PRICE, "Onsite work is [dollars] dollars for the 1st hour, 100% of the time <b>.") == 303
    )
    assert types(ruth, PRICE, "Son [dollars] dólares por la primera hora & el viaje.", "es") == 303

    caller = world.people.customer.dials(LINE)
    caller.hears(
        "Thank you for calling Bay Phones. Press 1 for a visit, 2 for help by telephone, 0 for one of us."
    )
    caller.presses("1").hears("Onsite work is 350 dollars for the 1st hour, 100% of the time <b>.").hangs_up()
    spanish = world.people.customer.dials(LINE).presses("2").hears("Press 1 for a visit").presses("9")
    spanish.hears("Para una visita en sitio, oprima 1")
    spanish.presses("1").hears("Son 350 dólares por la primera hora & el viaje.").hangs_up()

    assert types(ruth, MENU, "", do="original") == 303
    assert types(ruth, PRICE, PRICE.shown("es"), "es") == 303, "typed as it is in the script"
    caller = world.people.customer.dials(LINE).presses("2").hears("Para una visita en sitio").presses("1")
    caller.hears("Una visita en sitio cuesta desde 350 dólares.").hangs_up()
    caller.dials(LINE).presses("2").presses("9").hears("For an onsite visit, press 1.").hangs_up()
    told = [one for one in changes(world) if one[1].startswith("Prompt, Spanish")]
    assert [(who, after[:9]) for who, _what, _before, after in told] == [
        ("Ruth", "Son [doll"),
        ("Ruth", "Una visit"),
    ]


@on_sqlite
@pytest.mark.parametrize(
    ("prompt", "words", "refusal"),
    [
        (CONFIRM, "May we call you back? Press 1 for yes, 2 for another.", "Keep [number]"),
        (
            CONFIRM,
            "We call [number] or [fee]. Press 1 for yes, 2 for another.",
            "Nothing is filled in for [fee]",
        ),
        (CONFIRM, "We call %(number)s back. Press 1 for yes, 2 for another.", "Keep [number]"),
        (CONFIRM, "May we call you back at [number]? Press 1 for yes.", "with the digit 2"),
        (MENU, "Press one for a visit, two for help, zero for one of us.", "with the digit 1"),
        (
            MENU,
            "Press 1, 2 or 0. " + "Our people are glad to help you. " * 7,
            "That takes about 19 seconds to say. 12",
        ),
        (MENU, "12 0 " + "x" * 500, "more than 500 characters"),
        (MENU, " \n ", "Type what callers hear"),
        (PROMPTS["Enter your PIN, then press the pound key."], "Enter your PIN.", "the pound key"),
    ],
)
def test_what_would_leave_a_caller_without_a_key_or_a_number_is_refused(
    world: World, ruth: Window, prompt: script.Prompt, words: str, refusal: str
) -> None:
    for does in ("save", "preview"):
        answer = ruth.sends(f"{page_of(prompt)}/en/words", words=words, do=does)
        assert (answer.status_code, refusal in answer.text) == (422, True), does
    assert words.strip()[:20] in answer.text, "what was typed is still there"
    assert changes(world) == []


@on_sqlite
def test_a_preview_is_said_with_examples_and_changes_nothing(world: World, ruth: Window) -> None:
    preview = ruth.sends(f"{page_of(GREETING)}/en/words", words="This is [company].", do="preview")
    assert preview.status_code == 200
    assert "This is Onsite Support." in preview.text
    assert "Not saved yet." in preview.text
    assert changes(world) == []
    assert {name for one in PROMPTS.values() for name in wording.values(one.id)} <= {
        *examples.VALUES["en"],
        "company",
    }


@on_sqlite
def test_a_recording_is_played_whatever_is_typed_and_the_page_says_so(world: World, ruth: Window) -> None:
    """The greeting carries the company's name and can be recorded all the same."""
    ruth.sends(f"{page_of(GREETING)}/en", sound=(io.BytesIO(wav(3)), "greeting.wav"))
    assert "changed since" not in ruth.sees(page_of(GREETING))
    (sound,) = re.findall(r'src="(/prompts/[^"]+)"', ruth.client.get(page_of(GREETING)).text)
    changed = (
        ("Bay Phones", "Thank you for calling [company]."),
        ("Onsite Support", "Welcome to [company]."),
    )
    for name, words in changed:
        calls_itself(world, name)
        types(ruth, GREETING, words)
        page = ruth.sees(page_of(GREETING))
        assert "The recording says Thank you for calling Onsite Support. , and callers still hear it" in page
        assert "Words changed since it was recorded" in ruth.sees("/settings/prompts")
        world.people.customer.dials(LINE).hears(f"https://line.test{sound}").hangs_up()


@on_sqlite
def test_a_prompt_is_found_by_its_words_in_any_language_and_by_where_it_is_heard(ruth: Window) -> None:
    assert "Heard in: The caller is welcomed (menu)." in ruth.sees(page_of(MENU))
    for sought in ("ONSITE visit remote", "sitio oprima tecnico", "welcomed menu"):
        answer = ruth.client.get("/settings/prompts", query_string={"q": sought})
        assert (MENU.key in answer.text) == (sought != "sitio oprima tecnico")
        assert "Press 1 to acknowledge" not in answer.text
    assert "0 prompts" in ruth.sees("/settings/prompts?q=zebra")


def test_another_process_hears_of_it_at_once(world: World, ruth: Window) -> None:
    other = Database(world.database.engine.url.render_as_string(hide_password=False))
    for words in ("Press 1, 2 or 0.", "Press 0, 1 or 2."):
        types(ruth, MENU, words)
        with world.app.app_context(), other.reading():
            assert world.app.extensions["ivr"].own_words("en") == {MENU.id: words}
    other.engine.dispose()
