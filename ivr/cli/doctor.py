"""``flask --app ivr doctor``: checks that everything is ready for a number to point here."""

from collections.abc import Callable, Iterator

import click
import requests
from flask.cli import with_appcontext
from sqlalchemy.exc import SQLAlchemyError

from ivr.callcenter.continuity import service as continuity
from ivr.cli.doctor_continuity import check_continuity
from ivr.cli.doctor_proxy import Finding, check_proxy
from ivr.company.policy import service as policy
from ivr.company.staff import roster
from ivr.company.staff.models import Role, Staff
from ivr.core.config import Config
from ivr.core.db import Database, outage
from ivr.platform.providers.checkout import PaymentRefusedError, PaymentUnavailableError
from ivr.platform.providers.mailer import MailLaterError
from ivr.platform.providers.telephone import (
    LegGoneError,
    OutcomeUnknownError,
    RefusedError,
    TryLaterError,
    WebhookUrls,
)
from ivr.platform.voice import shared_keys
from ivr.platform.voice.signature import signature_for
from ivr.services import services

_MARKS = {True: "ok   ", False: "FAULT", None: "warn "}


@click.command()
@with_appcontext
def doctor() -> None:
    """Check database, number, public address, signature, staff, mail and payments. Exit status 1 on a fault."""
    config = services().config
    database = services().database
    well = True
    for check in (
        _database(database),
        _number(config, database),
        check_continuity(config, database),
        _doorway(config),
        _shared_keys(database),
        check_proxy(config),
        _staff(database),
        _mail(config, database),
        _payments(config),
    ):
        for good, words in _without_outage(check):
            well &= good is not False
            click.echo(f"{_MARKS[good]}  {words}")
    if not well:
        raise SystemExit(1)


def _without_outage(check: Iterator[Finding]) -> Iterator[Finding]:
    """Yield what the check finds, and where it needs a database that is away, full or damaged, that."""
    try:
        yield from check
    except SQLAlchemyError as fault:
        why = outage(fault)
        if why is None:
            raise
        yield False, why


def _database(database: Database) -> Iterator[Finding]:
    from ivr.cli.db import is_current  # noqa: PLC0415  # Alembic is slow to import

    current = is_current(database)
    yield (
        current,
        "the database is up to date" if current else "the database is behind: flask --app ivr db upgrade",
    )


def _number(config: Config, database: Database) -> Iterator[Finding]:
    number = config.twilio_phone_number
    with database.reading():
        kept = continuity.kept_flow()
    fallback = kept.url if kept and kept.is_on else None
    try:
        found = services().telephone.webhook_urls()
    except LegGoneError:
        yield False, f"the account does not own {number}"
    except (OutcomeUnknownError, RefusedError, TryLaterError) as trouble:
        yield False, f"the phone network does not respond: {trouble}"
    else:
        right = found == WebhookUrls.below(config.public_url, fallback=fallback)
        if found.ignored_for:
            words = (
                f"{number} ignores its addresses, because {' and '.join(found.ignored_for)} takes its calls"
            )
            yield False, f"{words}: flask --app ivr provision --take-over"
        else:
            elsewhere = f"{number} rings elsewhere: flask --app ivr provision"
            yield right, f"{number} rings here" if right else elsewhere


def _doorway(config: Config) -> Iterator[Finding]:
    """Request the public address as Twilio does, with a signature and without."""
    url = WebhookUrls.below(config.public_url).fallback
    form = {"AccountSid": config.twilio_account_sid, "CallSid": "CA" + "0" * 32}
    signed = {"X-Twilio-Signature": signature_for(url, form, config.twilio_auth_token)}
    asks: list[tuple[dict[str, str], Callable[[int], bool], str, str]] = [
        (
            signed,
            lambda code: code == requests.codes.ok,
            "answers a signed request",
            "refuses a signed request",
        ),
        ({}, lambda code: code == requests.codes.forbidden, "refuses a stranger", "answers a stranger"),
    ]
    for headers, is_right, good, bad in asks:
        try:
            answer = requests.post(url, data=form, headers=headers, timeout=10)
        except requests.RequestException as trouble:
            yield False, f"{config.public_url} cannot be reached: {type(trouble).__name__}"
            return
        right = is_right(answer.status_code)
        yield right, f"{config.public_url} {good if right else bad} ({answer.status_code})"


def _shared_keys(database: Database) -> Iterator[Finding]:
    with database.reading():
        refused = shared_keys.refused_at()
    if refused:
        came = f"a webhook signed with a shared key was refused, first on {refused:%Y-%m-%d %H:%M} UTC"
        yield None, f"{came}: if it was Twilio, exempt /voice/ from the account's Webhooks Rule"


def _staff(database: Database) -> Iterator[Finding]:
    with database.reading():
        available = [one for one in roster.everyone() if one.is_available]
    for role in (Role.TECHNICIAN, Role.OPERATOR):
        yield _somebody(available, role)


def _somebody(available: list[Staff], role: Role) -> Finding:
    count = sum(one.role == role for one in available)
    return count > 0, f"{count} {role}{'' if count == 1 else 's'} to call"


def _mail(config: Config, database: Database) -> Iterator[Finding]:
    if not config.smtp_url:
        yield (
            (False, "no e-mail can be sent, no link and no receipt: set SMTP_URL and MAIL_FROM")
            if config.is_production
            else (True, "e-mails go to the outbox, to be read in the console")
        )
        return
    try:
        services().mailer.check()
    except MailLaterError as trouble:
        yield False, f"no e-mail can be sent: {trouble}"
    else:
        yield True, "the mail server lets us in"
    with database.reading():
        current = policy.current()
    if not (current.reply_to or current.operations_email):
        yield (
            None,
            f"customers' answers go to {config.mail_from}: set where, on the page of the company's settings",
        )


def _payments(config: Config) -> Iterator[Finding]:
    """Ask Stripe only when there is a key, and only to read."""
    provider = services().payments
    if provider is None or not config.stripe_api_key:
        words = "nobody can pay: set STRIPE_API_KEY and STRIPE_WEBHOOK_SECRET"
        yield (None, words) if config.is_production else (True, "payments go to the sandbox payment page")
        return
    if config.is_production and "_test_" in config.stripe_api_key:
        yield None, "the Stripe key is a test key: no money is real"
    try:
        wrong = provider.check(f"{config.public_url}/payments/stripe")
    except PaymentRefusedError as refused:
        yield False, f"Stripe refuses the key: {type(refused.__cause__).__name__}"
    except PaymentUnavailableError:
        yield False, "Stripe does not answer"
    else:
        yield from ((False, words) for words in wrong)
        if not wrong:
            yield True, "Stripe takes the key, and its webhook leads here"
