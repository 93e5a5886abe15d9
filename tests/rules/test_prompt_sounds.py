"""What is taken for a sound, and what is refused: by content, whatever the name."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.company.prompts import rules as prompts_rules
from ivr.company.prompts.rules import Sound
from ivr.core.errors import Refusal
from tests.support.sounds import FRAME, wav


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (wav(1.2), Sound("audio/wav", 2)),
        (wav(1, rate=44100, channels=2), Sound("audio/wav", 1)),
        (wav(1, width=1), Sound("audio/wav", 1)),
        (FRAME * 100, Sound("audio/mpeg", 3)),
        (b"ID3\x04\0\0\0\0\x01\x00" + bytes(128) + FRAME * 38, Sound("audio/mpeg", 1)),
        (FRAME * 38 + b"TAG" + bytes(125), Sound("audio/mpeg", 1)),
    ],
)
def test_a_sound_is_known_by_its_content(data: bytes, found: Sound) -> None:
    assert prompts_rules.sound(data) == found


@pytest.mark.parametrize(
    ("data", "refusal"),
    [
        (b"", prompts_rules.NoSoundError),
        (b"<script>alert(1)</script>", prompts_rules.NoSoundError),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), prompts_rules.NoSoundError),
        (b"OggS" + bytes(100), prompts_rules.NoSoundError),
        (b"RIFF\0\0\0\0AVI " + bytes(100), prompts_rules.NoSoundError),
        (b"RIFF\0\0\0\0WAVE", prompts_rules.WaveKindError),
        (wav()[:-1000], prompts_rules.BrokenSoundError),
        (wav(0), prompts_rules.BrokenSoundError),
        (wav(width=3), prompts_rules.WaveKindError),
        (wav(rate=4000), prompts_rules.WaveKindError),
        (wav().replace(b"fmt \x10\0\0\0\x01\0", b"fmt \x10\0\0\0\x07\0"), prompts_rules.WaveKindError),
        (b"ID3\x04\0\0\x7f\x7f\x7f\x7f", prompts_rules.BrokenSoundError),
        (FRAME * 3 + b"<script>", prompts_rules.BrokenSoundError),
        (FRAME[:100], prompts_rules.BrokenSoundError),
        (wav(121), prompts_rules.TooLongError),
        (FRAME * 5000, prompts_rules.TooLongError),
        (bytes(prompts_rules.LARGEST + 1), prompts_rules.TooLargeError),
    ],
)
def test_what_no_telephone_plays_is_refused_in_plain_words(data: bytes, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal) as refused:
        prompts_rules.sound(data)
    assert refused.value.shown.endswith(".")


@given(
    start=st.sampled_from([b"", wav(0.01)[:44], wav(0.01)[:20], b"ID3", FRAME]), rest=st.binary(max_size=600)
)
def test_no_bytes_are_more_than_refused(start: bytes, rest: bytes) -> None:
    with suppress(Refusal):
        assert prompts_rules.sound(start + rest).seconds >= 1
