"""The scripts. Each is written in modules; the server answers all that a page runs as one file.

The URL has its version, so that a browser keeps it: a page has its scripts at once, and never of two releases.
docs/decisions/0017-live-pages-and-drafts.md says why this needs no bundler.
"""

import re
from functools import cache
from pathlib import Path
from typing import Final

from flask import Blueprint, Flask, Response, abort, url_for

from ivr.web import kept_files

_HERE: Final = Path(__file__).parent
#: What a page names, by the module that begins. No page names two that import the same: it would run twice.
SCRIPTS: Final = {
    "page": _HERE / "console/static/live/page.js",
    "pocket": _HERE / "console/static/live/pocket.js",
    "keep": _HERE / "console/static/live/keep.js",
    "copy": _HERE / "console/static/copy.js",
    "passkey": _HERE / "console/static/passkey.js",
    "print": _HERE / "console/static/print.js",
    "speak": _HERE / "console/static/speak.js",
    "install": _HERE / "technician/static/install.js",
    "offline": _HERE / "technician/static/offline.js",
    "wall": _HERE / "wall/static/wall.js",
}
#: The three ways in which our modules import, and the one in which they export.
_IMPORT: Final = re.compile(
    r'^import (?:(?:\* as (\w+)|(\{ \w+(?:, \w+)* \})) from )?"\./(\w+)\.js";\n', re.MULTILINE
)
_EXPORT: Final = re.compile(r"^export (?=(?:(?:async )?function|const) (\w+))", re.MULTILINE)
_LEFT: Final = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)
#: Comments that have a line to themselves.
_FOR_WRITERS: Final = re.compile(r"^ *(?://[^\n]*|/\*\*.*?\*/)\n", re.DOTALL | re.MULTILINE)

blueprint = Blueprint("scripts", __name__)


def init_scripts(app: Flask) -> None:
    """Register the scripts, and add ``script`` to the templates."""
    app.register_blueprint(blueprint)


@cache
def whole(name: str) -> str:
    """Return the script with all that it imports. A process reads it once."""
    return joined(SCRIPTS[name])


def joined(file: Path) -> str:
    """Return the module with all that it imports, each once, in the order in which a browser would run them.

    Raises ValueError where one imports or exports in a way that is not known here, or imports itself in the end.
    """
    return "".join(_functions(file).values())


def _functions(file: Path, *importers: Path) -> dict[str, str]:
    """Return the module after what it imports, by name, each as a function that has run and left what it exports."""
    if file in importers:
        raise ValueError(f"{file.name} imports itself, by {[one.name for one in importers]}")
    text = file.read_text(encoding="utf-8")
    found: dict[str, str] = {}
    for _, _, name in _IMPORT.findall(text):
        found |= _functions(file.with_name(f"{name}.js"), *importers, file)
    exported = ", ".join(_EXPORT.findall(text))
    body = _FOR_WRITERS.sub("", _EXPORT.sub("", _IMPORT.sub(_taken, text)))
    if left := _LEFT.search(body):
        raise ValueError(f"{file.name}: {left[0]}")
    return found | {file.stem: f"const ${file.stem} = (() => {{\n{body}return {{ {exported} }};\n}})();\n"}


def _taken(found: re.Match[str]) -> str:
    """Return how a module takes what another has left."""
    whole_of_it, names, name = found.groups()
    return f"const {whole_of_it or names} = ${name};\n" if whole_of_it or names else ""


@blueprint.app_template_global()
def script(name: str) -> str:
    """Return the present URL of the script. Raises KeyError for an unknown name."""
    return url_for("scripts.serve", name=name, version=_version_of(name))


@cache
def _version_of(name: str) -> str:
    return kept_files.version_of(whole(name))


@blueprint.get("/scripts/<name>-<version>.js")
def serve(name: str, version: str) -> Response:
    """Serve the script. A browser caches it for a year, unless the URL has another release's version."""
    if name not in SCRIPTS:
        abort(404)
    return kept_files.answer(whole(name), "text/javascript", asked_for=version)
