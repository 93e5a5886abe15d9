"""Whether callers are answered while this service is down: the flow that the network hosts, and today's settings."""

from collections.abc import Iterator

from flows import hosted
from ivr.backoffice.checks.finding import Finding, ok, unknown, warning, wrong
from ivr.callcenter.continuity import rules as continuity_rules
from ivr.callcenter.continuity import service as continuity
from ivr.platform.providers.telephone import LegGoneError, OutcomeUnknownError, RefusedError, TryLaterError
from ivr.services import Services

_PROVISION = "Run: flask --app ivr provision."


def check_continuity(ours: Services) -> Iterator[Finding]:
    """Compare the hosted flow with what today's settings make of it. Production without one is warned."""
    with ours.database.reading():
        kept = continuity.kept_flow()
        wanted = hosted.of_today(own=ours.config.twilio_phone_number, rings=kept.rings) if kept else None
    if kept is None or not kept.is_on:
        if ours.config.is_production:
            to_do = "Run: flask --app ivr provision --continuity NUMBER."
            yield warning("While this service is down callers reach nobody.", to_do)
        return
    try:
        flow = ours.telephone.hosted_flow(kept.sid)
    except LegGoneError:
        yield wrong("The network has lost the flow that takes calls while we are down.", _PROVISION)
        return
    except (OutcomeUnknownError, RefusedError, TryLaterError) as trouble:
        yield unknown(f"The flow that takes calls while we are down cannot be looked at: {trouble}.")
        return
    if continuity_rules.differences(wanted or {}, flow.definition):
        yield warning("The flow that takes calls while we are down is older than the settings.", _PROVISION)
    else:
        yield ok("While this service is down the network takes its calls.")
