"""What a flow needs of the application that runs it."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Final, Protocol

from flask import current_app

#: Under this name an application keeps what it is made of.
KEY: Final = "ivr"


class Runtime(Protocol):
    """The application, as flows see it."""

    @property
    def public_url(self) -> str:
        """Where the network reaches the application: scheme and host, no path."""

    @property
    def recorded_prompts(self) -> Callable[[str], Mapping[str, str]]:
        """By language: sentences that were recorded, and the path of each recording."""

    def transaction(self) -> AbstractContextManager[object]:
        """All of one webhook's work: committed at the end or not at all."""


def runtime() -> Runtime:
    """The application at hand."""
    found: Runtime = current_app.extensions[KEY]
    return found
