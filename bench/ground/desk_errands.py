"""What is done at a desk while nobody calls: an operator's searches and lists, and an owner's early evening."""

from collections.abc import Mapping

from bench.ground.call_errands import Scene
from bench.ground.person import Cost, Person
from devtools.seed import PASSWORD, email


def run(scene: Scene, number: int, costs: Mapping[str, list[Cost]]) -> None:
    """Do each errand once; ``number`` is that of the round."""
    olive = Person(scene.browser, scene.parts.web)
    costs["an operator logs in and sees the board"].append(_logs_in(olive, "Olive"))
    costs["finds the oldest of 250 callbacks"].append(_oldest_callback(olive))
    costs["finds the oldest of 250 intakes"].append(_oldest_intake(olive))
    costs["finds an intake of 250 by name"].append(_by_name(olive, number))
    costs["leaves a comment on it"].append(_comments(olive, number))
    costs["assigns a callback to a colleague"].append(_assigns(olive, number))
    costs["postpones a callback to tomorrow"].append(_postpones(olive, number))
    olive.page.context.close()
    ruth = Person(scene.browser, scene.parts.web)
    _logs_in(ruth, "Ruth")
    costs["an owner closes the line until tomorrow"].append(_closes(ruth))
    ruth.clicks(ruth.button("Open again now"), ruth.words("No: the line follows its hours."))
    ruth.page.context.close()


def _logs_in(who: Person, name: str) -> Cost:
    who.page.goto("/login")
    with who.errand() as cost:
        who.types(Email=email(name), Password=PASSWORD)
        who.clicks(who.button("Log in"), who.heading("Board"))
    return cost


def _oldest_callback(who: Person) -> Cost:
    with who.errand() as cost:
        who.clicks(who.page.get_by_role("navigation").get_by_text("Callbacks"), who.link("Customer 1"))
        who.clicks(who.page.locator(".owed h2 a").first, who.heading("Customer 1"))
    return cost


def _oldest_intake(who: Person) -> Cost:
    who.page.goto("/intakes?show=all&sort=newest")  # the list opens as they left it
    who.page.goto("/")
    with who.errand() as cost:
        who.clicks(who.link("Intakes"), who.heading("Intakes"))
        who.clicks(who.link("Called"), who.page.get_by_role("columnheader", name="Called", exact=True))
        who.page.wait_for_url("**sort=**")
        who.clicks(who.page.locator("tbody th a").first, who.heading("Customer"))
    return cost


def _by_name(who: Person, number: int) -> Cost:
    who.page.goto("/")
    name = f"Customer {237 + number}"  # no telephone number begins so
    with who.errand() as cost:
        search = who.page.get_by_role("searchbox")
        who.presses("/", who.page.locator("input[type=search]:focus"))
        who.fills(search, name)
        who.presses("Enter", who.heading("Search"))
        who.clicks(who.page.locator("main li a").first, who.heading(name))
    return cost


def _comments(who: Person, number: int) -> Cost:
    note = f"Back from lunch at {number + 1}."
    with who.errand() as cost:
        who.types(Note_for_your_colleagues=note)
        who.clicks(who.button("Add the note"), who.page.locator(".thread", has_text=note))
    return cost


def _assigns(who: Person, number: int) -> Cost:
    who.page.goto("/callbacks")
    card = who.page.locator(f"li.card:nth-child({number + 1})")
    with who.errand() as cost:
        form = card.locator("[id^=assign]")
        who.clicks(form.locator("summary"), form.locator("select"))
        who.fills(form.locator("select"), "Pedro Marin")
        who.clicks(
            form.get_by_role("button", name="Assign", exact=True).last, card.get_by_text("Pedro Marin has it")
        )
    return cost


def _postpones(who: Person, number: int) -> Cost:
    its = f"#{who.page.locator('li.card').nth(10 + number).get_attribute('id')}"
    card = who.page.locator(its)
    tomorrow = card.get_by_role("button", name="Tomorrow at 9")
    # It goes to a later page.
    is_not_due = who.page.locator(f"#owed-list:not(:has({its}[data-tone]))")
    with who.errand() as cost:
        who.clicks(card.get_by_text("Postpone").first, tomorrow)
        who.clicks(tomorrow, is_not_due)
    return cost


def _closes(who: Person) -> Cost:
    with who.errand() as cost:
        who.clicks(who.link("Settings"), who.heading("Close the line"))
        who.clicks(who.button("Close until Tue"), who.words("Closed until Tue"))
    return cost
