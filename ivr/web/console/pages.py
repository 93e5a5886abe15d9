"""Registers the console of operators, technicians and the owner."""

from flask import Flask

from ivr.services import services
from ivr.web.console import (
    checklist,
    first_owner,
    forgotten,
    health,
    log_ins,
    login,
    outbox,
    payment_tasks,
    recordings,
    refusals,
    search,
    second_step,
    visits,
)
from ivr.web.console.account import own_factor, own_password
from ivr.web.console.alarms import views as alarms_views
from ivr.web.console.board import views as board_views
from ivr.web.console.board.shared import SharedBoard
from ivr.web.console.call_control import views as call_control_views
from ivr.web.console.callbacks import views as callbacks_views
from ivr.web.console.common.gate import blueprint, csrf, nothing_here
from ivr.web.console.intake import callback_number, estimate_views, matter, visit_dates
from ivr.web.console.intake import views as intake_views
from ivr.web.console.live import views as live_views
from ivr.web.console.live.feed import Feed
from ivr.web.console.reports import costs_page
from ivr.web.console.reports import views as reports_views
from ivr.web.console.settings import (
    alarms,
    audit,
    hours,
    personal_data,
    prompts,
    staff,
    staff_secrets,
    values,
)

#: Each adds its routes to the console's blueprint when it is imported.
PAGES = (
    *(
        login,
        first_owner,
        checklist,
        health,
        second_step,
        forgotten,
        own_password,
        own_factor,
        log_ins,
        board_views,
        search,
        intake_views,
        matter,
        refusals,
        estimate_views,
        visit_dates,
        visits,
        callback_number,
        call_control_views,
        callbacks_views,
    ),
    *(
        recordings,
        payment_tasks,
        outbox,
        reports_views,
        costs_page,
        live_views,
        values,
        hours,
        staff,
        prompts,
        audit,
        staff_secrets,
    ),
    personal_data,
    alarms_views,
    alarms,
)


def init_console(app: Flask) -> None:
    """Registers the console at the application's root.

    Its services must be installed first.
    """
    ours = services(app)
    # A form may stay open for a whole shift, so a token is valid as long as the session.
    app.config.update(
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,  # it wants a Referer, which not every browser sends: see ``check_origin``
    )
    csrf.init_app(app)
    login.init_login(app, ours.config)
    ours.keep(Feed(ours.database))
    ours.keep(SharedBoard(ours.database))
    app.register_blueprint(blueprint)
    app.register_error_handler(404, nothing_here)
