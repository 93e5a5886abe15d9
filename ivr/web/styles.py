"""The stylesheets, and the icon. A sheet is written in chapters; the server answers it as one file.

The URL has its version, so that a browser keeps it.
"""

import re
from functools import cache
from pathlib import Path
from typing import Final

from flask import Blueprint, Flask, Response, abort, url_for

from ivr.web import kept_files

_HERE: Final = Path(__file__).parent
SHEETS: Final = {
    "console": _HERE / "console/static/console.css",
    "wall": _HERE / "wall/static/wall.css",
    "customer": _HERE / "customer/static/customer.css",
}
_IMPORT: Final = re.compile(r'@import "([^"]+)";\n')
#: Comments, indents and empty lines; not the licence of a library, which begins with an exclamation mark.
_FOR_WRITERS: Final = re.compile(r"/\*(?!!).*?\*/|^\s+", re.DOTALL | re.MULTILINE)
_ICON: Final = (_HERE / "static/icon.svg").read_text(encoding="utf-8")

blueprint = Blueprint("styles", __name__)


def init_styles(app: Flask) -> None:
    """Register the stylesheets, and add ``stylesheet`` and ``icon`` to the templates."""
    app.register_blueprint(blueprint)


@cache
def whole(name: str) -> str:
    """Return the stylesheet with each ``@import`` replaced by its chapter, and without what is for its writers.

    A process reads it once.
    """
    file = SHEETS[name]
    written = _IMPORT.sub(
        lambda found: (file.parent / found[1]).read_text(encoding="utf-8"), file.read_text(encoding="utf-8")
    )
    return _FOR_WRITERS.sub("", written).lstrip()


@blueprint.app_template_global()
def stylesheet(name: str) -> str:
    """Return the present URL of the stylesheet. Raises KeyError for an unknown name."""
    return url_for("styles.sheet", name=name, version=_version_of(name))


@cache
def _version_of(name: str) -> str:
    return kept_files.version_of(whole(name))


@blueprint.app_template_global()
def icon() -> str:
    """Return the present URL of the icon, for every page of ours."""
    return url_for("styles.picture", version=kept_files.version_of(_ICON))


@blueprint.get("/styles/<name>-<version>.css")
def sheet(name: str, version: str) -> Response:
    """Serve the stylesheet. A browser caches it for a year, unless the URL has another release's version."""
    if name not in SHEETS:
        abort(404)
    return kept_files.answer(whole(name), "text/css", asked_for=version)


@blueprint.get("/styles/icon-<version>.svg")
def picture(version: str) -> Response:
    """Serve the icon, in the same way."""
    return kept_files.answer(_ICON, "image/svg+xml", asked_for=version)
