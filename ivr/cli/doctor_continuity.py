"""Whether callers are answered while this service is down: the flow that the network hosts, and today's settings."""

from collections.abc import Iterator

from ivr.backoffice.checks.finding import Finding
from ivr.callcenter.continuity import rules as continuity_rules
from ivr.callcenter.continuity import service as continuity
from ivr.cli.provision import of_today
from ivr.platform.providers.telephone import LegGoneError, OutcomeUnknownError, RefusedError, TryLaterError
from ivr.services import Services


def check_continuity(ours: Services) -> Iterator[Finding]:
    """Compare the hosted flow with what today's settings make of it. Without one, a desk is well, production warned."""
    with ours.database.reading():
        kept = continuity.kept_flow()
    if kept is None or not kept.is_on:
        if ours.config.is_production:
            words = "while this service is down callers reach nobody"
            yield Finding(is_well=None, words=f"{words}: flask --app ivr provision --continuity NUMBER")
        return
    try:
        flow = ours.telephone.hosted_flow(kept.sid)
    except LegGoneError:
        words = "the network has lost the flow that takes calls while we are down: flask --app ivr provision"
        yield Finding(is_well=False, words=words)
        return
    except (OutcomeUnknownError, RefusedError, TryLaterError) as trouble:
        words = f"the flow that takes calls while we are down cannot be looked at: {trouble}"
        yield Finding(is_well=False, words=words)
        return
    if continuity_rules.differences(of_today(ours.config, kept.rings), flow.definition):
        words = "the flow that takes calls while we are down is older than the settings"
        yield Finding(is_well=None, words=f"{words}: flask --app ivr provision")
    else:
        words = f"while this service is down the network takes its calls, and 1 rings {kept.rings}"
        yield Finding(is_well=True, words=words)
