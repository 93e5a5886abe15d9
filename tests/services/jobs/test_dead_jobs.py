"""``flask --app ivr jobs``, on whichever engine the database asks for."""

from ivr.platform.jobs import enqueue
from tests.support.world import World


def test_a_dead_job_is_listed_and_taken_up_again(world: World) -> None:
    world.faults_expected = True
    runner = world.app.test_cli_runner()
    assert runner.invoke(args=["jobs", "dead"]).output == "No job is dead.\n"
    with world.database.transaction():
        enqueue("no.such.job", reference="A7")
    world.exchange.settle()

    listed = runner.invoke(args=["jobs", "dead"]).output
    number = listed.split()[0]
    assert "no.such.job" in listed
    assert "1 attempts  no handler is named 'no.such.job'" in listed

    assert runner.invoke(args=["jobs", "retry", number]).output == f"{number} is queued again.\n"
    assert runner.invoke(args=["jobs", "dead"]).output == "No job is dead.\n"
    refused = runner.invoke(args=["jobs", "retry", number])
    assert refused.exit_code == 1
    assert "See: flask --app ivr jobs dead" in refused.output
    world.exchange.settle()
    assert "no.such.job" in runner.invoke(args=["jobs", "dead"]).output
