"""The headers of every answer. One policy; each set of pages says where it differs."""

from typing import Final

from flask import Flask, Response

from ivr.core.config import Config

#: For every answer. What no page needs of a browser is off; no other site may hold a window of ours or embed an answer.
_ALWAYS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(
        f"{feature}=()"
        for feature in (
            *("accelerometer", "camera", "display-capture", "geolocation", "gyroscope", "magnetometer"),
            *("microphone", "midi", "payment", "usb"),
        )
    ),
}
#: For an answer that is no page: a document for Twilio, a sound, a refusal.
_NO_PAGE: Final = {
    "Content-Security-Policy": "default-src 'none'; media-src 'self'; frame-ancestors 'none'; base-uri 'none'; "
    "form-action 'none'",
    "Referrer-Policy": "no-referrer",
}
_YEAR: Final = "max-age=31536000"


def init_headers(app: Flask, config: Config) -> None:
    """Add them to every answer of the application, refusals and faults too. In production browsers keep to https."""
    ours = _ALWAYS | ({"Strict-Transport-Security": _YEAR} if config.is_https else {}) | _NO_PAGE
    added = [(name.lower(), (name, value)) for name, value in ours.items()]

    @app.after_request
    def add(response: Response) -> Response:
        has = {name.lower() for name, _ in response.headers}
        response.headers.extend(header for name, header in added if name not in has)
        if not has & {"cache-control", "etag"}:
            response.headers["Cache-Control"] = "no-store"
        return response


def protect(
    response: Response,
    *,
    scripts: bool = True,
    form_goes_to: str = "",
    referrer: str = "same-origin",
    is_indexed: bool = True,
    is_kept: bool = False,
) -> Response:
    """Forbids framing, storing and leaking the pages' URLs: they hold people's names and numbers.

    ``form_goes_to`` is a further origin to which a form may lead, by a redirect too. ``is_kept`` is for what a browser
    may store: stylesheets and scripts.
    """
    policy = [
        "default-src 'self'",
        *([] if scripts else ["script-src 'none'"]),
        "img-src 'self' data:",  # data: for the icons in Pico's stylesheet
        "frame-ancestors 'none'",
        "base-uri 'none'",
        f"form-action 'self' {form_goes_to}".rstrip(),
    ]
    response.headers["Content-Security-Policy"] = "; ".join(policy)
    response.headers["Referrer-Policy"] = referrer
    if not is_indexed:
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
    if not is_kept:
        response.headers["Cache-Control"] = "no-store"
    return response
