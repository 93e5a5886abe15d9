"""What a caller's words mean where a key is expected, in English and Spanish. Pure.

A meaning is found only in a sentence that says nothing else: "our operator cannot transfer calls" asks for nobody.
"""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from typing import Final

#: The key that asks for a person.
AGENT_KEY: Final = "0"
#: Letters of an answer at most: nobody says "yes" in more, and a pattern that repeats must not be tried on a speech.
_ANSWER_AT_MOST: Final = 80
_REQUEST_AT_MOST: Final = 300
#: Words around an answer that change nothing.
_FILLERS: Final = frozenset(
    re.findall(
        r"\w+",
        "please um uh er hm hmm well oh ok okay press pressed pressing number key option choose push button "
        "thanks you thank sir madam maam hi hello hey i said say "
        "por favor eh este pues oprimo oprima presiono presione marco marque numero opcion tecla boton "
        "gracias senor senora senorita hola buenos buenas dias tardes noches digo",
    )
)
_YES: Final = (
    "yes|ok|okay|yeah|yep|yup|ya|yea|uh huh|mhm|mm hmm|sure|sure thing|correct|right|exactly|absolutely|definitely|"
    "certainly|affirmative|of course|go ahead|you can|you may|it is|that is|it does|i do|i would|"
    "(that|it) ?(s|is) (right|correct|fine|good|ok|okay|it|me|the one)|(that|it) (works|will do)|all right|alright|"
    "sounds (good|right)|fine|perfect|"
    "si|sip|claro|claro que si|correcto|exacto|exactamente|asi es|eso es|eso|esta bien|esta correcto|es correcto|"
    "de acuerdo|por supuesto|como no|adelante|perfecto|dale|andale|cierto|efectivamente|afirmativo|vale"
)
_NO: Final = (
    "no|nope|nah|negative|wrong|incorrect|not (right|correct|really|quite)|(that|it) ?(s|is) (not|wrong|incorrect)|"
    "(that|it) ?(s|is) not (right|correct|it)|(it|that) ?(isn t|is not)|not that|"
    "(an|the)? ?(other|another|different) (number|one)|a different (number|one)|"
    "incorrecto|equivocado|esta mal|no es correcto|no esta bien|no es|para nada|negativo|otro|(un )?otro numero"
)
#: The words for each key. A recognizer writes "to" and "for" for numbers, too.
_KEYS: Final = {
    "0": "0|zero|cero",
    "1": "1|one|won|the first( one)?|first|uno|una|el uno|el primero|la primera|primero",
    "2": "2|two|to|too|the second( one)?|second|dos|el dos|el segundo|la segunda|segundo",
    "3": "3|three|tres|el tres",
    "4": "4|four|for|cuatro|el cuatro",
    "5": "5|five|cinco|el cinco",
    "6": "6|six|seis|el seis",
    "7": "7|seven|siete|el siete",
    "8": "8|eight|ate|ocho|el ocho",
    "9": "9|nine|nueve|el nueve|(in )?(english|spanish)|(en )?(ingles|espanol)",
}
_ONE_OF_US: Final = (
    r"(an? |the |some |any |your |real |live |actual |human |un |una |el |la |algun |alguna |otra |verdadera |"
    r"other |another )*"
    r"(operators?|representatives?|reps?|agents?|persons?|people|humans?|human being|somebody|someone|anybody|anyone|"
    r"receptionist|attendant|dispatcher|manager|supervisor|technicians?|tech|customer (service|support)|"
    r"operador|operadora|agente|representante|asesora?|persona|humano|alguien|ser humano|recepcionista|"
    r"(servicio|atencion) al cliente|gerente|supervisora?|encargad[oa]|tecnico)"
    r"( (real|humana|humano|viva|de verdad|de carne y hueso|from your company))?"
)
#: "I want to talk to": after it, anyone and anything may follow.
_SPEAK_TO: Final = (
    r"((i|we) (want|need|wish|have|got|wanna|would like|d like|d love|d rather|ll|prefer)( to)? |"
    r"(can|could|may) (i|we|you)( please)? |is it possible to |let me |just |"
    r"(necesito|quiero|quisiera|queremos|deseo|prefiero|podria|puedo|puede|se puede|me gustaria|dejeme|"
    r"tengo que|hay que|me) )*"
    r"((speak|talk|speaking|talking|chat|connect|transfer|get|put|pass|patch|switch)( me| us)?( through| over)? "
    r"(to|with) |"
    r"(me )?(hablar|platicar|comunicar(me)?|comuniqueme|comunica|comuniqueme usted|pase|paseme|pasar(me)?|"
    r"transferir(me)?|transfierame|conecteme|conectar(me)?|pongame|poner(me)?|atender) (con|a) |con )"
)
#: "Give me": after it comes a person and nothing else, because "I need a technician on Monday" is an issue.
_GIVE_ME: Final = (
    r"((i|we) (want|need|wish for|would like|d like|ll have)|(can|could|may) (i|you) (have|get|get me|give me)|"
    r"get me|give me|is there|is|are there|where is|"
    r"necesito|quiero|quisiera|deme|me da|busco|hay|que me atienda|prefiero) "
)
_NOW: Final = (
    r"( (now|right now|here|there|available|today|instead|at once|"
    r"ahora|ahora mismo|ahorita|ya|aqui|disponible))?"
)
_ABOUT: Final = (
    r"(?P<about> (about|regarding|because|who|that can|sobre|acerca de|de lo de|por|porque|que) .*)?"
)
_PERSON: Final = re.compile(rf"(?:{_SPEAK_TO}{_ONE_OF_US}{_NOW}{_ABOUT}|(?:{_GIVE_ME})?{_ONE_OF_US}{_NOW})")

#: What people say before the name of what they want.
_WANTED: Final = (
    r"(?:(?:(?:i |we )?(?:want|need|would like|d like|ll take|ll have|am calling|are calling|m calling|re calling)|"
    r"calling|(?:it|this|that) ?(?:s|is)|can i get|could i get|can i have|get me|give me|let me|"
    r"necesito|necesitamos|quiero|queremos|quisiera|deseo|busco|prefiero|deme|llamo|llamamos|es|me gustaria|"
    r"to get|to speak|to talk|to be|to leave|to have|to|for|about|with|a|an|the|some|para|por|con|de|que|hablar|"
    r"un|una|el|la) )*"
)

_SMALL_TALK: Final = re.compile(
    r"(?:(?:hello|hi|hey|howdy|yo|good (?:morning|afternoon|evening|day)|how are you(?: doing)?|yes|yeah|speaking|"
    r"who(?: is| s|s)? (?:this|that|it|calling|there|speaking)|who are you|what(?: is| s|s)? (?:this|it|that)|what|huh|"
    r"(?:can|do) you hear me|i can(?: t| not|not)? hear you|are you (?:there|still there)|"
    r"(?:is )?any(?:body|one) (?:there|home)|"
    r"one moment|(?:just )?a (?:moment|second|minute)|one (?:second|sec|minute)|hold on|hang on|wait|"
    r"sorry|pardon(?: me)?|excuse me|i m sorry|come again|repeat(?: that)?|say (?:that|it) again|"
    r"what (?:did|was) (?:you say|that)|"
    r"um|uh|er|hm+|mm+|oh|ah|well|ok|okay|there|this is (?:he|she|me)|"
    r"hola|alo|bueno|diga|digame|mande|si|buenos dias|buenas(?: tardes| noches)?|quien (?:es|habla|llama)|"
    r"con quien hablo|de parte de quien|que|como|perdon|disculpe|me (?:oye|escucha)|no (?:le|te|lo) (?:oigo|escucho)|"
    r"(?:un )?momento|momentito|espere|espera|repita|otra vez|hay alguien|que dijo|eh|este|pues)(?: |$))+"
)


def spoken_key(text: str, *, yes: str | None = "1", no: str | None = None) -> str | None:
    """Return the key that these words name; None when they name none, or more than one.

    ``yes`` and ``no`` are the keys that those answers stand for; None where they are no answers to the question.

    >>> spoken_key("Yes, please."), spoken_key("press one"), spoken_key("dos"), spoken_key("no", no="2")
    ('1', '1', '2', '2')
    >>> spoken_key("yes", yes=None), spoken_key("Yes?"), spoken_key("one of the phones is dead")
    (None, None, None)
    """
    # "Yes?" is what people say who have not understood who rings.
    if len(text) > _ANSWER_AT_MOST or text.rstrip().endswith("?"):
        return None
    words = _plain(text)
    meant = {key for key, said in _ANSWERS.items() if said.fullmatch(words)} or {
        key for key, said in _ANSWERS.items() if said.fullmatch(_bare(words))
    }
    stands_for = {"yes": yes, "no": no}
    keys = {stands_for.get(key, key) for key in meant}
    return keys.pop() if len(keys) == 1 else None


def named_key(text: str, said: Mapping[str, str]) -> str | None:
    """Return the key of the option that these words name; None when they name none, or more than one.

    ``said`` has a pattern for each key. A question names nothing: "technical support?" is asked of somebody else.

    >>> named_key("Technical support, please.", {"2": "technical support"})
    '2'
    >>> named_key("technical support never called me", {"2": "technical support"}) is None
    True
    """
    if len(text) > _ANSWER_AT_MOST or text.rstrip().endswith("?"):
        return None
    words = _bare(_plain(text))
    keys = {key for key, pattern in said.items() if _naming(pattern).fullmatch(words)}
    return keys.pop() if len(keys) == 1 else None


def wants_a_person(text: str) -> bool:
    """Return whether these words ask for a person.

    >>> wants_a_person("I want to speak to a person"), wants_a_person("Operator, please!")
    (True, True)
    >>> wants_a_person("quiero hablar con una persona"), wants_a_person("the operator's phone is dead")
    (True, False)
    """
    if len(text) > _REQUEST_AT_MOST or is_small_talk(text):  # "is anybody there?"
        return False
    words = _plain(text)
    return bool(_PERSON.fullmatch(words) or _PERSON.fullmatch(_bare(words)))


def says_what_about(text: str) -> bool:
    """Return whether a request for a person goes on to say what it is about.

    >>> says_what_about("I want to talk to somebody about my voicemail"), says_what_about("somebody please")
    (True, False)
    """
    asked = _PERSON.fullmatch(_plain(text))
    return bool(asked and asked["about"])


def is_small_talk(text: str) -> bool:
    """Return whether these words only greet, or ask who is there: what people say who have just picked up.

    "Yes" is both: whoever has asked a question looks for its key first.

    >>> is_small_talk("Hello? Who is this?"), is_small_talk("¿Bueno?"), is_small_talk("hello, no dial tone")
    (True, True, False)
    """
    return len(text) <= _ANSWER_AT_MOST and bool(_SMALL_TALK.fullmatch(_plain(text)))


def _plain(text: str) -> str:
    """Return the words in small letters, without accents and marks, with one space between them."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(re.findall(r"[^\W_]+", bare))


def _bare(words: str) -> str:
    """Return plain words without the fillers."""
    return " ".join(word for word in words.split() if word not in _FILLERS)


@cache
def _naming(said: str) -> re.Pattern[str]:
    return re.compile(rf"{_WANTED}(?:{said})")


def _repeated(said: str) -> re.Pattern[str]:
    return re.compile(rf"(?:(?:{said})(?: |$))+")


_ANSWERS: Final = {key: _repeated(said) for key, said in (_KEYS | {"yes": _YES, "no": _NO}).items()}
