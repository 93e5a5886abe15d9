"""Whether callers are answered while this service is down: the flow that the network hosts, and today's settings."""

from collections.abc import Iterator

from ivr.callcenter.continuity import rules as continuity_rules
from ivr.callcenter.continuity import service as continuity
from ivr.cli.doctor_proxy import Finding
from ivr.cli.provision import of_today
from ivr.core.config import Config
from ivr.core.db import Database
from ivr.platform.providers.telephone import LegGoneError, OutcomeUnknownError, RefusedError, TryLaterError
from ivr.services import services


def check_continuity(config: Config, database: Database) -> Iterator[Finding]:
    """Compare the hosted flow with what today's settings make of it. Without one, a desk is well, production warned."""
    with database.reading():
        kept = continuity.kept_flow()
    if kept is None or not kept.is_on:
        if config.is_production:
            words = "while this service is down callers reach nobody"
            yield None, f"{words}: flask --app ivr provision --continuity NUMBER"
        return
    try:
        flow = services().telephone.hosted_flow(kept.sid)
    except LegGoneError:
        yield (
            False,
            "the network has lost the flow that takes calls while we are down: flask --app ivr provision",
        )
        return
    except (OutcomeUnknownError, RefusedError, TryLaterError) as trouble:
        yield False, f"the flow that takes calls while we are down cannot be looked at: {trouble}"
        return
    if continuity_rules.differences(of_today(config, kept.rings), flow.definition):
        words = "the flow that takes calls while we are down is older than the settings"
        yield None, f"{words}: flask --app ivr provision"
    else:
        yield True, f"while this service is down the network takes its calls, and 1 rings {kept.rings}"
