"""The console's forms, as a browser sends them."""

import re
from collections.abc import Callable, Iterator

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import IntegerConverter, Rule
from werkzeug.test import TestResponse

from ivr.core.config import Config
from ivr.core.db import Database
from ivr.services import Services, install
from ivr.web.bad_links import init_bad_links
from ivr.web.console.pages import init_console
from ivr.web.headers import init_headers
from ivr.web.keys import init_keys
from ivr.web.public_address import init_public_address
from ivr.web.request_ids import init_request_ids
from ivr.web.scripts import init_scripts
from ivr.web.styles import init_styles
from ivr.web.technician.views import init_technician

#: Of everybody who has one.
PASSWORD = "a long enough one"
#: Ids of the technician and of the operator who are in the console's database.
TARA = 1
OMAR = 2
LogIn = Callable[[str], FlaskClient]


def console_app(settings: Config, database: Database) -> Flask:
    """An application that is nothing but the console."""
    app = Flask(__name__)
    init_keys(app, settings)
    init_request_ids(app, settings)
    init_headers(app, settings)
    install(app, Services(settings, database))
    init_public_address(app, settings)
    init_bad_links(app)
    init_styles(app)
    init_scripts(app)
    init_console(app)
    init_technician(app)
    return app


def doors(app: Flask) -> Iterator[tuple[Rule, str, str]]:
    """Every route of the console with its method and a path that fits it."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith("console."):
            fits = {
                name: 1 if isinstance(one, IntegerConverter) else "K7M3QX" * (1 + ("{12}" in one.regex))
                for name, one in rule._converters.items()
            }
            path = rule.build(fits)
            assert path is not None
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                yield rule, method, path[1]


def token_in(page: str) -> str:
    """The token that a form of this page carries."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found, "the page has no form"
    return found[1]


def send(client: FlaskClient, path: str, *, seen_on: str | None = None, **fields: str) -> TestResponse:
    """Send the form that is seen on a page, by default the page of the same path."""
    token = token_in(client.get(seen_on or path).text)
    return client.post(path, data={**fields, "csrf_token": token})


def sends(desk: FlaskClient, path: str, what: str = "estimate", **fields: str) -> TestResponse:
    """Send a form of the intake's page as the live page does."""
    token = token_in(desk.get(path).text)
    return desk.post(f"{path}/{what}", data={**fields, "csrf_token": token}, headers={"X-Live": "1"})
