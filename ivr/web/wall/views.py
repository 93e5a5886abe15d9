"""The wall. Its link opens it without a log-in; the page asks for itself again every few seconds."""

from datetime import datetime, timedelta

from flask import Blueprint, Flask, Response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from ivr.backoffice.alarms import walls
from ivr.company.hours.rules import local
from ivr.core.db import Database
from ivr.services import services
from ivr.web import bad_links
from ivr.web.console.board.single_flight import SingleFlight
from ivr.web.headers import protect
from ivr.web.wall import queries
from ivr.web.wall.queries import Wall

blueprint = Blueprint("wall", __name__, template_folder="templates", url_prefix="/wall")


class SharedWall(SingleFlight[Wall]):
    """The latest look of this process, for all screens."""

    def __init__(self, database: Database) -> None:
        def look() -> Wall:
            with database.reading():
                return queries.wall()

        super().__init__(look)


def init_wall(app: Flask) -> None:
    """Register the wall. The application's services must be installed first."""
    ours = services(app)
    ours.keep(SharedWall(ours.database))
    app.register_blueprint(blueprint)


@blueprint.get("")
def wall() -> AnyResponse:
    """Show the state of the line to whoever has a link that is in force."""
    with services().database.reading():
        is_open = walls.opens(request.args.get("token", ""))
    if not is_open:
        return Response(render_template("wall/lost.html"), bad_links.status())
    with services().find(SharedWall).found(lambda _: True) as found:
        return Response(render_template("wall/wall.html", wall=found))


@blueprint.after_request
def with_headers(response: Response) -> Response:
    """The link is in the address, so it leaves in no referrer, and no page is kept or indexed."""
    return protect(response, referrer="no-referrer", is_indexed=False)


@blueprint.app_template_filter("wall_time")
def wall_time(at: datetime, wall: Wall) -> str:
    """Return ``4:00 PM``, with the day where it is not today: ``Mon 7:00 AM``."""
    there, here = local(wall.calendar, at), local(wall.calendar, wall.now)
    told = f"{there:%I:%M %p}".removeprefix("0")
    return told if there.date() == here.date() else f"{there:%a} {told}"


@blueprint.app_template_filter("span")
def span(length: timedelta) -> str:
    """Return ``2:05``, minutes and seconds."""
    minutes, seconds = divmod(max(0, int(length.total_seconds())), 60)
    return f"{minutes}:{seconds:02}"
