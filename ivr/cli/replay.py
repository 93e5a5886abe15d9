"""``flask --app ivr replay CALL``: what today's code answers to the webhooks of a recorded call."""

import difflib
from dataclasses import replace as but

import click
from flask import Flask
from flask.cli import with_appcontext

from ivr.core import clock
from ivr.operations.replay import fixture_database
from ivr.operations.replay import queries as replay_queries
from ivr.operations.replay.recorded_network import RecordedNetwork
from ivr.operations.replay.rules import asked_about, legs_of
from ivr.operations.replay.runner import Outcome, Rerun, SilentMailer
from ivr.platform.idempotency.service import KEPT
from ivr.services import services


@click.command()
@click.argument("call")
@with_appcontext
def replay(call: str) -> None:
    """Run a call again, by its CallSid or its intake's reference, and print what is answered otherwise; then exit 1.

    Nobody is rung: it runs on a copy in memory, with settings, staff and hours as they are now. What was done in the
    console meanwhile is not done again.
    """
    source = services().database
    with source.reading():
        intake = replay_queries.find_intake(call)
        kept = replay_queries.recorded_webhooks(intake) if intake else []
        if intake is None or not kept:
            raise click.ClickException(
                f"Nothing is kept of {call}: calls are kept for {KEPT.days} days. Give a CallSid or a reference."
            )
        rung, before = replay_queries.staff_rung(intake.id), replay_queries.earlier_language(intake)
        then = replay_queries.event_kinds(intake.id, kept[-1].at)
        asked = asked_about(kept)
        cut_off_at = replay_queries.cut_off_at(asked, kept[0].at) if asked not in {None, intake.id} else None
    network = RecordedNetwork(legs_of(kept))
    app = _line(network)
    copy = services(app).database
    with clock.held_at(kept[0].at):
        fixture_database.fill(copy, fixture_database.owners_rows(source), rung, kept[0].at)
        if before:
            earlier_id = fixture_database.add_earlier_intake(
                copy, intake.caller_number, before, cut_off_at=cut_off_at
            )
            if cut_off_at is not None:
                network.ids["intake", str(asked)] = str(earlier_id)
    rerun = Rerun(app, network, intake_id=intake.id, reference=intake.reference, room=intake.conference_name)
    verdicts = [_told(outcome) for outcome in rerun.run(kept)]
    same = _compared(then, rerun.event_kinds(kept[-1].at)) and all(verdicts)
    copy.engine.dispose()
    if not same:
        raise SystemExit(1)


def _line(network: RecordedNetwork) -> Flask:
    """Return an application of today's code, in memory, that rings no one."""
    from ivr.app import create_app  # noqa: PLC0415  # it imports every command

    config = services().config
    alone = but(
        config,
        database_url="sqlite://",
        smtp_url="",
        sentry_dsn="",
        stripe_api_key="",
        stripe_webhook_secret="",
    )
    return create_app(alone, lambda _: network, SilentMailer())


def _told(outcome: Outcome) -> bool:
    verdict = outcome.left_out or ("different" if outcome.changed else "same")
    click.echo(f"{outcome.then.at:%Y-%m-%d %H:%M:%SZ}  {outcome.then.path:<48} {verdict}")
    for line in outcome.changed:
        click.echo(f"    {line}")
    return outcome.is_same


def _compared(then: list[str], now: list[str]) -> bool:
    """Print how the timelines differ. Return whether they are the same."""
    changed = list(difflib.unified_diff(then, now, "happened then", "happens now", lineterm="", n=1))
    click.echo("The record: " + ("different" if changed else "same"))
    for line in changed:
        click.echo(f"    {line}")
    return not changed
