"""A telephone that answers for its owner: it asks who rings and why, and the owner may pick up on that same call."""

from dataclasses import dataclass
from typing import ClassVar, Final, Literal

from twilio_simulator.behaviours.acting import Actor, Life
from twilio_simulator.behaviours.person import Language, Person
from twilio_simulator.behaviours.voicemail import Voicemail

System = Literal["apple", "pixel"]


@dataclass(frozen=True)
class Voice:
    """What the telephone says for its owner."""

    asks: str
    thanks: str
    refuses: str
    mailbox: str


VOICES: Final[dict[tuple[str, str], Voice]] = {
    ("apple", "en"): Voice(
        "Hi, if you record your name and reason for calling, I'll see if this person is available.",
        "Thanks. One moment.",
        "This person is not available. Goodbye.",
        "This person is not available. Please leave a message after the tone.",
    ),
    ("apple", "es"): Voice(
        "Hola, si graba su nombre y el motivo de su llamada, veré si esta persona está disponible.",
        "Gracias. Un momento.",
        "Esta persona no está disponible. Adiós.",
        "Esta persona no está disponible. Deje un mensaje después del tono.",
    ),
    ("pixel", "en"): Voice(
        "Hi, the person you're calling is using a screening service from Google, and will get a copy of this "
        "conversation. Go ahead and say your name and why you're calling.",
        "Thank you. Please stay on the line.",
        "The person you're calling can't speak right now. Goodbye.",
        "The person you're calling can't speak right now. Please leave a message after the tone.",
    ),
    ("pixel", "es"): Voice(
        "Hola, la persona a la que llama usa un servicio de filtrado de Google y recibirá una copia de esta "
        "conversación. Diga su nombre y por qué llama.",
        "Gracias. Permanezca en la línea.",
        "La persona a la que llama no puede hablar en este momento. Adiós.",
        "La persona a la que llama no puede hablar en este momento. Deje un mensaje después del tono.",
    ),
}
#: Seconds it listens for the name and the reason.
PATIENCE: Final = 10.0
#: Seconds it waits for an owner who does nothing.
OWNER_AT_MOST: Final = 30.0


@dataclass(frozen=True)
class ScreenedPerson:
    """A voice picks up after ``after`` seconds, asks for name and reason, listens and thanks.

    ``owner``: answers ``owner_after`` seconds after that, as ``Person(hellos, answer, hangs_up)`` would; declines, and
    the voice says so and hangs up; never, and the voice does so after 30 seconds; mailbox: it takes a message after 30
    seconds. Whoever says nothing to the voice for 10 seconds is refused as well.
    """

    is_human: ClassVar = False

    system: System = "apple"
    owner: Literal["answers", "declines", "never", "mailbox"] = "answers"
    owner_after: float = 15.0
    hellos: int = 1
    answer: str = "1"
    hangs_up: bool = False
    after: float = 1.5
    language: Language = "en"

    def live(self, actor: Actor) -> Life:
        voice = VOICES[self.system, self.language]
        yield from actor.picks_up(self.after)
        yield from actor.waits(0.5)
        yield from actor.says(voice.asks)
        if not (yield from actor.is_answered(PATIENCE, gap=1.5)):
            yield from self._refuse(actor, voice)
            return
        yield from actor.says(voice.thanks)
        yield from actor.waits(self.owner_after if self.owner in {"answers", "declines"} else OWNER_AT_MOST)
        if self.owner == "answers":
            actor.phone.note("came-on", "the owner")
            actor.heard.clear()
            yield from self._person.talk(actor)
        elif self.owner == "mailbox":
            yield from Voicemail(voice.mailbox).take_message(actor)
            yield from actor.waits(30)
            actor.hangs_up()
        else:
            yield from self._refuse(actor, voice)

    @property
    def _person(self) -> Person:
        return Person(self.hellos, self.answer, self.hangs_up, language=self.language)

    @staticmethod
    def _refuse(actor: Actor, voice: Voice) -> Life:
        yield from actor.says(voice.refuses)
        actor.hangs_up()
