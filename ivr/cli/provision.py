"""``flask --app ivr provision``: point the number at this service, and have the network answer while we do not.

It shows what it changes before it does, and reads it back. It buys nothing.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import click
from flask.cli import with_appcontext

from flows import hosted
from ivr.callcenter.continuity import rules as continuity_rules
from ivr.callcenter.continuity import service as continuity
from ivr.company.dialing import service as dialing
from ivr.core import phone_numbers
from ivr.core.config import Config
from ivr.core.errors import Refusal
from ivr.platform.providers.hosted_flows import BadDefinitionError, HostedFlow
from ivr.platform.providers.telephone import (
    LegGoneError,
    OutcomeUnknownError,
    RefusedError,
    TryLaterError,
    WebhookUrls,
)
from ivr.services import services

_ADDRESSES = ("voice", "fallback", "status")


@click.command()
@click.option(
    "--take-over",
    is_flag=True,
    help="Also take the number away from a TwiML application, a SIP trunk or fax mode that has its calls.",
)
@click.option(
    "--continuity",
    "number",
    metavar="NUMBER",
    help="While this service does not answer, the phone network does: 1 calls this number, else it takes a message.",
)
@click.option("--no-continuity", "is_off", is_flag=True, help="Take that back.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@with_appcontext
def provision(*, take_over: bool, number: str | None, is_off: bool, yes: bool) -> None:
    """Write the addresses of this service to the number, after showing what changes. Safe to repeat."""
    if number and is_off:
        raise click.UsageError("Give --continuity or --no-continuity, not both.")
    config = services().config
    with _plainly(config):
        rings = None if is_off else _number_to_ring(number)
        plan = Plan(config, rings)
        changes = plan.changes(take_over=take_over)
        for line in changes:
            click.echo(line)
        if changes and not yes:
            click.confirm("Write this?", abort=True)
        plan.write(changes, take_over=take_over)
        stands = services().telephone.webhook_urls()
    _tell(config, plan, stands, is_new=bool(changes))


@dataclass(frozen=True)
class Plan:
    """What the number, and the flow hosted for it, are to be. ``rings``: whom the flow rings; None for no flow."""

    config: Config
    rings: str | None

    @cached_property
    def hosted(self) -> HostedFlow | None:
        """The flow as the network has it: by its SID, or where that was lost by its name."""
        telephone = services().telephone
        with services().database.reading():
            kept = continuity.kept_flow()
        try:
            if kept is not None:
                return telephone.hosted_flow(kept.sid)
        except LegGoneError:
            pass
        return telephone.hosted_flow_named(self.name)

    @property
    def name(self) -> str:
        return f"Continuity of {self.config.twilio_phone_number}"

    @cached_property
    def definition(self) -> dict[str, Any]:
        return of_today(self.config, self.rings or "")

    def changes(self, *, take_over: bool) -> list[str]:
        """Return what is to be written, a line each; nothing where all of it stands there."""
        found = services().telephone.webhook_urls()
        lines = self._changes_of_flow() if self.rings else []
        fallback = self.hosted.url if self.rings and self.hosted else None
        wanted = _shown(WebhookUrls.below(self.config.public_url, fallback=fallback))
        if self.rings and self.hosted is None:
            wanted[1] = "the hosted flow"
        for name, was, will in zip(_ADDRESSES, _shown(found), wanted, strict=True):
            if was != will:
                lines.append(f"{self.config.twilio_phone_number} {name}: {was} -> {will}")
        if take_over:
            lines += [
                f"{self.config.twilio_phone_number}: moved away from {one}" for one in found.ignored_for
            ]
        return lines

    def _changes_of_flow(self) -> list[str]:
        if self.hosted is None:
            return [f"hosted flow: “{self.name}” is made at the network, 1 calls {self.rings}"]
        return [
            f"hosted flow: {line}"
            for line in continuity_rules.differences(self.definition, self.hosted.definition)
        ]

    def write(self, changes: Sequence[str], *, take_over: bool) -> None:
        """Write these changes. The flow comes first, and is kept here before the number leads to it.

        Without a change only what is kept here is made right: a database may have been lost, or a run of this.
        """
        whole, flow = services(), self._published() if self.rings else None
        if flow and self.rings:
            with whole.database.transaction():
                continuity.published(flow, rings=self.rings)
        if changes:
            urls = WebhookUrls.below(self.config.public_url, fallback=flow.url if flow else None)
            whole.telephone.set_webhook_urls(urls, take_over=take_over)
        with whole.database.transaction():
            continuity.switched(on=flow is not None)

    def _published(self) -> HostedFlow:
        """Return the flow as it is to be, published if it differs."""
        if self.hosted and not self._changes_of_flow():
            return self.hosted
        sid = self.hosted.sid if self.hosted else None
        return services().telephone.publish_flow(
            self.name, self.definition, sid=sid, why="flask --app ivr provision"
        )


def of_today(config: Config, rings: str) -> dict[str, Any]:
    """Return the hosted flow as it is to be now."""
    with services().database.reading():
        return hosted.of_today(own=config.twilio_phone_number, rings=rings)


def _number_to_ring(given: str | None) -> str | None:
    """Return the number that was given, if it may be dialed; else the one of the flow that is on."""
    with services().database.reading():
        if given is None:
            kept = continuity.kept_flow()
            return kept.rings if kept and kept.is_on else None
        number = phone_numbers.direct(given)
        dialing.check_number(number)
        return number


def _shown(urls: WebhookUrls) -> list[str]:
    addresses = (urls.voice, urls.fallback, urls.status)
    return [f"{how} {url}" if url else "nothing" for how, url in zip(urls.methods, addresses, strict=True)]


def _tell(config: Config, plan: Plan, stands: WebhookUrls, *, is_new: bool) -> None:
    """Say what stands at the network now. Raises ClickException where it is not what we wanted."""
    number = config.twilio_phone_number
    with services().database.reading():
        kept = continuity.kept_flow()
    fallback = kept.url if kept and kept.is_on else None
    if replace(stands, ignored_for=()) != WebhookUrls.below(config.public_url, fallback=fallback):
        raise click.ClickException(
            f"The network has other addresses of {number}: {', '.join(_shown(stands))}."
        )
    if stands.ignored_for:
        raise click.ClickException(
            f"{number} has the addresses and ignores them, because {' and '.join(stands.ignored_for)} takes "
            "its calls. With --take-over its calls come here."
        )
    click.echo(f"{number} rings at {stands.voice}{'.' if is_new else ' already: there is nothing to write.'}")
    if plan.rings:
        click.echo(f"While this service does not answer, the network does: 1 calls {plan.rings}.")


@contextmanager
def _plainly(config: Config) -> Iterator[None]:
    try:
        yield
    except Refusal as refused:
        raise click.ClickException(refused.shown) from refused
    except LegGoneError as unknown:
        raise click.ClickException(f"The account does not own {config.twilio_phone_number}.") from unknown
    except BadDefinitionError as bad:
        raise click.ClickException(f"The phone network does not take the flow: {bad}") from bad
    except (OutcomeUnknownError, RefusedError, TryLaterError) as trouble:
        raise click.ClickException(f"The phone network refused: {trouble}") from trouble
