"""How long a sound file is, and a sound file to serve."""

import io
import math
import struct
import wave
from urllib.parse import urlsplit

from ivr.simulator.web import WebAnswer

RATE = 8000
MP3_BYTES_A_SECOND = 16_000
"""128 kbit a second: what a file of unknown rate is taken for."""


def is_well_known(url: str) -> bool:
    """Twilio's own music, which is not on this network."""
    host = urlsplit(url).hostname or ""
    return host.startswith("com.twilio.music.") or host in (
        "api.twilio.com",
        "demo.twilio.com",
        "twimlets.com",
    )


def sound_seconds(answer: WebAnswer) -> float:
    """The length of the sound that was fetched, 0 when it is none."""
    if answer.status != 200 or not answer.content_type.startswith("audio/"):
        return 0.0
    try:
        with wave.open(io.BytesIO(answer.body)) as sound:
            return max(1.0, float(sound.getnframes() / sound.getframerate()))
    except (wave.Error, EOFError, ZeroDivisionError):
        return max(1.0, len(answer.body) / MP3_BYTES_A_SECOND)


def tone(seconds: float) -> bytes:
    """A WAV file: a soft tone of so many seconds, mono, 16 bit."""
    one = b"".join(struct.pack("<h", int(3000 * math.sin(2 * math.pi * 440 * n / RATE))) for n in range(RATE))
    frames = one * math.ceil(seconds)
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(RATE)
        sound.writeframes(frames[: int(seconds * RATE) * 2])
    return out.getvalue()


MP3_FRAME = bytes.fromhex("fffb9064") + bytes(413)
"""One frame of silence: MPEG 1 layer III, 128 kbit, 44.1 kHz, 1152 samples."""


def silence(seconds: float) -> bytes:
    """An MP3 file of so many seconds."""
    return MP3_FRAME * max(1, math.ceil(seconds * 44_100 / 1152))
