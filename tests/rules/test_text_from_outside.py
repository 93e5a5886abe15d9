"""Whatever is heard or typed can be written into a document that can be read again."""

from xml.etree.ElementTree import fromstring

from hypothesis import given
from hypothesis import strategies as st
from twilio.twiml.voice_response import VoiceResponse

from ivr.core.text import readable

_ANY = st.text(st.characters(codec=None) | st.sampled_from("\x00\x0b\x1f\ud800\udfff\ufffe\uffff"))


@given(_ANY)
def test_every_text_from_outside_makes_a_document_that_can_be_read(heard: str) -> None:
    document = VoiceResponse()
    document.say(readable(heard))

    said = fromstring(str(document).encode())[0].text or ""  # noqa: S314  # our own document
    assert said.replace("\r\n", "\n").replace("\r", "\n") == readable(heard).replace("\r\n", "\n").replace(
        "\r", "\n"
    )


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cn"])))
def test_ordinary_text_stays_as_it_is(typed: str) -> None:
    assert readable(typed) == typed
