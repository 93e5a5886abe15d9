"""The map as text that GitHub draws, in a page of Markdown that says how to read it."""

from collections.abc import Iterator

from devtools.callmap.boxes import Box, boxes
from devtools.callmap.model import CallMap

_PAGE = """\
# The call map

![The call map, a box for each flow](call-map.svg)

{steps} steps in {flows} flows, and the {arrows} arrows between them, read from the code. Each frame is a flow; each
box is a step, or a question together with the step that hears its answer. An arrow carries the key or what was heard
that leads on; one that carries nothing goes on by itself. A round box is where a call comes in: the address that the
network asks for, the job that sends a leg there, or a fault, which leads to the flow's fallback. In *italics*: how the
turn ends, or what the leg waits in. A wrong key asks again; that is not drawn.

Both files are drawn by `flask --app devtools flows map`: run it after a change to the flows. A test fails until then.

```mermaid
{diagram}
```
"""


def markdown(drawn: CallMap) -> str:
    """Return the page."""
    return _PAGE.format(
        steps=len(drawn.places), flows=len(drawn.flows), arrows=len(drawn.arrows), diagram=diagram(drawn)
    )


def diagram(drawn: CallMap) -> str:
    """Return the flowchart in Mermaid."""
    found = boxes(drawn)
    box_of = {step.id: box.id for box in found for step in box.steps}
    lines = ["flowchart LR"]
    for flow, _ in drawn.flows:
        own = [box for box in found if box.flow == flow]
        lines += [f'  subgraph {flow}["{flow}"]', *(f"    {_box(box)}" for box in own), "  end"]
        lines += [f"  {line}" for box in own for line in _entries(box)]
    lines += [f"  {line}" for box in found for line in _arrows(box, box_of)]
    return "\n".join(lines)


def _box(box: Box) -> str:
    names = [f"<b>{step.name}</b>" if at == 0 else step.name for at, step in enumerate(box.steps)]
    return f'{_id(box.id)}["{"<br>".join([*names, *(f"<i>{end}</i>" for end in box.ends)])}"]'


def _entries(box: Box) -> Iterator[str]:
    for at, entry in enumerate(box.entered):
        words = {"network": entry.name, "job": f"job {entry.name}", "fault": "fault"}[entry.kind]
        label = "|fallback|" if entry.kind == "fault" else ""
        yield f'{_id(box.id)}__{at}(["{words}"]) -.->{label} {_id(box.id)}'


def _arrows(box: Box, box_of: dict[str, str]) -> Iterator[str]:
    for port in box.ports:
        label = f'|"{", ".join(port.labels)}"|' if port.labels else ""
        yield f"{_id(box.id)} -->{label} {_id(box_of[port.target])}"


def _id(box: str) -> str:
    """Return an id for Mermaid, in which ``end`` and a dot have other meanings."""
    return box.replace(".", "__")
