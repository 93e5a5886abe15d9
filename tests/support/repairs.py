"""What the line has set right by itself."""

from tests.support.world import World


def repairs(world: World) -> list[str]:
    """As the timelines tell, oldest first."""
    events = [event for record in world.records() for event in record["events"]]
    return [event["thing"] for event in events if event["kind"] == "repaired"]
