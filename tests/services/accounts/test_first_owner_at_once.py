"""Two people who have the one-time code at the same moment: one of them is the owner, on both databases."""

from threading import Barrier, Thread

from sqlalchemy import delete

from ivr.company.first_run import service as first_run
from ivr.company.first_run import setup_code
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

    people = (("Ada", "+14155550177"), ("Eve", "+14155550178"))
    threads = [Thread(target=becomes_the_owner, args=one) for one in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["the owner", "there is one"]
    with world.database.reading():
        assert [one.role for one in roster.everyone()] == [Role.OWNER]
