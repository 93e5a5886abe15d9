"""The onsite support line. ``create_app`` is its table of contents."""

from functools import cache

from flask import Flask, Response, send_from_directory
from werkzeug.middleware.proxy_fix import ProxyFix

from flows import FLOWS, SCRIPT, SOUNDS, documents
from ivr.callcenter.calls import network_outages
from ivr.callcenter.intake import views as clips
from ivr.callcenter.recording.sound import sound
from ivr.callcenter.supervision import recording_webhook, webhooks
from ivr.cli import init_commands
from ivr.company.prompts import views as prompts
from ivr.core import config
from ivr.core.config import Settings
from ivr.core.db import Database, is_unavailable, retry_on_deadlock
from ivr.core.logging_setup import init_logs
from ivr.platform.jobs.context import Switchboard
from ivr.platform.jobs.interfaces import Queue
from ivr.platform.providers.checkout import Till
from ivr.platform.providers.mailer import Mailer
from ivr.platform.providers.telephone import Telephone
from ivr.platform.voice.signature import init_doorway
from ivr.web.console.pages import init_console
from ivr.web.customer.payment_views import init_payments
from ivr.web.customer.views import init_portal
from ivr.web.health.views import init_health
from ivr.web.technician.views import init_technician
from ivr.worker import doors, make_worker

#: The largest request body: a voice webhook is a few kilobytes.
LARGEST_BODY = 256 * 1024


def create_app(
    settings: Settings | None = None, line: Telephone | None = None, mailer: Mailer | None = None
) -> Flask:
    """The whole application: database, jobs, script, console, commands.

    ``line`` is the way out to the network; by default Twilio's REST API at the configured address.
    ``mailer`` carries the letters; by default the SMTP server, or without one a folder.
    Raises BadSettingsError, which lists every fault, before anything is started.
    """
    if settings is None:
        init_logs()
        settings = config.from_environment()
    if settings.sentry_dsn:
        from ivr.web.health.faults import init_faults  # noqa: PLC0415  # not loaded where it is not wanted

        init_faults(settings.sentry_dsn, environment="production" if settings.is_production else "desk")
    app = Flask("ivr")
    app.config.update(SECRET_KEY=settings.secret_key, MAX_CONTENT_LENGTH=LARGEST_BODY)

    database = Database(settings.database_url, queue=_queue(settings))
    app.extensions.update(settings=settings, database=database)
    app.extensions.update(
        transaction=database.transaction, is_unavailable=is_unavailable, retry_on_deadlock=retry_on_deadlock
    )

    init_doorway(app, public_url=settings.public_url, auth_token=settings.twilio_auth_token)
    app.extensions["script"] = SCRIPT
    for listed in FLOWS:
        app.register_blueprint(listed.flow.blueprint)
    app.register_blueprint(documents.blueprint)
    app.register_blueprint(webhooks.blueprint)
    app.register_blueprint(recording_webhook.blueprint)
    app.register_blueprint(clips.blueprint)
    prompts.init_prompts(app)
    app.add_url_rule("/sounds/<path:name>", "sounds", _sound)
    init_health(app)

    if settings.is_production:
        # One proxy ends TLS before us. The doorway does not rely on what it says: PUBLIC_URL is the truth there.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1)  # type: ignore[method-assign]

    # Made when asked for: a web process carries no REST client about.
    app.extensions["line"] = cache(lambda: line or _twilio(settings))
    app.extensions["sound_of"] = lambda sid: sound(app.extensions["line"](), sid)
    app.extensions["circuit"] = cache(lambda: _circuit(app))
    app.extensions["till"] = cache(lambda: _till(settings, database))
    app.extensions["mailer"] = cache(lambda: mailer or _mailer(settings))
    app.extensions["worker"] = cache(lambda: make_worker(_job_context(app)))
    init_console(app)
    init_technician(app)
    init_payments(app)
    init_portal(app)
    init_commands(app)
    return app


def _queue(settings: Settings) -> Queue:
    """DATABASE_URL alone decides which engine runs the jobs."""
    if settings.is_on_sqlite:
        from ivr.platform.jobs.embedded import EmbeddedQueue  # noqa: PLC0415

        return EmbeddedQueue()
    from ivr.platform.jobs.distributed import DistributedQueue  # noqa: PLC0415  # a web process on SQLite needs none of it

    return DistributedQueue()


def _job_context(app: Flask) -> Switchboard:
    settings: Settings = app.extensions["settings"]
    return Switchboard(
        database=app.extensions["database"],
        line=app.extensions["circuit"](),
        doors=doors(settings.public_url),
        till=app.extensions["till"],
        mailer=app.extensions["mailer"](),
        mail_from=settings.mail_from,
        address=settings.public_url,
    )


def _circuit(app: Flask) -> Telephone:
    """The way out of a worker; what it learns of the network is written down for the others."""
    from ivr.platform.providers.circuit_breaker import Circuit  # noqa: PLC0415

    database: Database = app.extensions["database"]

    def told(answers: bool) -> None:  # noqa: FBT001  # its only meaning
        with database.transaction():
            network_outages.note_network(answers=answers)

    return Circuit(app.extensions["line"](), told)


def _twilio(settings: Settings) -> Telephone:
    from ivr.platform.providers.twilio_calls import TwilioTelephone  # noqa: PLC0415
    from ivr.platform.providers.twilio_http import AtAddress  # noqa: PLC0415

    return TwilioTelephone(
        settings.twilio_account_sid,
        settings.twilio_auth_token,
        settings.twilio_phone_number,
        AtAddress(settings.twilio_api_url),
        settings.twilio_api_url,
    )


def _till(settings: Settings, database: Database) -> Till | None:
    if settings.stripe_api_key:
        from ivr.platform.providers.stripe import StripeTill  # noqa: PLC0415

        return StripeTill(settings.stripe_api_key, settings.stripe_webhook_secret, settings.stripe_api_url)
    if not settings.takes_payments:
        return None
    from ivr.backoffice.payments.sandbox import SandboxTill  # noqa: PLC0415

    return SandboxTill(database, settings.public_url)


def _mailer(settings: Settings) -> Mailer:
    from ivr.platform.providers.outbox import outbox_of  # noqa: PLC0415
    from ivr.platform.providers.smtp import SmtpMailer  # noqa: PLC0415
    from ivr.platform.providers.smtp_url import server_of  # noqa: PLC0415

    return outbox_of(settings) or SmtpMailer(server_of(settings.smtp_url), settings.mail_from)


def _sound(name: str) -> Response:
    return send_from_directory(SOUNDS, name, max_age=86400)
