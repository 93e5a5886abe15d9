"""A proxy strips the header by which the network marks its repeats: who presses a key again is heard again."""

from dataclasses import replace

from tests.support.openings import accepts, are_talking, talk
from tests.support.world import Everybody, World


def strips_tokens(world: World) -> None:
    world.exchange.switches = replace(world.exchange.switches, idempotency_token_arrives=False)


def test_a_second_star_is_not_the_first_one_again(world: World, people: Everybody) -> None:
    strips_tokens(world)
    talk(people)
    for _ in range(3):
        people.dana.presses("*").hears("Press 1 to transfer")
        assert people.customer.is_held
        people.dana.presses("3")
        are_talking(people.dana, people.customer)
        assert not people.customer.is_held


def test_a_second_transfer_rings_the_operators_again(world: World, people: Everybody) -> None:
    strips_tokens(world)
    talk(people)
    for _ in range(2):
        people.dana.presses("*").hears("Press 1 to transfer").presses("1").hears("Calling the operators")
        people.olive.rings().declines()
        people.pedro.rings().declines()
        people.dana.hears("Press 1 to try again").presses("3")
        are_talking(people.dana, people.customer)
    people.dana.presses("*").hears("Press 1 to transfer").presses("1")
    accepts(people.olive)
    are_talking(people.dana, people.olive)
