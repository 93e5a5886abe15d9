"""The requests of this application: a form that cannot be read is the sender's fault (400), not ours (500)."""

from flask import Request
from werkzeug.exceptions import BadRequest


class ReadableRequest(Request):
    """Raises BadRequest where its form or its files are first asked for."""

    def _load_form_data(self) -> None:
        super()._load_form_data()
        # A part without a name has None for a name, and all who look for a name expect text.
        if None in self.form or None in self.files:
            raise BadRequest("A part of this form has no name.")
