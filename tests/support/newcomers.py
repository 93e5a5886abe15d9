"""Whoever sets up a line that nobody runs yet."""

from collections.abc import Callable

from werkzeug.test import TestResponse

ADA = {
    "name": "Ada Quinn",
    "phone": "(415) 555-0177",
    "email": "ada@example.com",
    "password": "a long enough one",
    "again": "a long enough one",
}
Newcomer = Callable[..., TestResponse]
