"""Whether the environment suits: settings and secrets."""

from collections.abc import Iterator

from sqlalchemy import JSON, select, type_coerce

from ivr.backoffice.checks.finding import Finding, ok, warning, wrong
from ivr.company.mail.models import Mail
from ivr.core.db import session
from ivr.core.db.sealed import SEALED
from ivr.services import Services


def check_settings(ours: Services) -> Iterator[Finding]:
    """Say which kind of service this is. A process with a faulty setting does not start, so nothing else is left."""
    config = ours.config
    if not config.is_production:
        yield ok(
            "This is a development machine: the simulator is the phone network, and nothing is for real."
        )
        return
    yield ok("Every setting that production needs is right.")
    if config.is_simulated:
        yield wrong(
            "No Twilio account is set, so no call comes here.",
            "Set TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN.",
        )


def check_secrets(ours: Services) -> Iterator[Finding]:
    """Look whether second keys are left over, and whether our keys open what the database keeps sealed."""
    config = ours.config
    left = [
        name
        for name, value in (
            ("SECOND_SECRET_KEY", config.second_secret_key),
            ("SECOND_TWILIO_AUTH_TOKEN", config.second_twilio_auth_token),
        )
        if value
    ]
    for name in left:
        yield warning(
            f"{name} is set: an old secret still opens this service.",
            "Take it away when the change is over (docs/operations.md, A new SECRET_KEY).",
        )
    with ours.database.reading():
        newest = select(type_coerce(Mail.values, JSON)).order_by(Mail.id.desc()).limit(1)
        kept = session.scalar(newest)
    if isinstance(kept, dict) and SEALED in kept and ours.seal.opened(kept[SEALED]) is None:
        yield wrong(
            "SECRET_KEY does not open what the database has sealed: links and emails are lost.",
            "Set SECRET_KEY, or SECOND_SECRET_KEY, to the key that it had before.",
        )
    elif not left:
        yield ok("The secret key opens what is sealed." if kept else "There is one secret key.")
