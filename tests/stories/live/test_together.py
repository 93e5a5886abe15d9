"""One look at the board for many who ask at once: never older than the question, and no queue behind a fault."""

import sys
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event

import pytest

from ivr.web.console.board.single_flight import SingleFlight

LONGEST = 10


class Looks:
    """Looks that are counted; the first goes on until ``ends``, and all fail while it is ``away``."""

    def __init__(self) -> None:
        self.made = 0
        self.away = False
        self.began, self.ends = Event(), Event()

    def __call__(self) -> int:
        self.made += 1
        if self.made == 1:
            self.began.set()
            assert self.ends.wait(LONGEST)
        if self.away:
            raise OSError("the database is away")
        return self.made


def test_whoever_asks_later_looks_again() -> None:
    looks = Looks()
    looks.ends.set()
    board = SingleFlight(looks)
    assert [_asked(board) for _ in range(3)] == [1, 2, 3]


def test_all_who_asked_during_a_look_share_the_next() -> None:
    answers, looks = _while_the_first_looks()
    assert answers == [1, 2, 2, 2, 2, 2]
    assert looks.made == 2


def test_all_who_waited_for_a_look_that_failed_are_told_so_at_once() -> None:
    answers, looks = _while_the_first_looks(goes_away=True)
    assert answers == ["the database is away"] * 6
    assert looks.made == 2


def test_a_look_that_failed_is_not_the_last() -> None:
    looks = Looks()
    looks.ends.set()
    looks.away = True
    board = SingleFlight(looks)
    with pytest.raises(OSError, match="away"):
        _asked(board)
    looks.away = False
    assert _asked(board) == 2


def test_an_earlier_look_serves_whoever_it_shows_enough() -> None:
    looks = Looks()
    looks.ends.set()
    board = SingleFlight(looks, keeps=LONGEST)
    with board.found(lambda look: look >= 1) as found:
        assert found == 1
    with board.found(lambda look: look >= 1) as found:
        assert found == 1
    with board.found(lambda look: look >= 2) as found:
        assert found == 2
    assert _asked(board) == 3, "whoever does not say what is enough gets a new one"


def _while_the_first_looks(*, goes_away: bool = False) -> tuple[list[object], Looks]:
    """What six are told of whom five ask while the first one's look goes on."""
    looks = Looks()
    board = SingleFlight(looks)
    with ThreadPoolExecutor(6) as threads:
        first = threads.submit(_asked, board)
        assert looks.began.wait(LONGEST)
        others = [threads.submit(_asked, board) for _ in range(5)]
        while _waiting() < 5:
            assert not any(one.done() for one in others)
        looks.away = goes_away
        looks.ends.set()
    return [_told(one) for one in (first, *others)], looks


def _asked(board: SingleFlight[int]) -> int:
    with board.found() as found:
        return found


def _waiting() -> int:
    """How many threads have asked and not begun to look: their innermost Python frame is the question's own."""
    return sum(
        frame.f_code.co_name == "found" and "asked" in frame.f_locals
        for frame in sys._current_frames().values()  # a lock does not tell who waits for it
    )


def _told(one: Future[int]) -> object:
    fault = one.exception()
    return str(fault) if fault else one.result()
