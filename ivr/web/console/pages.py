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
    recordings,
    refusals,
    search,
    second_step,
    visits,
)
from ivr.web.console.account import own_calendar, own_calls, own_factor, own_password
from ivr.web.console.alarms import views as alarms_views
from ivr.web.console.board import views as board_views
from ivr.web.console.board.shared import SharedBoard
from ivr.web.console.call_control import views as call_control_views
from ivr.web.console.callbacks import views as callbacks_views
from ivr.web.console.common.gate import blueprint, csrf, nothing_here
from ivr.web.console.follow_ups import views as follow_ups_views
from ivr.web.console.frame import views as frame_views
from ivr.web.console.intake import callback_number, estimate_views, matter, notes_form, papers, visit_dates
from ivr.web.console.intake import views as intake_views
from ivr.web.console.intake_list import views as intake_list_views
from ivr.web.console.live import views as live_views
from ivr.web.console.live.feed import Feed
from ivr.web.console.payments import refund, tasks
from ivr.web.console.payments import views as payments_views
from ivr.web.console.reports import calls_page, costs_page, robots_page
from ivr.web.console.reports import views as reports_views
from ivr.web.console.settings import (
    alarms,
    audit,
    hours,
    on_call,
    personal_data,
    prompts,
    staff,
    staff_secrets,
    values,
)
from ivr.web.console.shifts import own, person, picture

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
        own_calls,
        own_factor,
        own_calendar,
        log_ins,
        board_views,
        search,
        intake_list_views,
        intake_views,
        matter,
        refusals,
        estimate_views,
        visit_dates,
        papers,
        visits,
        callback_number,
        notes_form,
        call_control_views,
        callbacks_views,
    ),
    *(
        recordings,
        payments_views,
        tasks,
        refund,
        outbox,
        reports_views,
        calls_page,
        robots_page,
        costs_page,
        frame_views,
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
    follow_ups_views,
    on_call,
    picture,
    person,
    own,
)


def init_console(app: Flask) -> None:
    """Register the console at the application's root.

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
