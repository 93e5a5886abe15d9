"""The services of an application: one typed object, the only one of ours in ``app.extensions``.

Pages, webhooks and commands call ``services()``. Tests replace the object: ``install(app, replace(...))``.
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import cached_property
from typing import NoReturn, TypeVar, cast

from flask import Flask, current_app

from ivr.core.config import Config
from ivr.core.db import Database, Seal
from ivr.platform.jobs import Worker
from ivr.platform.providers.checkout import PaymentProvider
from ivr.platform.providers.circuit_breaker import CircuitBreaker
from ivr.platform.providers.mailer import Mailer
from ivr.platform.providers.messenger import Messenger
from ivr.platform.providers.telephone import Telephone
from ivr.platform.voice.runtime import KEY, Runtime
from ivr.platform.voice.script import EMPTY, Script

T = TypeVar("T")


class NotInstalledError(LookupError):
    """The application was made without this service."""


def _missing(*_: object) -> NoReturn:
    raise NotInstalledError


@dataclass(frozen=True)
class Services:
    """The services of one application. A provider is made at its first use: few processes need them all."""

    config: Config
    database: Database
    #: The worker passes it a circuit breaker; all others pass None.
    make_telephone: Callable[[CircuitBreaker | None], Telephone] = _missing
    make_circuit_breaker: Callable[["Services"], CircuitBreaker] = _missing
    make_payments: Callable[["Services"], PaymentProvider | None] = lambda _: None
    make_mailer: Callable[[], Mailer] = _missing
    make_messenger: Callable[[], Messenger] = _missing
    make_worker: Callable[["Services"], Worker] = _missing
    #: By language: the sentences that the owner has recorded, and the path of each recording.
    recorded_prompts: Callable[[str], Mapping[str, str]] = lambda _: {}
    #: By language: the owner's own words, by the prompt that they stand for.
    own_words: Callable[[str], Mapping[str, str]] = lambda _: {}
    #: The script, as far as the code below ``flows`` needs to know it.
    script: Script = EMPTY
    _kept: dict[type, object] = field(default_factory=dict)

    @cached_property
    def telephone(self) -> Telephone:
        return self.make_telephone(None)

    @cached_property
    def circuit_breaker(self) -> CircuitBreaker:
        return self.make_circuit_breaker(self)

    @cached_property
    def guarded_telephone(self) -> Telephone:
        """The telephone of a worker, which sends no requests while the network does not answer."""
        return self.make_telephone(self.circuit_breaker)

    @cached_property
    def payments(self) -> PaymentProvider | None:
        """The payment provider; None where paying online is switched off."""
        return self.make_payments(self)

    @cached_property
    def mailer(self) -> Mailer:
        return self.make_mailer()

    @cached_property
    def messenger(self) -> Messenger:
        return self.make_messenger()

    @cached_property
    def worker(self) -> Worker:
        return self.make_worker(self)

    @cached_property
    def seal(self) -> Seal:
        """Seal what opens a page by itself, where it is kept or leaves in a cookie."""
        return Seal(self.config.secret_keys)

    @property
    def public_url(self) -> str:
        return self.config.public_url

    def transaction(self) -> AbstractContextManager[object]:
        """Open the transaction of one webhook. It commits all of the work at the end of the block, or none."""
        return self.database.transaction()

    def keep(self, thing: object) -> None:
        """Keep an object that the pages of this process share, such as the feed of events, for ``find``."""
        self._kept[type(thing)] = thing

    def find(self, kind: type[T]) -> T:
        """Return the object of this type that was kept. Raises NotInstalledError."""
        try:
            return cast("T", self._kept[kind])
        except KeyError:
            raise NotInstalledError(kind.__name__) from None


def install(app: Flask, services: Services) -> None:
    """Give the application its services, or replace them."""
    runtime: Runtime = services  # what the flows ask of an application
    app.extensions[KEY] = runtime


def services(app: Flask | None = None) -> Services:
    """Return the services of this application, by default of the current one."""
    found: Services = (app or current_app).extensions[KEY]
    return found
