"""The window of operators, technicians and the owner."""

from flask import Flask

from ivr.settings import Settings


def init_console(app: Flask) -> None:
    """Put the console into the application, at its root.

    It needs ``database`` (ivr.db.Database) and ``settings`` (ivr.settings.Settings) among the extensions.
    """
    # Their routes; inside, so that models load alone.
    from ivr.console import login, matter, money, outbox, recordings, search, views  # noqa: F401, PLC0415
    from ivr.console.board import views as board  # noqa: PLC0415
    from ivr.console.control import views as control  # noqa: F401, PLC0415
    from ivr.console.doorway import blueprint, csrf, nothing_here  # noqa: PLC0415
    from ivr.console.estimate import dates  # noqa: F401, PLC0415
    from ivr.console.estimate import views as estimate  # noqa: F401, PLC0415
    from ivr.console.live import views as live  # noqa: F401, PLC0415
    from ivr.console.live.feed import Feed  # noqa: PLC0415
    from ivr.console.owed import views as owed  # noqa: F401, PLC0415
    from ivr.console.pocket import views as pocket_views  # noqa: F401, PLC0415
    from ivr.console.pocket.doorway import blueprint as pocket  # noqa: PLC0415
    from ivr.console.reports import views as reports  # noqa: F401, PLC0415
    from ivr.console.settings import audit, hours, prompts, staff, values  # noqa: F401, PLC0415

    settings: Settings = app.extensions["settings"]
    # A form may stay open for a whole shift; a token is good for as long as the session.
    app.config.update(SECRET_KEY=settings.secret_key, WTF_CSRF_CHECK_DEFAULT=False, WTF_CSRF_TIME_LIMIT=None)
    csrf.init_app(app)
    login.init_login(app, settings)
    app.extensions["feed"] = Feed(app.extensions["database"])
    app.extensions["board"] = board.looked_at(app.extensions["database"])
    app.register_blueprint(blueprint)
    app.register_blueprint(pocket)
    app.register_error_handler(404, nothing_here)
