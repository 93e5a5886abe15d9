"""One page for each link: what the customer is asked to pay, or why this link is good no longer."""

import re
from typing import Final

from flask import Blueprint, Flask, Response, current_app, render_template, request
from flask_login import current_user

from ivr import installed
from ivr.company import service as company
from ivr.hours import rules as hours_rules
from ivr.hours import service as hours
from ivr.intake import service as intakes
from ivr.intake.rules import shown_number
from ivr.mail import rendering
from ivr.portal import words
from ivr.quotes import queries, rules, service
from ivr.quotes.links import Links

blueprint = Blueprint(
    "portal", __name__, template_folder="templates", static_folder="static", static_url_path="/portal/static"
)

blueprint.app_template_filter("cents")(rules.shown)

#: Programs that open the links in people's mail before people do. One that says nothing of itself is one, too.
_NO_PERSON: Final = re.compile(r"bot|crawl|spider|preview|scan|fetch|curl|wget|python|^$", re.IGNORECASE)


def init_portal(app: Flask) -> None:
    """Put the customer's window into the application."""
    app.register_blueprint(blueprint)


@blueprint.get("/pay/<token>")
def page(token: str) -> tuple[str, int]:
    """The estimate. 410 when this link is good no longer, 404 when it was never one."""
    with installed.database().reading():
        quote = queries.by_token(_links(), token)
        policy = company.current()
        if quote is None:
            return render_template("portal/lost.html", policy=policy, number=shown_number, language="en"), 404
        intake = intakes.of(quote.intake_id)
        standing = queries.standing(quote)
        language = _language(quote.language)
        agreed_at = rendering.moment(quote.agreed_at.isoformat(), language) if quote.agreed_at else None
        sent_on = hours_rules.local(hours.calendar(), quote.sent_at or quote.created_at).date()
    shown = render_template(
        "portal/page.html",
        token=token,
        quote=quote,
        price=quote.price,
        intake=intake,
        standing=standing,
        sent_on=sent_on,
        agreed_at=agreed_at,
        policy=policy,
        language=language,
        say=words.WORDS[language],
        other=words.OTHER[language],
        number=shown_number,
        day=words.shown_day,
    )
    if standing == rules.SENT and quote.opened_at is None and _is_person():
        with installed.database().transaction():
            service.opened(quote.id)
    return shown, 200 if standing in {rules.SENT, rules.PAID} else 410


@blueprint.after_request
def with_headers(response: Response) -> Response:
    """The address is the key: nobody indexes, keeps, frames or passes it on."""
    response.headers.update(
        {
            "Content-Security-Policy": "default-src 'self'; script-src 'none'; frame-ancestors 'none'; "
            f"base-uri 'none'; form-action 'self'{_till_pages()}",
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
            "X-Robots-Tag": "noindex, nofollow",
        }
    )
    if request.endpoint != "portal.static":
        response.headers["Cache-Control"] = "no-store"
    return response


def _till_pages() -> str:
    """The provider's page, to which our form leads by a redirect: browsers hold that to ``form-action``, too."""
    till = current_app.extensions["till"]() if "till" in current_app.extensions else None
    return f" {till.pages}" if till is not None and till.pages else ""


def _language(of_quote: str) -> str:
    asked = request.args.get("lang") or of_quote
    return asked if asked in words.WORDS else "en"


def _is_person() -> bool:
    """Neither a program nor one of us: what the desk is told about the customer should be about the customer."""
    return (
        request.method == "GET"
        and not _NO_PERSON.search(request.headers.get("User-Agent", ""))
        and "prefetch" not in request.headers.get("Sec-Purpose", "") + request.headers.get("Purpose", "")
        and not current_user.is_authenticated
    )


def _links() -> Links:
    settings = installed.settings()
    return Links(settings.secret_key, settings.public_url)
