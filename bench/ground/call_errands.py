"""What is done about one call: a technician takes it, an operator sells the visit and books it, the customer pays."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from playwright.sync_api import Browser

from bench.ground.person import Cost, Person
from devtools.demo import ISSUE, call_for_a_visit
from devtools.demo_stage import Stage
from devtools.handset_client import Handsets
from devtools.local_stack import LocalStack
from devtools.seed import PASSWORD, PEOPLE, email
from ivr.company.staff.models import Role

_FIRST_DAY: Final = date(2026, 12, 1)
Costs = Mapping[str, list[Cost]]


@dataclass
class Scene:
    """A line that runs, and the windows of its staff by their telephone numbers, opened once."""

    browser: Browser
    parts: LocalStack
    stage: Stage
    windows: dict[str, Person] = field(default_factory=dict)

    def at_desk(self, number: str, name: str) -> None:
        """Somebody looks at the board."""
        if number not in self.windows:
            self.windows[number] = who = Person(self.browser, self.parts.web)
            who.page.goto("/login")
            who.types(Email=email(name), Password=PASSWORD)
            who.clicks(who.button("Log in"), who.heading("Board"))

    def on_the_road(self, number: str, name: str) -> None:
        """A technician looks at their own page, on a telephone."""
        if number not in self.windows:
            self.windows[number] = who = Person(
                self.browser, self.parts.web, screen={"width": 360, "height": 740}
            )
            link = self.parts.flask("staff", "link", number).split()[-1]
            who.page.goto(link)
            who.heading(name).wait_for()


def run(scene: Scene, number: int, costs: Costs) -> None:
    """Play one call, and do each errand of it once; ``number`` is that of the round."""
    stage, customer = scene.stage, f"+1510555{2000 + number}"
    Handsets(scene.parts.handset).add(customer, f"Rosa {number}")
    for name, role, phone, _ in PEOPLE:
        if role == Role.TECHNICIAN:
            scene.on_the_road(phone, name)
        elif role == Role.OPERATOR:
            scene.at_desk(phone, name)
    call_for_a_visit(stage, customer)
    technician = stage.wait_for_ring(_of(Role.TECHNICIAN), "a technician's telephone rings")
    dana = scene.windows[technician]
    _is_rung(dana, costs)
    _takes(dana, technician, stage, costs)
    stage.wait_until_joined([customer, technician], "the caller and the technician talk")
    _star(stage, technician, "the technician hears the star menu")
    operator = stage.wait_for_ring(_of(Role.OPERATOR), "an operator's telephone rings")
    olive = scene.windows[operator]
    _pops(olive, operator, stage, costs)
    everybody = [customer, technician, operator]
    stage.wait_until_joined(everybody, "a private consultation", held=[customer])
    _star(stage, technician, "the technician hears the star menu of the consultation")
    stage.wait_until_joined([customer, operator], "the caller and the operator talk")
    _fills_in(olive, number, costs)
    _promises(olive, costs)
    _sends(olive, number, costs)
    _pays(scene, number, costs)
    _books(olive, number, costs)
    _ends(stage, customer, operator, everybody)
    olive.page.goto("/")
    dana.page.goto("/t")


def _of(role: Role) -> Sequence[str]:
    return [phone for _, one, phone, _ in PEOPLE if one == role]


def _star(stage: Stage, technician: str, what: str) -> None:
    stage.do(technician, "press", keys="*")
    stage.wait_for_question(technician, what)
    stage.do(technician, "press", keys="1")


def _is_rung(dana: Person, costs: Costs) -> None:
    with dana.errand(is_under_way=True) as cost:
        dana.waits_for(dana.words("Your phone is ringing."))
    costs["a technician's page says that the phone rings"].append(cost)


def _takes(dana: Person, technician: str, stage: Stage, costs: Costs) -> None:
    stage.do(technician, "answer")
    stage.wait_for_question(technician, "the technician hears the brief")
    with dana.errand() as cost:
        dana.presses_on(technician, "1", stage, dana.page.locator("blockquote", has_text=ISSUE).first)
    costs["accepts, and the page shows the caller"].append(cost)


def _pops(olive: Person, operator: str, stage: Stage, costs: Costs) -> None:
    stage.do(operator, "answer")
    stage.wait_for_question(operator, "the operator hears the brief")
    with olive.errand() as cost:
        olive.presses_on(operator, "1", stage, olive.field("Site address"))
    costs["an operator accepts, and the intake opens"].append(cost)


def _fills_in(olive: Person, number: int, costs: Costs) -> None:
    with olive.errand() as cost:
        olive.types(
            Name=f"Rosa {number} Diaz",
            Contact_number="(415) 555-2671",
            Email=f"rosa{number}@example.com",
            Site_address="1 Main Street, Oakland, CA 94607",
            Main_number_of_that_system="(510) 555-0199",
            Issue_details="All handsets at the front desk are dead. The fax line works.",
        )
        olive.presses("Tab", olive.words("All 6 filled."))
    costs["fills in the six fields"].append(cost)


def _promises(olive: Person, costs: Costs) -> None:
    with olive.errand() as cost:
        olive.clicks(olive.words("Call back with the price"), olive.field("Call at"))
        olive.types(Call_at="2026-11-24T10:00")
        olive.clicks(olive.button("Schedule callback"), olive.words("A call with the price is scheduled"))
    costs["promises a call with the price"].append(cost)


def _sends(olive: Person, number: int, costs: Costs) -> None:
    send = olive.button(f"Send to rosa{number}@example.com")
    with olive.errand() as cost:
        olive.fills(olive.page.get_by_label("Extra hours"), "2")
        olive.fills(olive.page.get_by_label("Location and scope, $"), "60")
        olive.fills(olive.page.get_by_label("Reason for surcharge"), "A drive of an hour")
        olive.clicks(send, olive.words("$710 doesn't fit"))
        olive.clicks(olive.button("Make it $700"), olive.page.locator(".sum-total", has_text="$700"))
        olive.clicks(send, olive.page.get_by_role("list", name="Progress of version 1"))
    costs["sends $710, which is refused, then $700"].append(cost)


def _pays(scene: Scene, number: int, costs: Costs) -> None:
    link = _link(scene, f"rosa{number}@example.com")
    rosa = Person(scene.browser, scene.parts.web, screen={"width": 360, "height": 740})
    with rosa.errand() as cost:
        rosa.opens(link, rosa.button("pay $700"))
        rosa.clicks(rosa.button("pay $700"), rosa.words("THIS IS A TEST"))
        rosa.clicks(rosa.button("Pay $700"), rosa.heading("Thank you"))
    costs["a customer opens the email and pays"].append(cost)
    rosa.page.context.close()


def _link(scene: Scene, address: str) -> str:
    """The link in the estimate's letter, as soon as the worker has put it into the outbox."""
    desk = next(iter(scene.windows[phone] for phone in _of(Role.OPERATOR))).page.context.new_page()
    row = desk.get_by_role("listitem").or_(desk.get_by_role("row")).filter(has_text=address).first
    while not row.is_visible():
        desk.goto("/outbox")
        desk.wait_for_timeout(200)
    row.get_by_role("link").first.click()
    link = desk.locator("a[href*='/pay/']").first.get_attribute("href") or ""
    desk.close()
    return link


def _books(olive: Person, number: int, costs: Costs) -> None:
    day = _FIRST_DAY + timedelta(days=number % 3 + 7 * (number // 3))
    book = olive.button("Book the visit")
    book.wait_for()  # it is there by itself once the customer has paid
    with olive.errand() as cost:
        olive.types(Day=day.isoformat(), From="08:00", To="10:00", Technician="Sam Ortiz")
        olive.clicks(book, olive.words("Booked. The customer is emailed"))
    costs["books the visit"].append(cost)


def _ends(stage: Stage, customer: str, operator: str, everybody: Sequence[str]) -> None:
    stage.do(customer, "hang-up")
    stage.wait_for_question(operator, "the operator is asked whether everything is settled")
    stage.hear_out(operator)
    stage.do(operator, "press", keys="9")
    stage.wait_until_idle(everybody, "everybody has hung up")
