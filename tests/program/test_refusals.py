"""Refusals: each has words of its own for a page, and none of them is a docstring, which ``python -OO`` removes."""

import ast
import os
import pkgutil
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module

import pytest

import ivr
from ivr.backoffice.payments import service as payments
from ivr.backoffice.payments import wording
from ivr.core.errors import Refusal
from ivr.platform.providers import checkout
from tests.support.paths import ROOT


def refusals(of: type[Refusal] = Refusal) -> Iterator[type[Refusal]]:
    """Every class of refusal that has been imported."""
    for one in of.__subclasses__():
        yield one
        yield from refusals(one)


@pytest.fixture(scope="module")
def every_refusal() -> list[type[Refusal]]:
    for module in pkgutil.walk_packages(ivr.__path__, "ivr."):
        import_module(module.name)
    return sorted(refusals(), key=lambda one: (one.__module__, one.__name__))


def test_every_refusal_has_a_message_of_its_own(every_refusal: list[type[Refusal]]) -> None:
    assert len(every_refusal) > 50
    for refusal in every_refusal:
        message = vars(refusal).get("message", "")
        assert message.endswith("."), (
            f"{refusal.__module__}.{refusal.__name__}: give it a message, a sentence"
        )
        assert "`" not in message, f"{refusal.__name__}: what programmers read belongs in the docstring"


def test_a_refusal_shows_its_message_or_the_text_it_was_raised_with() -> None:
    assert checkout.PaymentsOffError().shown == checkout.PaymentsOffError.message
    assert checkout.PaymentsOffError("Ask Rosa.").shown == "Ask Rosa."


def test_without_docstrings_a_refusal_shows_the_same() -> None:
    code = "from ivr.company.staff import roster; print(roster.__doc__, roster.BadNameError().shown)"
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-OO", "-B", "-c", code],
        cwd=ROOT,
        env=dict(os.environ),
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout == "None Give a name of 1 to 100 characters.\n"


def test_no_text_is_taken_from_a_docstring() -> None:
    """Click's help is, by click itself; what is shown or spoken is not."""
    for file in [*(ROOT / "ivr").rglob("*.py"), *(ROOT / "flows").rglob("*.py")]:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            name = getattr(node, "attr", getattr(node, "id", ""))
            assert name not in {"__doc__", "getdoc"}, f"{file.relative_to(ROOT)}: text from a docstring"


def test_why_a_customer_cannot_pay_is_said_in_spanish() -> None:
    at_checkout = [one for one in refusals() if one.__module__ in {checkout.__name__, payments.__name__}]

    assert len(at_checkout) == 6
    for refusal in at_checkout:
        assert wording.of_refusal("en", refusal()) == refusal.message
        assert wording.of_refusal("es", refusal()) not in {refusal.message, ""}, refusal.__name__
