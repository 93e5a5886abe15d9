"""What a new line still needs, each with what was found, what to do, and where. Owners see it until it is done."""

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from flask import abort, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from ivr.backoffice.checks.finding import Finding, State, without_outage, worst
from ivr.backoffice.checks.payments import check_payments
from ivr.backoffice.checks.telephone import check_doorway, check_number
from ivr.company.first_run import checklist, letter_to_oneself
from ivr.company.first_run.items import Item, Said
from ivr.company.first_run.letter_to_oneself import ArrivalLinks, OldLetterError
from ivr.company.hours import service as hours
from ivr.company.staff import roster
from ivr.company.staff.models import Role
from ivr.services import Services, services
from ivr.web.console.account.shell import myself
from ivr.web.console.common.gate import blueprint
from ivr.web.console.settings.pages import shown
from ivr.web.once import once


class Words(NamedTuple):
    """What the page says of an item: why and how, the pages where it is done, and the button that checks."""

    title: str
    why: str
    #: By endpoint: the words of the link.
    links: Mapping[str, str] = MappingProxyType({})
    button: str = ""


WORDS: Final[Mapping[Item, Words]] = {
    Item.COMPANY: Words(
        "Company and greeting",
        "Set the name and the phone number. Read what callers hear, and record it in your own voice if you like.",
        {"console.company_settings": "Set the company", "console.prompts": "Read the greeting"},
    ),
    Item.HOURS: Words(
        "Hours",
        "Set when the office is open. At all other times callers hear when it opens, and are called back.",
        {"console.opening_hours": "Set the hours"},
    ),
    Item.PRICES: Words(
        "Prices",
        "Set the fee for a visit and the hourly rate. Callers hear the fee; operators make estimates with both.",
        {"console.money_settings": "Set the prices"},
    ),
    Item.PEOPLE: Words(
        "People",
        "Add at least one technician and one operator. Then open each and press Test call: they press 1.",
        {"console.people": "Add people"},
    ),
    Item.MAIL: Words(
        "Email",
        "Estimates, receipts and links go out by email. Send yourself a test email and open its link. Whoever runs "
        "this service sets SMTP_URL and MAIL_FROM.",
        button="Send me a test email",
    ),
    Item.PAYMENTS: Words(
        "Payments",
        "Customers pay with Stripe. Whoever runs this service sets STRIPE_API_KEY and STRIPE_WEBHOOK_SECRET.",
        button="Check Stripe",
    ),
    Item.NUMBER: Words(
        "The number",
        "The phone network must send calls to this service. If it does not, whoever runs it points the number here: "
        "flask --app ivr provision.",
        button="Check the number",
    ),
}
#: What an owner confirms, in the words of the button.
CONFIRM: Final[Mapping[Said, str]] = {
    Said.COMPANY: "Name and greeting are right",
    Said.HOURS: "These hours are right",
    Said.NO_PAYMENTS: "Nobody pays online",
}


def _number_and_address(ours: Services) -> Iterable[Finding]:
    yield from check_number(ours)
    yield from check_doorway(ours)


_ASKED_OUTSIDE: Final[Mapping[Item, Callable[[Services], Iterable[Finding]]]] = {
    Item.PAYMENTS: check_payments,
    Item.NUMBER: _number_and_address,
}


@blueprint.get("/settings/checklist")
def checklist_page() -> str:
    """Show every item, and how it stands."""
    ours = services()
    with ours.database.reading():
        standings = checklist.standings(ours.config)
        calendar = hours.calendar()
        rung = [one for one in roster.everyone() if one.is_active and one.role != Role.OWNER]
    return shown(
        "checklist.html",
        title="Checklist",
        standings=standings,
        calendar=calendar,
        rung=rung,
        words=WORDS,
        confirm=CONFIRM,
        has_button=_has_button,
    )


@blueprint.post("/settings/checklist")
def check_item() -> Response:
    """Do what its button says: ask outside and keep what was found, send a letter, or note what is confirmed."""
    ours = services()
    said, item = request.form.get("say", ""), request.form.get("check", "")
    if said in set(Said):
        with once():
            checklist.say(Said(said), current_user)
        flash("Saved.")
    elif item == Item.MAIL:
        with once():
            letter_to_oneself.send(myself(), _links())
        flash("The test email is on its way. Open it and click its link.")
    elif item in set(_ASKED_OUTSIDE):
        check = _ASKED_OUTSIDE[Item(item)]
        found = list(without_outage(check(ours)))  # in no transaction: it waits for others
        is_well = worst(one.state for one in found) != State.WRONG
        words = " ".join(one.words for one in found)
        with once():
            checklist.note(Item(item), is_well=is_well, words=words, by=current_user)
        flash("Checked: all good." if is_well else "Checked: something is wrong. See below.")
    else:
        abort(400)
    return redirect(url_for("console.checklist_page"), 303)


@blueprint.get("/checklist/letter/<token>")
def letter_arrived(token: str) -> tuple[str, int] | str:
    """Note that the letter has arrived. A mail scanner that opens the link shows the same."""
    try:
        with services().database.transaction():
            letter_to_oneself.arrived(token, _links())
    except OldLetterError as refused:
        return render_template("console/error.html", title="Not this link", words=refused.shown), 410
    words = "Email from this service reaches you. The checklist is updated."
    return render_template("console/error.html", title="The email arrived", words=words)


@blueprint.app_template_global("checklist_left")
def checklist_left() -> list[str]:
    """Return the titles of what is still to be done, for the banner of owners."""
    if not getattr(current_user, "is_owner", False):
        return []
    ours = services()
    with ours.database.reading():
        return [WORDS[item].title for item in checklist.left(ours.config)]


def _has_button(item: Item) -> bool:
    """Whether checking it does anything here."""
    config = services().config
    needs = {Item.MAIL: config.smtp_url, Item.PAYMENTS: config.stripe_api_key}
    return bool(WORDS[item].button) and bool(needs.get(item, True))


def _links() -> ArrivalLinks:
    config = services().config
    return ArrivalLinks(config.secret_keys, config.public_url)
