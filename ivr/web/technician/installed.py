"""What a phone needs to keep the technician's page on its home screen: a manifest, icons and a service worker.

All of it is open to everybody: a browser fetches it without the cookie, and nobody is named in it but the company.
The worker keeps one page, the one that says that there is no connection. Nothing else is ever stored by it:
docs/decisions/0049-on-the-home-screen.md.
"""

from json import dumps
from pathlib import Path
from typing import Final

from flask import Blueprint, Response, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from ivr.company.policy import service as policy
from ivr.services import services
from ivr.web.headers import protect
from ivr.web.kept_files import version_of
from ivr.web.scripts import script
from ivr.web.styles import icon, stylesheet

#: The page, and all that lies below it.
SCOPE: Final = "/t"
_WORKER: Final = Path(__file__).parent / "static/worker.js"
#: Seconds: the owner may change the company's name.
_KEPT_FOR: Final = 60 * 60
#: The ground of the icon: what a phone shows around it while the page starts.
_COLOR: Final = "#0f766e"

blueprint = Blueprint("installed", __name__, static_folder="static", static_url_path="/t/static")


@blueprint.get("/t/manifest.webmanifest")
def manifest() -> AnyResponse:
    """Return the web app manifest: the company's name, the icons, and where the page begins."""
    with services().database.reading():
        name = policy.current().company_name
    described = {
        "id": SCOPE,
        "name": name,
        "start_url": SCOPE,
        "scope": SCOPE,
        "display": "standalone",
        "lang": "en",
        "theme_color": _COLOR,
        "background_color": _COLOR,
        "icons": [
            _icon("icon-192.png", "192x192"),
            _icon("icon-512.png", "512x512"),
            _icon("icon-maskable-512.png", "512x512", purpose="maskable"),
            {"src": icon(), "sizes": "any", "type": "image/svg+xml"},
        ],
    }
    response = Response(dumps(described), mimetype="application/manifest+json")
    response.cache_control.public = True
    response.cache_control.max_age = _KEPT_FOR
    response.add_etag()
    return response.make_conditional(request)


def _icon(filename: str, sizes: str, *, purpose: str = "any") -> dict[str, str]:
    source = url_for("installed.static", filename=filename)
    return {"src": source, "sizes": sizes, "type": "image/png", "purpose": purpose}


@blueprint.get("/t/worker.js")
def worker() -> Response:
    """Return the service worker with the list of what it keeps. It differs once any of that does."""
    shell = [
        url_for("installed.offline"),
        stylesheet("console"),
        icon(),
        script("offline"),
    ]
    version = version_of(render_template("technician/offline.html"))  # it names the versions of all else
    told = f"const SHELL = {dumps(shell)};\nconst VERSION = {dumps(version)};\n"
    response = Response(told + _WORKER.read_text(encoding="utf-8"), mimetype="text/javascript")
    response.headers["Service-Worker-Allowed"] = SCOPE  # it lies below the page that it serves
    response.cache_control.no_cache = True
    return response


@blueprint.get("/t/offline")
def offline() -> Response:
    """Return the page that a phone shows while it has no connection. It is the same for everybody."""
    response = Response(render_template("technician/offline.html"))
    response.cache_control.no_cache = True
    return response


@blueprint.after_request
def with_headers(response: Response) -> Response:
    """The usual headers. A browser may keep all of it: nobody is named in it."""
    return protect(response, is_indexed=False, is_kept=True)
