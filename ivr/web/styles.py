"""The stylesheets. Each is written in chapters; the server answers it as one file, whose URL has its version."""

import re
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

from flask import Blueprint, Flask, Response, abort, url_for

from ivr.web.headers import protect

_HERE: Final = Path(__file__).parent
SHEETS: Final = {
    "console": _HERE / "console/static/console.css",
    "wall": _HERE / "wall/static/wall.css",
    "customer": _HERE / "customer/static/customer.css",
}
_IMPORT: Final = re.compile(r'@import "([^"]+)";\n')
#: Comments, indents and empty lines; not the licence of a library, which begins with an exclamation mark.
_FOR_WRITERS: Final = re.compile(r"/\*(?!!).*?\*/|^\s+", re.DOTALL | re.MULTILINE)
_YEAR: Final = 365 * 24 * 60 * 60  # seconds

blueprint = Blueprint("styles", __name__)


def init_styles(app: Flask) -> None:
    """Registers the stylesheets, and adds ``stylesheet`` to the templates."""
    app.register_blueprint(blueprint)


@cache
def whole(name: str) -> str:
    """Returns the stylesheet with each ``@import`` replaced by its chapter, and without what is for its writers.

    A process reads it once.
    """
    file = SHEETS[name]
    written = _IMPORT.sub(
        lambda found: (file.parent / found[1]).read_text(encoding="utf-8"), file.read_text(encoding="utf-8")
    )
    return _FOR_WRITERS.sub("", written).lstrip()


@cache
def version_of(name: str) -> str:
    """Returns twelve hexadecimal digits that change with the stylesheet."""
    return sha256(whole(name).encode()).hexdigest()[:12]


@blueprint.app_template_global()
def stylesheet(name: str) -> str:
    """Returns the present URL of the stylesheet. Raises KeyError for an unknown name."""
    return url_for("styles.sheet", name=name, version=version_of(name))


@blueprint.get("/styles/<name>-<version>.css")
def sheet(name: str, version: str) -> Response:
    """Serves the stylesheet. A browser caches it for a year, unless the URL has another release's version."""
    if name not in SHEETS:
        abort(404)
    response = Response(whole(name), mimetype="text/css")
    if version == version_of(name):
        response.cache_control.public = True
        response.cache_control.max_age = _YEAR
        response.cache_control.immutable = True
    else:
        response.cache_control.no_cache = True
    return protect(response, is_kept=True)
