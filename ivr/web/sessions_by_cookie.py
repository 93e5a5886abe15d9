"""The sessions of browsers: a request without a cookie, such as each of the network's, has an empty one for nothing."""

from flask import Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface


class SessionsByCookie(SecureCookieSessionInterface):
    """Flask's sessions, which make ready for unsealing only where there is a cookie."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        if "Cookie" not in request.headers:
            return self.session_class()
        return super().open_session(app, request)
