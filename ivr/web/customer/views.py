"""One page for each link: what was agreed, paid and booked, what is open, or what replaced this link.

Its forms carry no token against forgery: a forger would have to know the link, and with it needs no form.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request
from flask_login import current_user
from structlog import get_logger
from werkzeug.wrappers import Response as AnyResponse

from ivr.backoffice.estimates import letters
from ivr.backoffice.estimates import queries as estimates_queries
from ivr.backoffice.estimates import rules as estimates_rules
from ivr.backoffice.estimates import service as estimates
from ivr.backoffice.estimates.bookings import confirmations, explanations
from ivr.backoffice.estimates.customer_links import Links
from ivr.backoffice.estimates.letters import NoLinkError, TooOftenError
from ivr.backoffice.estimates.models import Estimate
from ivr.backoffice.estimates.rules import EstimateState
from ivr.backoffice.follow_ups import reminders
from ivr.backoffice.payments import wording
from ivr.callcenter.intake import service as intakes
from ivr.company.hours import service as hours
from ivr.company.mail import rendering
from ivr.company.policy import service as policy
from ivr.core.errors import Refusal
from ivr.core.money import format_cents
from ivr.core.phone_numbers import shown_number
from ivr.services import services
from ivr.web import bad_links
from ivr.web.customer import lines, queries, rules, texts
from ivr.web.customer.queries import Matter
from ivr.web.headers import protect
from ivr.web.once import guard, once

log = get_logger(__name__)

blueprint = Blueprint("portal", __name__, template_folder="templates")

blueprint.app_template_filter("cents")(format_cents)
guard(blueprint)


class LostLinkError(Exception):
    """There is nothing at this link, or never was."""


@blueprint.get("/pay/<token>")
def page(token: str) -> tuple[str, int]:
    """Show the matter. 410 when this link is no longer valid, 404 when it never was."""
    with services().database.reading():
        matter = queries.matter(quote_of(token))
        rendered = shown("page", token, matter)
        before = matter.quote.opened_at
        is_certain = before is not None and not letters.is_perhaps_scanned(matter.quote, before)
        is_news = matter.standing == EstimateState.SENT and not is_certain
    if is_news and _is_customer():
        with services().database.transaction():
            estimates.opened(matter.quote.id)
    return rendered(), 200 if matter.is_good else 410


@blueprint.get("/pay/<token>/receipt")
def receipt(token: str) -> str:
    """Show all payments of this matter and what they are for, on one sheet for the books."""
    with services().database.reading():
        matter = queries.matter(quote_of(token))
        if not (matter.is_good and matter.money.lines):
            raise LostLinkError
        rendered = shown("receipt", token, matter)
    return rendered()


@blueprint.get("/pay/<token>/visit.ics")
def visit(token: str) -> Response:
    """Return the visit for the customer's calendar, or what takes it out of there: the same file as in the letter."""
    with services().database.reading():
        matter = queries.matter(quote_of(token))
        booking = matter.booking or matter.cancelled
        if booking is None:
            raise LostLinkError
        file = confirmations.file(booking, matter.intake, sender=services().config.mail_from)
    disposition = {"Content-Disposition": "attachment; filename=onsite-support.ics"}
    return Response(file, mimetype="text/calendar", headers=disposition)


@blueprint.post("/pay/<token>/again")
def again(token: str) -> AnyResponse | tuple[str, int]:
    """Mail the link in force to the intake's email address. The page never shows it."""
    try:
        with once():
            quote = quote_of(token)
            in_force = (
                quote
                if estimates_queries.state_today(quote) in estimates_rules.GOOD
                else queries.in_place_of(quote)
            )
            if in_force is None:
                raise NoLinkError
            letters.post_link(in_force, intakes.get(quote.intake_id))
    except Refusal as refusal:
        log.info("link_not_sent_again", why=type(refusal).__name__)
        is_too_often = isinstance(refusal, TooOftenError)
        with services().database.reading():
            matter = queries.matter(quote_of(token))
            rendered = shown("page", token, matter, problem="too_often" if is_too_often else "not_again")
        return rendered(), 429 if is_too_often else 409
    return redirect(f"/pay/{token}?lang={language_of(quote.language)}", 303)


@blueprint.post("/pay/<token>/no-reminders")
def no_reminders(token: str) -> AnyResponse:
    """Stop the letters that remind of this estimate. Repeating it changes nothing."""
    with once():
        quote = quote_of(token)
        reminders.stop(quote.id)
        language = language_of(quote.language)
    return redirect(f"/pay/{token}?lang={language}", 303)


@blueprint.errorhandler(LostLinkError)
def lost(_: LostLinkError) -> tuple[str, int]:
    """Answer a link that opens nothing. It is counted, and 429 after too many."""
    with services().database.reading():
        current = policy.current()
    shown = render_template("portal/lost.html", policy=current, number=shown_number, language="en")
    return shown, bad_links.status()


def shown(template: str, token: str, matter: Matter, **more: Any) -> Callable[[], str]:
    """Return what renders the page, when the transaction in which its values were read is over."""
    quote, money, current, calendar = matter.quote, matter.money, policy.current(), hours.calendar()
    language = language_of(quote.language)
    phone = shown_number(current.company_phone).replace(" ", "\u00a0").replace("-", "\u2011")
    return partial(
        render_template,
        f"portal/{template}.html",
        token=token,
        matter=matter,
        quote=quote,
        money=money,
        intake=matter.intake,
        standing=matter.standing,
        policy=current,
        language=language,
        say=texts.WORDS[language],
        paying=wording.texts(language),
        lines=lines,
        explanations=explanations,
        # A void link shows only the money that was paid through it.
        balance=wording.balance_sentence(language, money.sums, current.refund_days)
        if matter.is_good or money.sums.paid
        else "",
        other=texts.OTHER[language],
        number=shown_number,
        us={"phone": phone, "reference": matter.intake.reference},
        day=partial(rendering.day, calendar=calendar),
        date=rendering.date_shown,
        moment=partial(rendering.moment, calendar=calendar),
        window=partial(rendering.window, calendar=calendar),
        hours_of=partial(rendering.hours_of, calendar=calendar),
        zone_of=partial(rendering.zone_of, calendar=calendar),
        **more,
    )


@blueprint.after_request
def with_headers(response: Response) -> Response:
    """The URL is the key: the headers forbid indexing, storing, framing and passing it on."""
    return protect(
        response,
        scripts=False,
        form_goes_to=_provider_pages(),
        referrer="no-referrer",
        is_indexed=False,
    )


def _provider_pages() -> str:
    """Return the provider's origin, to which our form redirects: browsers apply ``form-action`` to redirects too."""
    provider = services().payments
    return provider.pages if provider is not None else ""


def language_of(of_quote: str) -> str:
    """Return the language that was asked for, else the estimate's."""
    asked = request.args.get("lang") or of_quote
    return asked if asked in texts.WORDS else "en"


def _is_customer() -> bool:
    """Whether a customer opens the page, not a program or staff: only a customer's visit is noted on the intake."""
    return not rules.is_program(request.method, dict(request.headers)) and not current_user.is_authenticated


def quote_of(token: str) -> Estimate:
    """Return the estimate of this link. Raises LostLinkError."""
    config = services().config
    quote = estimates_queries.by_token(Links(config.secret_keys, config.public_url), token)
    if quote is None:
        raise LostLinkError
    return quote
