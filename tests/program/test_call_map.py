"""The call map says what the code says, and its page can be read. Renew it with ``flask --app devtools flows map``."""

import re
from itertools import combinations, pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner

from devtools.callmap.boxes import boxes
from devtools.callmap.cards import WIDTH
from devtools.callmap.entries import opened_by_jobs
from devtools.callmap.keys import keys_to_press
from devtools.callmap.mermaid import diagram
from devtools.callmap.model import Arrow, CallMap, UnreachedStepError, UnreadableFlowError
from devtools.callmap.page import Page, Point, lay_out
from devtools.callmap.script import call_map, whole_script
from devtools.callmap.svg import svg
from devtools.callmap_command import flows
from devtools.pages_from_code import DOCS
from flows import FLOWS, front_door
from ivr.app import create_app
from ivr.core.config import DESK, from_environment
from ivr.platform.voice import Flow, Reply, Turn, ask, choose, hang_up

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def script() -> CallMap:
    return whole_script()


@pytest.fixture(scope="module")
def page(script: CallMap) -> Page:
    return lay_out(boxes(script))


# The files.


def test_the_files_are_what_the_code_says() -> None:
    done = CliRunner().invoke(flows, ["map", "--check"])

    assert done.exit_code == 0, done.output


@pytest.mark.parametrize("name", ["call-map.svg", "call-map.md"])
def test_a_file_that_has_been_changed_or_lost_is_named(tmp_path: Path, name: str) -> None:
    assert CliRunner().invoke(flows, ["map", "--into", str(tmp_path)]).exit_code == 0
    assert CliRunner().invoke(flows, ["map", "--check", "--into", str(tmp_path)]).exit_code == 0

    for change in (
        lambda file: file.write_text(file.read_text().replace("promised", "promises")),
        Path.unlink,
    ):
        change(tmp_path / name)
        done = CliRunner().invoke(flows, ["map", "--check", "--into", str(tmp_path)])
        assert done.exit_code == 1
        assert re.findall(r"call-map\.\w+", done.output) == [name]


# The facts.


def test_every_step_that_the_application_answers_for_is_in_the_map(script: CallMap, tmp_path: Path) -> None:
    app = create_app(from_environment(DESK | {"DATABASE_URL": f"sqlite:///{tmp_path / 'line.db'}"}))
    answered = {rule.endpoint for rule in app.url_map.iter_rules() if rule.rule.startswith("/voice/")}

    assert len(script.places) > 60
    assert answered - {place.id for place in script.places} == {
        "standing.fallback",
        "standing.call_recorded",
        "standing.hold_music",
        "standing.test_ring",
        "standing.test_ring_heard",
        "doorway.doorway",
        "calls.status",
        "prompt_calls.status",
        "calls.conference",
        "calls.transcript",
        "recordings.recording",
    }
    assert {place.id for place in script.places} <= answered


def test_every_arrow_is_between_steps(script: CallMap) -> None:
    places = {place.id for place in script.places}

    assert all({arrow.source, arrow.target} <= places for arrow in script.arrows)


@pytest.mark.parametrize(
    "arrow",
    [
        Arrow("front_door.welcome", "front_door.menu"),
        Arrow("front_door.menu_chosen", "intake.onsite", "1"),
        Arrow("front_door.menu_chosen", "front_door.person", "person"),
        Arrow("front_door.menu_chosen", "front_door.menu", "again"),
        Arrow("front_door.menu", "front_door.nobody_chose", "silence"),
        Arrow("intake.issue", "intake.issue_heard", "words", is_answer=True),
        Arrow("intake.issue", "intake.clip", "silence"),
        Arrow("intake.clip", "intake.clip_recorded", "after", is_answer=True),
        Arrow("waiting.line", "waiting.place", "waits"),
        Arrow("waiting.line", "waiting.left", "after"),
        Arrow("after_hours.closed_chosen", "rescue.message", "2"),  # its menu has a name
        Arrow(
            "briefing.brief", "briefing.brief_chosen", "key or words", is_answer=True
        ),  # three helpers deep
        Arrow("briefing.brief", "briefing.gone"),
        Arrow("desk.back", "desk.menu", "*"),
    ],
)
def test_an_arrow_carries_what_leads_on(script: CallMap, arrow: Arrow) -> None:
    assert arrow in script.arrows


@pytest.mark.parametrize(
    ("step", "ends"),
    [
        ("waiting.line", ("in line",)),
        ("waiting.joined", ("conference",)),
        ("intake.clip", ("recording",)),
        ("rescue.goodbye", ("hang up",)),
        ("front_door.menu", ()),
    ],
)
def test_an_end_is_marked(script: CallMap, step: str, ends: tuple[str, ...]) -> None:
    assert [place.ends for place in script.places if place.id == step] == [ends]


def test_the_ways_in_are_marked(script: CallMap) -> None:
    entered = {place.id: {entry.name for entry in place.entered} for place in script.places if place.entered}

    assert entered["arrival.incoming"] == {"/voice/incoming"}
    assert entered["screening.brief"] == {"dispatch.ring"}
    assert entered["waiting.joined"] == {"calls.join_caller"}
    assert "fallback" in entered["rescue.promised"]
    assert "a job" not in {job for jobs in opened_by_jobs().values() for job in jobs}, (
        "a door that no job opens"
    )


def test_every_file_with_a_flow_is_in_the_one_list_once() -> None:
    files = Path(str(front_door.__file__)).parent.glob("*.py")
    with_a_flow = {file.stem for file in files if "Flow(" in file.read_text(encoding="utf-8")}

    listed = [one.module.__name__.removeprefix("flows.") for one in FLOWS]
    assert sorted(listed) == sorted(with_a_flow)
    assert len({one.flow.name for one in FLOWS}) == len(FLOWS)


# Keys.

keyed: Flow[None] = Flow("keyed", subject=lambda _turn: None)


@keyed.at("/voice/keyed")
def chosen(turn: Turn[None]) -> Reply:
    if turn.digits == "*":
        return hang_up(turn)
    return choose(turn, {"7": chosen, "1": chosen}, no_match=chosen)


def test_every_key_of_a_menu_is_pressed_and_one_that_it_has_not() -> None:
    assert keys_to_press(call_map([(keyed, "")], {})) == {"/voice/keyed": "*172#"}


def test_the_keys_to_press_are_those_of_the_menu_at_hand(script: CallMap) -> None:
    pressed = keys_to_press(script)

    assert pressed["/voice/front_door/menu_chosen"] == "*01293#", "0 for a person, * for an owner"
    assert pressed["/voice/desk/menu_chosen"] == "12394#", "staff have no agent exit"
    assert pressed["/voice/waiting/told_of_recording"] == "91#", "without a menu"
    assert pressed["/voice/closing/chosen"] == "*123456#"


# What cannot be read, and what cannot be reached.

odd: Flow[None] = Flow("odd", subject=lambda _turn: None)
bare: Flow[None] = Flow("bare", subject=lambda _turn: None)
lonely: Flow[None] = Flow("lonely", subject=lambda _turn: None)


@odd.at("/voice/odd")
def hides(turn: Turn[None]) -> Reply:
    return next(map(hidden, [turn]))


@odd.step
def hidden(turn: Turn[None]) -> Reply:
    return hang_up(turn)


@bare.at("/voice/bare")
def asks(turn: Turn[None]) -> Reply:
    return ask(turn, "Yes?", then=told)


@bare.step
def told(turn: Turn[None]) -> Reply:
    return hang_up(turn)


@lonely.at("/voice/lonely")
def here(turn: Turn[None]) -> Reply:
    menu = {"1": here, "2": front_door.menu} if turn.attempt > 1 else {"3": here}
    return choose(turn, menu, no_match=here)  # type: ignore[arg-type]  # another flow's subject is of no matter here


@lonely.step
def nowhere(turn: Turn[None]) -> Reply:
    return nowhere(turn)


@pytest.mark.parametrize(("flow", "named"), [(odd, "`hidden`"), (bare, "no fallback")])
def test_a_step_that_the_map_cannot_follow_is_an_error_that_says_where(flow: Flow[None], named: str) -> None:
    with pytest.raises(UnreadableFlowError, match=rf"test_call_map\.py:\d+: .*{named}"):
        call_map([(flow, "")], {})


def test_a_step_that_nothing_but_itself_leads_to_is_an_error() -> None:
    with pytest.raises(UnreachedStepError, match=r"Nothing leads to lonely\.nowhere\."):
        call_map([(lonely, "")], {})


def test_a_job_is_a_way_in_and_a_menu_may_be_chosen_among() -> None:
    found = call_map([(lonely, "Alone.")], {nowhere.address: ["calls.send_nowhere"]})

    assert [place.name for place in found.places] == ["here", "nowhere"]
    assert {(arrow.label, arrow.target) for arrow in found.arrows if arrow.source == "lonely.here"} == {
        ("1", "lonely.here"),
        ("2", "front_door.menu"),
        ("3", "lonely.here"),
        ("again", "lonely.here"),
    }


# The page.


def test_no_arrow_runs_through_a_box(page: Page) -> None:
    for to, turns in page.arrows:
        for (x, y), (u, v) in pairwise(turns):
            for card, (left, top) in page.cards:
                is_clear = (
                    max(x, u) <= left
                    or min(x, u) >= left + WIDTH
                    or max(y, v) <= top
                    or min(y, v) >= top + card.height
                )
                assert is_clear, f"an arrow to {to} runs through {card.box.id}"


def test_arrows_to_different_steps_never_lie_on_each_other(page: Page) -> None:
    lines = [(to, line) for to, turns in page.arrows for line in pairwise(turns)]

    for (one, line), (other, beside) in combinations(lines, 2):
        assert one == other or not on_each_other(line, beside), f"arrows to {one} and to {other}"


def on_each_other(one: tuple[Point, Point], other: tuple[Point, Point]) -> bool:
    """Whether two lines along the same direction share more than a point."""
    return any(
        {one[0][across], one[1][across]} == {other[0][across], other[1][across]}
        and one[0][across] == one[1][across]
        and max(min(one[0][along], one[1][along]), min(other[0][along], other[1][along]))
        < min(max(one[0][along], one[1][along]), max(other[0][along], other[1][along]))
        for along, across in ((0, 1), (1, 0))
    )


def test_every_flow_holds_its_boxes_and_no_other_flows(page: Page) -> None:
    for lane in page.lanes:
        inside = {
            card.box.flow
            for card, (x, y) in page.cards
            if lane.x < x + WIDTH
            and x < lane.x + lane.width
            and lane.y < y + card.height
            and y < lane.y + lane.height
        }
        assert inside == {lane.flow}
        assert 0 <= lane.x <= lane.x + lane.width <= page.width
        assert 0 <= lane.y <= lane.y + lane.height <= page.height


def test_the_drawing_says_what_it_is_and_names_every_step(script: CallMap) -> None:
    drawing = ET.fromstring(svg(script))  # noqa: S314  # our own drawing

    named = " ".join(title.text or "" for title in drawing.iter(f"{SVG}title")).split()
    assert {place.id for place in script.places} <= set(named)
    assert drawing.get("aria-labelledby") == "title desc"
    assert [drawing.find(f"{SVG}{tag}") is not None for tag in ("title", "desc")] == [True, True]
    assert "prefers-color-scheme: dark" in (drawing.findtext(f"{SVG}style") or "")


def test_github_is_given_every_box_and_every_arrow(script: CallMap) -> None:
    text = diagram(script)
    found = boxes(script)

    assert all(re.search(rf"\b{place.name}\b", text) for place in script.places)
    assert len(re.findall(r" -->", text)) == sum(len(box.ports) for box in found)
    assert text in (DOCS / "call-map.md").read_text(encoding="utf-8")
    assert len(text) < 50_000, "Mermaid refuses more"
    assert text.count("->") < 500, "Mermaid refuses more"
