"""Sounds, ready made."""

import io
import wave

#: MPEG 1 layer III, 128 kbit, 44.1 kHz: 417 bytes, 1152 samples.
FRAME = bytes.fromhex("fffb9064") + bytes(413)


def wav(seconds: float = 2, rate: int = 8000, width: int = 2, channels: int = 1) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setparams((channels, width, rate, 0, "NONE", ""))
        file.writeframes(bytes(int(seconds * rate) * width * channels))
    return out.getvalue()
