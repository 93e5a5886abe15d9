"""The headers of every page's answer. One policy; each set of pages says where it differs."""

from flask import Response


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
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = referrer
    if not is_indexed:
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
    if not is_kept:
        response.headers["Cache-Control"] = "no-store"
    return response
