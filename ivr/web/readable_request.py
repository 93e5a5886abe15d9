"""The requests of this application: what cannot be read is the sender's fault, not ours (500)."""

from flask import Flask, Request, abort, request
from werkzeug.exceptions import BadRequest


class ReadableRequest(Request):
    """Raises BadRequest where its form or its files are first asked for."""

    def _load_form_data(self) -> None:
        super()._load_form_data()
        # A part without a name has None for a name, and all who look for a name expect text.
        if None in self.form or None in self.files:
            raise BadRequest("A part of this form has no name.")


def init_readable_addresses(app: Flask) -> None:
    """Answer 404 at every address with a line break, a tab or the like in it. Call it after the signature check's.

    None of ours has one. An answer that leads on names the address in a header, where a line break is a fault, and a
    tab is left out: ``/%09/evil.example`` would become ``//evil.example``, which is another host.
    """

    @app.before_request
    def look() -> None:
        if not request.path.isprintable():
            abort(404)
