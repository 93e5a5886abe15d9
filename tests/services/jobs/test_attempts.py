from hypothesis import given
from hypothesis import strategies as st

from ivr.platform.jobs.attempts import backoff, shortened


def test_waits_double_up_to_a_minute() -> None:
    assert [backoff(n, luck=0) for n in range(1, 9)] == [1, 2, 4, 8, 16, 32, 60, 60]
    assert [backoff(n, luck=1) for n in range(1, 9)] == [0.5, 1, 2, 4, 8, 16, 30, 30]
    assert backoff(10**6, luck=0) == 60


@given(st.text(st.characters(exclude_categories=[]), max_size=2000))
def test_any_error_fits_a_column(words: str) -> None:
    kept = shortened(ValueError(words))
    assert len(kept) <= 500
    assert "\0" not in kept
    assert kept.encode()
    assert kept.startswith("ValueError: ")
