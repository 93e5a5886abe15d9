"""What verbs have in common: an ordinary one answers the call, and most read flags and numbers."""

from xml.etree.ElementTree import Element

from twilio_simulator.execution_context import ExecutionContext


class Answering:
    """A verb that answers an inbound call, as all do but a few."""

    def leaves_ringing(self, context: ExecutionContext) -> bool:  # noqa: ARG002  # others look at the context
        return False


def flag(node: Element, name: str, *, default: bool) -> bool:
    return node.get(name, "true" if default else "false") == "true"


def whole(node: Element, name: str, default: int) -> int:
    return int(node.get(name, default))


def optional(node: Element, name: str) -> int | None:
    value = node.get(name)
    return int(value) if value is not None else None


def words(node: Element) -> str:
    """The text of an element and all in it, white space folded."""
    return " ".join("".join(node.itertext()).split())
