"""What a flow needs from the application that runs it."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Final, Protocol

from flask import current_app

from ivr.platform.voice.script import Script

#: The name of the runtime in an application's ``extensions``.
KEY: Final = "ivr"


class Runtime(Protocol):
    """The application, as flows see it."""

    @property
    def public_url(self) -> str:
        """Where the network reaches the application: scheme and host, no path."""

    @property
    def recorded_prompts(self) -> Callable[[str], Mapping[str, str]]:
        """By language: the sentences that the owner has recorded, and the path of each recording."""

    @property
    def own_words(self) -> Callable[[str], Mapping[str, str]]:
        """By language: what the owner has typed, by the English prompt that it stands for. Values are ``%(name)s``."""

    @property
    def script(self) -> Script:
        """What callers hear when a turn fails, and the folder of the translations."""

    def transaction(self) -> AbstractContextManager[object]:
        """Open the transaction of one webhook. It commits all of the work at the end of the block, or none."""


def runtime() -> Runtime:
    """Return the runtime of the current application."""
    found: Runtime = current_app.extensions[KEY]
    return found
