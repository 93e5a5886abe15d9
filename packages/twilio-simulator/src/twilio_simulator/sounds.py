"""How long a sound file is, and the sound files to serve."""

import io
import math
import shutil
import struct
import subprocess
import wave
from array import array
from itertools import pairwise
from typing import Final
from urllib.parse import urlsplit

from twilio_simulator.web import WebAnswer

RATE: Final = 8000
#: 128 kbit a second: what a file of unknown rate is taken for.
MP3_BYTES_A_SECOND: Final = 16_000

LETTERS_SPOKEN: Final = 2000
#: How much is handed to the speech program, and how long it may take: what was typed is anybody's.
SECONDS_TO_SPEAK: Final = 5

WORDS_A_MINUTE: Final = "170"


def is_well_known(url: str) -> bool:
    """Twilio's own music, which is not on this network. Its REST API is: a recording is no music."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.path.startswith("/2010-04-01/"):
        return False
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


def recorded(words: str, language: str, seconds: int) -> bytes:
    """A WAV file, 8 kHz mono 16 bit, of exactly so many seconds: the words spoken, or a tone where no voice is.

    The voice is espeak-ng's when it is installed. Making it takes a while, so ask when somebody wants to hear it.
    """
    spoken = _spoken(words, language)
    if spoken is None:
        return tone(seconds)
    wanted = seconds * RATE * 2
    return _wav(spoken[:wanted].ljust(wanted, b"\0"))


def tone(seconds: float) -> bytes:
    """A WAV file: a soft tone of so many seconds, mono, 16 bit."""
    one = b"".join(struct.pack("<h", int(3000 * math.sin(2 * math.pi * 440 * n / RATE))) for n in range(RATE))
    return _wav((one * math.ceil(seconds))[: int(seconds * RATE) * 2])


def _wav(frames: bytes) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(RATE)
        sound.writeframes(frames)
    return out.getvalue()


def _spoken(words: str, language: str) -> bytes | None:
    """The words as frames at our rate; None without words, without espeak-ng, or when it fails."""
    program = shutil.which("espeak-ng")
    text = "".join(letter if letter.isprintable() else " " for letter in words[:LETTERS_SPOKEN]).strip()
    if program is None or not text:
        return None
    try:
        done = subprocess.run(  # noqa: S603  # no shell; what was typed goes in by stdin and is never an argument
            [program, "--stdin", "--stdout", "-v", _voice(language), "-s", WORDS_A_MINUTE],
            input=text.encode(errors="replace"),
            capture_output=True,
            timeout=SECONDS_TO_SPEAK,
            check=True,
        )
        with wave.open(io.BytesIO(done.stdout)) as sound:
            # The header's length is a guess, for the program writes to a pipe: what there is counts.
            return _at_our_rate(sound.readframes(len(done.stdout) // 2), sound.getframerate())
    except (subprocess.SubprocessError, OSError, wave.Error, EOFError):
        return None


def _voice(language: str) -> str:
    """espeak-ng's name of a voice. American is its own; of the others the plain language will do."""
    if language.casefold() == "en-us":
        return "en-us"
    plain = language.partition("-")[0].casefold()
    return plain if plain.isascii() and plain.isalpha() and len(plain) <= 3 else "en-us"  # ISO 639


def _at_our_rate(frames: bytes, rate: int) -> bytes:
    """16-bit mono frames brought to 8 kHz: each of ours is the mean of those it stands for."""
    theirs = array("h", frames[: len(frames) // 2 * 2])
    edges = range(len(theirs) * RATE // rate + 1)
    ours = array("h")
    for here, there in pairwise(edges):
        share = theirs[here * rate // RATE : max(there * rate // RATE, here * rate // RATE + 1)]
        ours.append(sum(share) // len(share))
    return ours.tobytes()


#: One frame of silence: MPEG 1 layer III, 128 kbit, 44.1 kHz, 1152 samples.
MP3_FRAME: Final = bytes.fromhex("fffb9064") + bytes(413)


def silence(seconds: float) -> bytes:
    """An MP3 file of so many seconds."""
    return MP3_FRAME * max(1, math.ceil(seconds * 44_100 / 1152))
