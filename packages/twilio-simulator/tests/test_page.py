"""The switchboard in a real browser: a whole call, narrow and wide, by mouse and by keys, heard and seen."""

from collections.abc import Iterator
from typing import Literal

import pytest
import requests

from simulator_tests.browser import violations, without_browser
from simulator_tests.lab import ACCOUNT, CALLER, LINE, TECHNICIAN, TOKEN, App
from twilio_simulator.server import Network

pytest.importorskip("pytest_playwright", reason="for the page: the extra `browser`")

from playwright.sync_api import Browser, Locator, Page, expect  # skipped without it

#: The browser's own speech, bell and recognition, each writing down what the page asks of it.
EARS = """
window.spoken = []; window.tones = [];
speechSynthesis.speak = (words) => spoken.push([words.lang, words.text]);
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (at) { tones.push(this.frequency.value); return start.call(this, at); };
window.SpeechRecognition = class extends EventTarget {
  start() {
    const event = new Event("result");
    event.results = [[{ transcript: `the printer is dead (${this.lang})` }]];
    this.dispatchEvent(event);
    this.dispatchEvent(new Event("end"));
  }
  stop() {}
};
"""

pytestmark = without_browser
expect.set_options(timeout=20_000)  # for a machine with other things to do


@pytest.fixture
def speed() -> float:
    """A browser needs its time: at fifty times as fast a prompt's ten minutes would be over before it has clicked."""
    return 5.0


@pytest.fixture
def served(app: tuple[App, str]) -> App:
    app[0].documents |= {
        "voice": '<Gather numDigits="1" action="/chosen" timeout="600"><Say>For onsite, press 1.</Say></Gather>',
        "chosen": "<Dial><Conference>talk</Conference></Dial>",
    }
    return app[0]


Looks = tuple[int, Literal["light", "dark"]]
BOTH = pytest.mark.parametrize("looks", [(1440, "light"), (360, "dark")], ids=["wide", "narrow"])


@pytest.fixture
def looks() -> Looks:
    """The width of the window and the colours of the machine."""
    return 1440, "light"


@pytest.fixture
def page(served: App, network: Network, browser: Browser, looks: Looks) -> Iterator[Page]:
    width, scheme = looks
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, base_url=network.url
    )
    context.add_init_script(EARS)
    context.set_default_timeout(20_000)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto("/")
    yield page
    context.close()
    assert [said for said in complaints if "409 (CONFLICT)" not in said] == []


def phone(page: Page, name: str) -> Locator:
    """The telephone of that name, brought forward where only one is seen at a time."""
    tab = page.get_by_role("navigation", name="Which phone").get_by_role("button", name=name)
    card = page.get_by_role("article", name=name, include_hidden=True)
    expect(card).to_be_attached()
    if tab.is_visible():
        tab.click()
    return card


def network_side(page: Page) -> Locator:
    tab = page.get_by_role("navigation", name="Which phone").get_by_role("button", name="Network")
    side = page.get_by_role("complementary", name="The network", include_hidden=True)
    expect(page.get_by_role("article", include_hidden=True).first).to_be_attached()
    if tab.is_visible():
        tab.click()
    return side


def join(network: Network) -> None:
    """The application asks for the technician."""
    requests.post(
        f"{network.url}/2010-04-01/Accounts/{ACCOUNT}/Conferences/talk/Participants.json",
        auth=(ACCOUNT, TOKEN),
        data={"From": LINE, "To": TECHNICIAN},
        timeout=5,
    )


@BOTH
def test_a_whole_call(page: Page, network: Network) -> None:
    caller = phone(page, "Caller")
    caller.get_by_role("button", name="Dial").click()
    expect(caller.get_by_text("For onsite, press 1.")).to_be_visible()
    caller.get_by_role("button", name="1", exact=True).click()
    expect(caller.get_by_text("joined the conversation")).to_be_visible()
    assert page.evaluate("tones") == [697, 1209], "the two tones of a 1"

    join(network)
    expect(page).to_have_title("☎ Technician - ringing")
    page.wait_for_function("tones.includes(440) && tones.includes(480)")  # the bell
    page.get_by_role("button", name="Answer as Technician").click()
    technician = page.get_by_role("article", name="Technician")
    expect(technician.get_by_text("Talking to Caller")).to_be_visible()
    expect(technician).to_be_focused()
    expect(page).to_have_title("Switchboard")
    technician.get_by_label("You say").fill("what is wrong")
    technician.get_by_label("You say").press("Enter")

    network_side(page)
    expect(page.get_by_text("Talking together")).to_be_visible()
    _is_fit_for_everybody(page)
    caller = phone(page, "Caller")
    expect(caller.get_by_text("what is wrong")).to_be_visible()
    page.wait_for_function("spoken.length === 2")
    assert page.evaluate("spoken") == [["en-US", "For onsite, press 1."], ["en-US", "what is wrong"]]
    _is_fit_for_everybody(page)

    caller.get_by_role("button", name="Drop").click()
    expect(caller.get_by_text("the line is lost")).to_be_visible()
    expect(caller.get_by_role("button", name="Dial")).to_be_visible()


@pytest.mark.parametrize("looks", [(360, "dark")], ids=["narrow"])
def test_a_call_is_played_for_whoever_wants_to_watch(page: Page, network: Network, served: App) -> None:
    question = "<Say>For onsite, press 1.</Say></Gather>"
    served.documents["voice"] = (
        '<Gather numDigits="1" action="/again"><Say>Press 2 for another matter.</Say></Gather>'
    )
    served.documents["again"] = f'<Gather numDigits="1" action="/chosen">{question}'
    play = page.get_by_role("button", name="Play a call for me")
    play.click()
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_role("status").get_by_text("Stopped. The call is yours now.")).to_be_visible()

    play.click()
    caller = page.get_by_role("article", name="Caller")
    expect(caller.get_by_text("joined the conversation")).to_be_attached()
    expect(page.get_by_role("listitem").filter(has_text="Technician: answer.")).to_have_attribute(
        "aria-current", "step"
    )
    join(network)
    expect(page.get_by_text("That was the whole call.")).to_be_visible()
    expect(page.locator("#steps li.done")).to_have_count(4)
    keys = [one.text for one in network.exchange.transcript.of(CALLER) if one.kind == "pressed"]
    assert keys == ["2", "1"]
    link = phone(page, "Technician").get_by_role("link", name="Own page of Technician, in a new window")
    expect(link).to_have_attribute("href", "http://127.0.0.1:1/t")
    expect(page.get_by_role("tablist")).to_be_hidden()  # one thing at a time on a narrow screen
    _is_fit_for_everybody(page)

    # By hand it is ticked as well, and so is what somebody does another way: here without pressing 1.
    phone(page, "Technician").get_by_role("button", name="Hang up").click()
    phone(page, "Caller").get_by_role("button", name="Dial").click()
    done = page.locator("#steps li.done")
    expect(done).to_have_text(["Dial. (done)"])
    play.click()
    expect(page.get_by_text("Caller is in a call. Hang up first.")).to_be_visible()
    requests.post(
        f"{network.url}/2010-04-01/Accounts/{ACCOUNT}/Calls.json",
        auth=(ACCOUNT, TOKEN),
        data={"From": LINE, "To": TECHNICIAN, "Twiml": "<Response><Pause length='60'/></Response>"},
        timeout=5,
    )
    page.get_by_role("button", name="Answer as Technician").click()
    # At least three: on a slow machine the caller's call is over by then, and that is a step too.
    expect(done.nth(2)).to_be_attached()
    page.reload()
    expect(done.nth(2)).to_be_attached()


@BOTH
def test_somebody_else_answers(page: Page, network: Network, served: App, app: tuple[App, str]) -> None:
    served.documents["out"] = (
        '<Gather numDigits="1" action="/out" timeout="6"><Say>Press 1 to talk to us.</Say></Gather><Redirect/>'
    )
    technician = phone(page, "Technician")
    technician.get_by_text("When it rings:").click()
    choice = technician.get_by_role("combobox", name="When it rings")
    expect(technician.get_by_label("Hellos")).to_be_hidden()
    choice.select_option("a person says hello")
    technician.get_by_label("Hellos").fill("1")
    choice.select_option("it screens the call")
    expect(technician.get_by_label("Hellos")).to_have_value("2")  # the usual again: it is another choice
    technician.get_by_role("combobox", name="The owner").select_option("declines")
    technician.get_by_label("Seconds until then").fill("1")
    technician.get_by_label("Screened by").select_option("Pixel")
    technician.get_by_label("Language").select_option("Spanish")
    _is_fit_for_everybody(page)
    technician.get_by_label("Seconds until then").press("Enter")
    expect(technician.get_by_text("When it rings: it screens the call")).to_be_visible()

    requests.post(
        f"{network.url}/2010-04-01/Accounts/{ACCOUNT}/Calls.json",
        auth=(ACCOUNT, TOKEN),
        data={"From": LINE, "To": TECHNICIAN, "Url": f"{app[1]}/out"},
        timeout=5,
    )
    expect(technician.get_by_text("Hola, la persona a la que llama")).to_be_visible()
    expect(technician.get_by_text("no puede hablar en este momento. Adiós.")).to_be_visible()
    expect(technician.get_by_text("hung up")).to_be_visible()

    technician.get_by_text("When it rings:").click()
    expect(technician.get_by_label("Screened by")).to_have_value("pixel")
    choice.select_option("you answer")
    expect(technician.get_by_label("Screened by")).to_be_hidden()
    technician.get_by_role("button", name="Set").click()
    expect(technician.get_by_text("When it rings: you answer")).to_be_visible()


def test_a_prompt_is_spoken_in_its_language_and_answered_by_voice(page: Page, served: App) -> None:
    served.documents["voice"] = (
        '<Gather input="speech" speechTimeout="auto" action="/chosen" timeout="600">'
        '<Say language="es-US">Diga qué pasa.</Say></Gather>'
    )
    caller = phone(page, "Caller")
    caller.get_by_label("Number to dial").press("Enter")
    expect(caller.get_by_text("Diga qué pasa.")).to_have_attribute("lang", "es-US")
    page.wait_for_function("spoken.length === 1")
    assert page.evaluate("spoken[0]") == ["es-US", "Diga qué pasa."]
    caller.get_by_role("button", name="Speak").click()
    expect(caller.get_by_text("the printer is dead (es-US)")).to_be_visible()
    expect(caller.get_by_text("joined the conversation")).to_be_visible()


def test_sound_off_is_remembered(page: Page) -> None:
    page.get_by_role("button", name="Mute").click()
    page.reload()
    caller = phone(page, "Caller")
    expect(page.get_by_role("button", name="Mute")).to_have_attribute("aria-pressed", "true")
    caller.get_by_role("button", name="Dial").click()
    caller.get_by_role("button", name="1", exact=True).click()
    expect(caller.get_by_text("joined the conversation")).to_be_visible()
    assert page.evaluate("[spoken, tones]") == [[], []]


def test_keys_of_the_keyboard_are_keys_of_the_telephone(page: Page) -> None:
    caller = phone(page, "Caller")
    caller.get_by_label("Number to dial").press("Enter")
    expect(caller.get_by_text("For onsite, press 1.")).to_be_visible()
    caller.get_by_role("button", name="5", exact=True).focus()
    page.keyboard.press("1")
    expect(caller.get_by_text("joined the conversation")).to_be_visible()
    expect(caller.get_by_role("button", name="5", exact=True)).to_be_focused()


@BOTH
def test_the_log_shows_parameters_and_document(page: Page) -> None:
    phone(page, "Caller").get_by_role("button", name="Dial").click()
    side = network_side(page)
    asked = side.get_by_role("listitem").filter(has_text="POST/voice200")
    asked.locator("summary").click()
    expect(asked.get_by_text("Webhook: voice.inbound")).to_be_visible()
    expect(asked.locator("dd", has_text=LINE).first).to_be_visible()
    expect(asked.get_by_role("region", name="The answer")).to_contain_text('<Gather numDigits="1"')
    _is_fit_for_everybody(page)
    side.get_by_label("About").select_option(label="Technician")
    expect(asked).to_be_hidden()


def test_what_shall_go_wrong_goes_wrong_once(page: Page) -> None:
    side = network_side(page)
    side.get_by_role("tab", name="Webhooks").press("ArrowRight")
    fault = side.get_by_role("button", name="The application answers 500")
    other = side.get_by_role("button", name="Lists are 30 s behind")
    fault.click()
    other.click()
    expect(fault).to_have_attribute("aria-pressed", "true")
    expect(other).to_have_attribute("aria-pressed", "true")
    other.click()
    expect(other).to_have_attribute("aria-pressed", "false")
    phone(page, "Caller").get_by_role("button", name="Dial").click()
    network_side(page)
    expect(fault).to_have_attribute("aria-pressed", "false")
    side.get_by_role("tab", name="Debugger (1)").click()
    expect(side.get_by_text("11200", exact=False)).to_be_visible()


def test_the_clock_is_where_the_line_is_and_can_be_moved_on(page: Page, served: App) -> None:
    expect(page.locator("#clock")).to_contain_text("GMT+5:45")
    served.documents["voice"] = '<Say>Wait.</Say><Pause length="580"/><Say>At last.</Say>'
    caller = phone(page, "Caller")
    caller.get_by_role("button", name="Dial").click()
    expect(caller.get_by_text("Wait.")).to_be_visible()
    page.get_by_role("button", name="+10 min").click()
    expect(caller.get_by_text("At last.")).to_be_visible()
    page.get_by_role("button", name="To the next event").click()
    expect(page.get_by_role("alert")).to_have_text("nothing is going to happen by itself")


def test_a_telephone_may_be_left_to_a_machine(page: Page, served: App, network: Network) -> None:
    technician = phone(page, "Technician")
    technician.get_by_text("When it rings: you answer").click()
    technician.get_by_label("When it rings").select_option("busy")
    technician.get_by_role("button", name="Set").click()
    expect(technician.get_by_text("When it rings: busy")).to_be_visible()
    caller = phone(page, "Caller")
    caller.get_by_role("button", name="Dial").click()
    caller.get_by_role("button", name="1", exact=True).click()
    join(network)
    technician = phone(page, "Technician")
    expect(technician.get_by_text("missed (busy)")).to_be_visible()


def test_what_cannot_be_done_is_said(page: Page) -> None:
    caller = phone(page, "Caller")
    caller.get_by_label("Number to dial").fill("+19995550000")
    caller.get_by_role("button", name="Dial").click()
    expect(page.get_by_role("alert")).to_contain_text("nobody owns +19995550000")


def test_another_telephone_can_be_added(page: Page) -> None:
    side = network_side(page)
    side.get_by_role("tab", name="Add a phone").click()
    side.get_by_label("Number", exact=True).fill("+12025550144")
    side.get_by_label("Name").fill("Olive")
    side.get_by_role("button", name="Add").click()
    expect(phone(page, "Olive").get_by_text("Idle")).to_be_visible()


def _is_fit_for_everybody(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert violations(page) == []
