"""The onsite support line. ``create_app`` is its table of contents."""

from functools import cache

from flask import Flask, Response, send_from_directory
from werkzeug.middleware.proxy_fix import ProxyFix

from ivr import settings as settings_module
from ivr.db import Database, despite_deadlocks, is_away
from ivr.jobs.interfaces import Queue, Worker
from ivr.logs import init_logs
from ivr.mail.interfaces import Mailer
from ivr.payments.interfaces import Till
from ivr.settings import Settings
from ivr.telephony.interfaces import Switchboard, Telephone

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
    from flows import (  # noqa: PLC0415  # flows import ivr: inside, so that this is no circle
        after_hours,
        briefing,
        callback,
        closing,
        desk,
        front_door,
        intake,
        rescue,
        screening,
        standing,
        waiting,
    )
    from ivr.calls import views  # noqa: PLC0415
    from ivr.cli import init_commands  # noqa: PLC0415
    from ivr.console import init_console  # noqa: PLC0415
    from ivr.health.views import init_health  # noqa: PLC0415
    from ivr.inbox import service as inbox  # noqa: PLC0415
    from ivr.intake import views as clips  # noqa: PLC0415
    from ivr.payments.views import init_payments  # noqa: PLC0415
    from ivr.portal.views import init_portal  # noqa: PLC0415
    from ivr.prompts import views as prompts  # noqa: PLC0415
    from ivr.recordings import views as recordings  # noqa: PLC0415
    from ivr.recordings.sound import sound  # noqa: PLC0415
    from ivr.styles import init_styles  # noqa: PLC0415
    from ivr.voice.doorway import init_doorway  # noqa: PLC0415

    if settings is None:
        init_logs()
        settings = settings_module.from_environment()
    if settings.sentry_dsn:
        from ivr.health.faults import init_faults  # noqa: PLC0415  # not loaded where it is not wanted

        init_faults(settings.sentry_dsn, environment="production" if settings.is_production else "desk")
    app = Flask(__name__)
    app.config.update(SECRET_KEY=settings.secret_key, MAX_CONTENT_LENGTH=LARGEST_BODY)

    database = Database(settings.database_url, queue=_queue(settings))
    app.extensions.update(settings=settings, database=database, inbox=inbox)
    app.extensions.update(
        transaction=database.transaction, is_away=is_away, despite_deadlocks=despite_deadlocks
    )

    init_doorway(app, public_url=settings.public_url, auth_token=settings.twilio_auth_token)
    for flow in (
        front_door,
        intake,
        waiting,
        after_hours,
        screening,
        briefing,
        desk,
        rescue,
        callback,
        closing,
    ):
        app.register_blueprint(flow.flow.blueprint)
    app.register_blueprint(standing.blueprint)
    app.register_blueprint(views.blueprint)
    app.register_blueprint(recordings.blueprint)
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
    app.extensions["worker"] = cache(lambda: _worker(app))
    init_styles(app)
    init_console(app)
    init_payments(app)
    init_portal(app)
    init_commands(app)
    return app


def _queue(settings: Settings) -> Queue:
    """DATABASE_URL alone decides which engine runs the jobs."""
    if settings.is_on_sqlite:
        from ivr.jobs.embedded import EmbeddedQueue  # noqa: PLC0415

        return EmbeddedQueue()
    from ivr.jobs.distributed import DistributedQueue  # noqa: PLC0415  # a web process on SQLite needs none of it

    return DistributedQueue()


def _worker(app: Flask) -> Worker:
    from ivr.doors import doors  # noqa: PLC0415
    from ivr.jobs.distributed_worker import DistributedWorker  # noqa: PLC0415
    from ivr.jobs.registry import handlers  # noqa: PLC0415
    from ivr.jobs.worker import EmbeddedWorker  # noqa: PLC0415

    settings: Settings = app.extensions["settings"]
    board = Switchboard(
        database=app.extensions["database"],
        line=app.extensions["circuit"](),
        doors=doors(settings.public_url),
        till=app.extensions["till"],
        mailer=app.extensions["mailer"](),
        mail_from=settings.mail_from,
        address=settings.public_url,
    )
    engine = EmbeddedWorker if settings.is_on_sqlite else DistributedWorker
    return engine(board.database, handlers(board))


def _circuit(app: Flask) -> Telephone:
    """The way out of a worker; what it learns of the network is written down for the others."""
    from ivr.health import service as health  # noqa: PLC0415
    from ivr.telephony.circuit import Circuit  # noqa: PLC0415

    database: Database = app.extensions["database"]

    def told(answers: bool) -> None:  # noqa: FBT001  # its only meaning
        with database.transaction():
            health.note_network(answers=answers)

    return Circuit(app.extensions["line"](), told)


def _twilio(settings: Settings) -> Telephone:
    from ivr.telephony.http import AtAddress  # noqa: PLC0415
    from ivr.telephony.twilio import TwilioTelephone  # noqa: PLC0415

    return TwilioTelephone(
        settings.twilio_account_sid,
        settings.twilio_auth_token,
        settings.twilio_phone_number,
        AtAddress(settings.twilio_api_url),
        settings.twilio_api_url,
    )


def _till(settings: Settings, database: Database) -> Till | None:
    if settings.stripe_api_key:
        from ivr.payments.stripe import StripeTill  # noqa: PLC0415

        return StripeTill(settings.stripe_api_key, settings.stripe_webhook_secret, settings.stripe_api_url)
    if not settings.takes_payments:
        return None
    from ivr.payments.sandbox import SandboxTill  # noqa: PLC0415

    return SandboxTill(database, settings.public_url)


def _mailer(settings: Settings) -> Mailer:
    from ivr.mail.outbox import outbox_of  # noqa: PLC0415
    from ivr.mail.rules import server_of  # noqa: PLC0415
    from ivr.mail.smtp import SmtpMailer  # noqa: PLC0415

    return outbox_of(settings) or SmtpMailer(server_of(settings.smtp_url), settings.mail_from)


def _sound(name: str) -> Response:
    return send_from_directory("../flows/sounds", name, max_age=86400)
