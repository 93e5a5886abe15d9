"""Which sounds a telephone network plays, recognized by content, never by name. Pure."""

import hashlib
import io
import math
import struct
import wave
from dataclasses import dataclass
from typing import Final

from ivr.core.errors import Refusal

LARGEST: Final = 5 * 1024 * 1024
#: No caller listens longer to one prompt.
LONGEST: Final = 120
KINDS: Final = {"audio/wav": "wav", "audio/mpeg": "mp3"}

_RATES: Final = range(8000, 48001)
# MPEG 1 and 2, layer III (ISO 11172-3 and 13818-3): kbit per second and samples per second, by the header's codes.
_KBITS: Final = {
    1: (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    2: (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_HERTZ: Final = {1: (44100, 48000, 32000), 2: (22050, 24000, 16000)}


class NoSoundError(Refusal):
    message = "That isn't a WAV or MP3 file. Choose a recording saved as one of the two."


class TooLargeError(Refusal):
    message = "That file is larger than 5 MB. Save it as MP3, or as WAV with 8000 samples a second."


class TooLongError(Refusal):
    message = "That recording is longer than 2 minutes. Cut it shorter."


class BrokenSoundError(Refusal):
    message = "That file breaks off, or is silent from the start. Save the recording again."


class WaveKindError(Refusal):
    message = "Phones can't play that kind of WAV file. Save it as PCM, 8 or 16 bit, one or two channels."


@dataclass(frozen=True)
class Sound:
    """The type of a sound, and its duration rounded up to whole seconds."""

    content_type: str
    seconds: int


def sound(data: bytes) -> Sound:
    """Recognizes these bytes. Raises one of the refusals above."""
    if len(data) > LARGEST:
        raise TooLargeError
    if data[:4] == b"RIFF" and data[8:12] == b"WAVE":
        content_type, seconds = "audio/wav", _wave_seconds(data)
    elif data[:3] == b"ID3" or _frame(data, 0):
        content_type, seconds = "audio/mpeg", _mp3_seconds(data)
    else:
        raise NoSoundError
    if seconds > LONGEST:
        raise TooLongError
    return Sound(content_type, math.ceil(seconds))


def digest(data: bytes) -> str:
    """Return the SHA-256, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def _wave_seconds(data: bytes) -> float:
    try:
        with wave.open(io.BytesIO(data)) as file:
            channels, width, rate, frames = file.getparams()[:4]
            if width not in {1, 2} or channels not in {1, 2} or rate not in _RATES:
                raise WaveKindError
            there = len(file.readframes(frames)) // (width * channels)
    except wave.Error as refused:
        raise WaveKindError from refused
    except (EOFError, struct.error, RuntimeError) as refused:
        raise BrokenSoundError from refused
    if not there or there < frames:
        raise BrokenSoundError
    return float(there / rate)


def _mp3_seconds(data: bytes) -> float:
    """Add up the frames, because the rate may change between them. Tags at either end are skipped."""
    at, seconds = _after_title(data), 0.0
    while frame := _frame(data, at):
        length, lasts = frame
        if at + length > len(data):
            break
        at, seconds = at + length, seconds + lasts
    rest = data[at:]
    if not seconds or (rest.strip(b"\0") and not rest.startswith((b"TAG", b"APETAGEX", b"\xff"))):
        raise BrokenSoundError
    return seconds


def _after_title(data: bytes) -> int:
    """Return where the sound begins: an ID3 tag gives its length in four times seven bits."""
    if data[:3] != b"ID3" or len(data) < 10:
        return 0
    size = 0
    for byte in data[6:10]:
        size = size << 7 | byte & 0x7F
    return 10 + size


def _frame(data: bytes, at: int) -> tuple[int, float] | None:
    """Return the bytes and seconds of the frame that begins here, or None."""
    head = data[at : at + 4]
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE6 != 0xE2:
        return None
    version = {3: 1, 2: 2}.get(head[1] >> 3 & 3)
    kbit, hertz = head[2] >> 4, head[2] >> 2 & 3
    if version is None or not 0 < kbit < 15 or hertz == 3:
        return None
    samples = 1152 if version == 1 else 576
    rate = _HERTZ[version][hertz]
    length = samples // 8 * _KBITS[version][kbit - 1] * 1000 // rate + (head[2] >> 1 & 1)
    return length, samples / rate
