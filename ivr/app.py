"""The application. ``create_app`` is its table of contents."""

import os
from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Flask, Response, request, send_from_directory
from structlog import get_logger

from flows import FLOWS, SCRIPT, SOUNDS, documents
from ivr.backoffice.costs import price_list
from ivr.backoffice.paid_time import site_calls
from ivr.backoffice.payments.sandbox import SandboxProvider
from ivr.backoffice.prompt_calls import service as prompt_calls
from ivr.backoffice.prompt_calls import views as prompt_calls_views
from ivr.callcenter.calls import network_outages
from ivr.callcenter.intake import views as intake_views
from ivr.callcenter.supervision import recording_webhook, webhooks
from ivr.cli import init_commands
from ivr.company.dialing.rules import Network
from ivr.company.prompts import own_words
from ivr.company.prompts import views as prompts_views
from ivr.company.prompts.service import recorded as recorded_prompts
from ivr.core.config import Config, from_environment
from ivr.core.db import Database, Seal
from ivr.core.logging_setup import init_logs
from ivr.operations.backups import places
from ivr.operations.checks import checkup
from ivr.platform.jobs import Queue
from ivr.platform.jobs.context import JobContext
from ivr.platform.providers.checkout import PaymentProvider
from ivr.platform.providers.circuit_breaker import CircuitBreaker
from ivr.platform.providers.mailer import Mailer
from ivr.platform.providers.messenger import Messenger
from ivr.platform.providers.telephone import Telephone
from ivr.platform.voice.signature import init_signature_check
from ivr.services import Services, install, services
from ivr.web import staff_calendar
from ivr.web.bad_links import init_bad_links
from ivr.web.card_numbers import init_card_numbers
from ivr.web.console.pages import init_console
from ivr.web.customer import contact_card
from ivr.web.customer.pages import init_portal
from ivr.web.customer.payment_views import init_payments
from ivr.web.headers import init_headers
from ivr.web.health.views import init_health
from ivr.web.health.worker_watch import init_worker_watch, watch_worker
from ivr.web.keys import init_keys
from ivr.web.plain_pages import init_plain_pages
from ivr.web.public_address import init_public_address
from ivr.web.readable_request import ReadableRequest, init_readable_addresses
from ivr.web.reloads import init_reloads
from ivr.web.request_ids import init_request_ids
from ivr.web.row_ids import RowId
from ivr.web.scripts import init_scripts
from ivr.web.server.first_start import tell_how_to_begin
from ivr.web.server.warm_up import warm_up
from ivr.web.sessions_by_cookie import SessionsByCookie
from ivr.web.styles import init_styles
from ivr.web.technician.views import init_technician
from ivr.web.wall.views import init_wall
from ivr.worker import make_worker, routes

log = get_logger(__name__)
#: The largest request body: a voice webhook is a few kilobytes.
LARGEST_BODY = 256 * 1024
#: The largest form without its files: every word of it is looked at for card numbers.
LARGEST_FORM = 64 * 1024


class Application(Flask):
    """Flask, whose faults go the way of all our log lines: without words, and by the route instead of the address."""

    def log_exception(self, exc_info: Any) -> None:
        """Log what a view has not caught. Its address may hold a token or what somebody searched for."""
        route = request.url_rule.rule if request.url_rule else None
        log.error("request_failed", method=request.method, route=route, exc_info=exc_info)

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function itself: none of ours is async, and Flask looks at each at every request."""
        return func

    def warm_up(self) -> None:
        """Load what the first turn would else wait for, and look after the worker. ``gunicorn.conf.py`` calls it."""
        warm_up(self)
        tell_how_to_begin(self)
        watch_worker(self)


def create_app(
    config: Config | None = None,
    telephone: Callable[[CircuitBreaker | None], Telephone] | None = None,
    mailer: Mailer | None = None,
) -> Flask:
    """Return the whole application: database, jobs, script, console, commands.

    ``telephone`` makes the ``Telephone``; the worker passes it a circuit breaker, all others None. The default is
    Twilio's REST API at the configured address. ``mailer`` sends letters; the default is the SMTP server, or without
    one a folder. Raises BadConfigError, which lists every fault, before anything starts.
    """
    if config is None:
        init_logs()
        os.umask(0o077)  # what we write holds what callers said: nobody else on this machine reads it
        config = from_environment()
        if config.is_production and not config.smtp_url:
            log.warning("no_mail_server", remedy="set SMTP_URL and MAIL_FROM")
    if config.sentry_dsn:
        from ivr.web.health.faults import init_faults  # noqa: PLC0415  # not loaded where it is not wanted

        init_faults(config.sentry_dsn, environment="production" if config.is_production else "desk")
    app = Application("ivr")
    app.request_class = ReadableRequest
    app.session_interface = SessionsByCookie()
    app.url_map.converters["int"] = RowId
    app.config.update(MAX_CONTENT_LENGTH=LARGEST_BODY, MAX_FORM_MEMORY_SIZE=LARGEST_FORM)
    init_keys(app, config)
    init_request_ids(app, config)
    init_headers(app, config)

    install(app, _services(config, telephone, mailer))
    services(app).keep(checkup())

    _init_voice(app, config)
    init_health(app)
    init_worker_watch(app, _job_context)

    init_public_address(app, config)
    init_bad_links(app)

    init_styles(app)
    init_scripts(app)
    init_console(app)
    init_technician(app)
    init_payments(app)
    init_portal(app)
    app.register_blueprint(contact_card.blueprint)
    app.register_blueprint(staff_calendar.blueprint)
    init_wall(app)
    init_reloads(app)
    init_plain_pages(app)
    init_commands(app)
    return app


def _services(
    config: Config,
    telephone: Callable[[CircuitBreaker | None], Telephone] | None,
    mailer: Mailer | None,
) -> Services:
    return Services(
        config=config,
        database=Database(
            config.database_url,
            seal=Seal(config.secret_keys),
            queue=_queue(config),
            network=Network(config.twilio_phone_number, is_simulated=config.is_simulated),
            tariff=price_list.tariff(config.twilio_phone_number, config.prices_file),
        ),
        make_telephone=telephone or partial(_twilio, config),
        make_circuit_breaker=_circuit_breaker,
        make_payments=_payments,
        make_mailer=lambda: mailer or _mailer(config),
        make_messenger=partial(_messenger, config),
        make_worker=lambda ours: make_worker(_job_context(ours)),
        recorded_prompts=recorded_prompts,
        own_words=own_words.in_language,
        script=SCRIPT,
    )


def _init_voice(app: Flask, config: Config) -> None:
    """What the telephone network requests: every step, report, recording and sound."""
    init_signature_check(
        app,
        public_url=config.public_url,
        auth_tokens=config.twilio_auth_tokens,
        account_sid=config.twilio_account_sid,
    )
    init_readable_addresses(app)
    init_card_numbers(app)  # after the signature, which is of the form as it was sent
    for listed in FLOWS:
        app.register_blueprint(listed.flow.blueprint)
    app.register_blueprint(documents.blueprint)
    app.register_blueprint(webhooks.blueprint)
    app.register_blueprint(recording_webhook.blueprint)
    app.register_blueprint(prompt_calls_views.blueprint)
    app.register_blueprint(intake_views.blueprint)
    prompts_views.init_prompts(app)
    app.add_url_rule("/sounds/<path:name>", "sounds", _sound)


def _queue(config: Config) -> Queue:
    """DATABASE_URL alone decides which engine runs the jobs."""
    if config.is_on_sqlite:
        from ivr.platform.jobs.embedded import EmbeddedQueue  # noqa: PLC0415

        return EmbeddedQueue()
    from ivr.platform.jobs.distributed import DistributedQueue  # noqa: PLC0415  # a web process on SQLite needs none of it

    return DistributedQueue()


def _job_context(ours: Services) -> JobContext:
    return JobContext(
        database=ours.database,
        telephone=ours.guarded_telephone,
        routes=routes(ours.public_url),
        payments=lambda: ours.payments,
        mailer=ours.mailer,
        messenger=ours.messenger,
        mail_from=ours.config.mail_from,
        public_url=ours.public_url,
        secret_keys=ours.config.secret_keys,
        backups=lambda: places.wanted(ours.config),
        other_legs=lambda sids: site_calls.known(sids) | prompt_calls.known(sids),
    )


def _circuit_breaker(ours: Services) -> CircuitBreaker:
    """Return the breaker of a worker. It stores whether the network answers, for the other processes."""

    def note(answers: bool) -> None:  # noqa: FBT001  # its only meaning
        with ours.transaction():
            network_outages.note_network(answers=answers)

    return CircuitBreaker(note)


def _twilio(config: Config, breaker: CircuitBreaker | None) -> Telephone:
    from ivr.platform.providers.twilio_calls import TwilioTelephone  # noqa: PLC0415
    from ivr.platform.providers.twilio_http import AtAddress  # noqa: PLC0415

    return TwilioTelephone(
        config.twilio_account_sid,
        config.twilio_auth_token,
        config.twilio_phone_number,
        AtAddress(config.twilio_api_url),
        config.twilio_api_url,
        breaker=breaker,
    )


def _payments(ours: Services) -> PaymentProvider | None:
    config = ours.config
    if config.stripe_api_key:
        from ivr.platform.providers.stripe import StripeProvider  # noqa: PLC0415  # half a second, and few processes need it

        return StripeProvider(config.stripe_api_key, config.stripe_webhook_secret, config.stripe_api_url)
    return SandboxProvider(ours.database, ours.public_url) if config.takes_payments else None


def _mailer(config: Config) -> Mailer:
    from ivr.platform.providers.outbox import NoMailServer, outbox_of  # noqa: PLC0415
    from ivr.platform.providers.smtp import SmtpMailer  # noqa: PLC0415
    from ivr.platform.providers.smtp_url import server_of  # noqa: PLC0415

    if config.smtp_url:
        return SmtpMailer(server_of(config.smtp_url), config.mail_from)
    return outbox_of(config) or NoMailServer()


def _messenger(config: Config) -> Messenger:
    from ivr.platform.providers.apprise_messenger import AppriseMessenger  # noqa: PLC0415  # few processes need it

    return AppriseMessenger(config.private_networks)


def _sound(name: str) -> Response:
    return send_from_directory(SOUNDS, name, max_age=86400)
