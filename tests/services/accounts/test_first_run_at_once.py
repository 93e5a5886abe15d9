"""The first run, by two at the same moment, on both databases: one has the code, and a letter may be opened twice."""

from collections.abc import Callable
from threading import Barrier, Thread

from sqlalchemy import delete, select

from ivr.company.first_run import letter_to_oneself, setup_code
from ivr.company.first_run import service as first_run
from ivr.company.first_run.letter_to_oneself import ArrivalLinks
from ivr.company.first_run.models import SetupCheck
from ivr.company.first_run.service import AlreadySetUpError
from ivr.company.staff import roster
from ivr.company.staff.models import Role, Staff
from ivr.services import services
from tests.support.world import World


def test_two_who_have_the_code_at_once_make_one_owner(world: World) -> None:
    keys = services(world.app).config.secret_keys
    with world.database.transaction() as session:
        session.execute(delete(Staff))
        code = setup_code.current(keys)
    together, told = Barrier(2), []

    def becomes_the_owner(name: str, phone: str) -> None:
        together.wait()
        try:
            with world.app.app_context(), world.database.transaction():
                password = "a long enough one"
                first_run.begin(
                    code, keys, name=name, phone=phone, email=f"{name}@example.com", password=password
                )
        except AlreadySetUpError:
            told.append("there is one")
        else:
            told.append("the owner")

    at_once(
        lambda: becomes_the_owner("Ada", "+14155550177"), lambda: becomes_the_owner("Eve", "+14155550178")
    )
    assert sorted(told) == ["the owner", "there is one"]
    with world.database.reading():
        assert [one.role for one in roster.everyone()] == [Role.OWNER]


def test_a_letter_that_a_scanner_and_a_person_open_at_once_has_arrived(world: World) -> None:
    config = services(world.app).config
    links = ArrivalLinks(config.secret_keys, config.public_url)
    with world.database.reading():
        token = links.url(roster.by_name_or_phone("ruth")).rpartition("/")[2]
    together, opened = Barrier(2), []

    def opens() -> None:
        with world.app.app_context(), world.database.transaction():
            if world.database.engine.dialect.name == "postgresql":  # on SQLite one writes after the other
                together.wait()
            letter_to_oneself.arrived(token, links)
        opened.append(True)

    at_once(opens, opens)
    assert opened == [True, True]
    with world.database.reading() as session:
        [kept] = session.scalars(select(SetupCheck))
    assert (kept.is_well, kept.words) == (True, "An email to ruth@example.com arrived.")


def at_once(*acts: Callable[[], None]) -> None:
    threads = [Thread(target=act) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
