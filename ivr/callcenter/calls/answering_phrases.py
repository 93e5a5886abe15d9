"""What voices say that answer in a person's place, in English and Spanish. Data for ``dialogue``.

A recognizer writes no marks and may have missed the beginning, so each phrase is a part of what is said, in small
letters and without accents; "I'll" has become "i ll". Sources:

- Apple, call screening since iOS 26 (2025): "Hi, if you record your name and reason for calling, I'll see if this
  person is available", then "Thanks, one moment" or "Please stay on the line". It speaks the telephone's language:
  https://allthings.how/how-to-turn-on-call-screening-on-iphone-ios-26
- Google, Call Screen: "The person you're calling is using a screening service from Google, and will get a copy of
  this conversation. Go ahead and say your name, and why you're calling", and what its owner may have it say, "Who is
  this?" and "Tell me more" among them:
  https://www.idropnews.com/news/fast-tech/googles-insane-call-screen-feature-uses-ai-to-handle-spam-for-you/85530/
- Carriers' mailboxes and offices' menus in the United States: as anyone hears them.
"""

import re
from typing import Final


def _any_of(*phrases: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(phrases)})\b")


#: A voice asks for the caller's name, or why they call.
SCREENING: Final = _any_of(
    r"(record|say|state|tell me|give|leave) (me )?your (full )?name",
    r"your name and (the )?reason",
    r"reason for (your )?call(ing)?",
    r"why you( re| are)? calling",
    r"(see|check|find out) if (this person|they|he|she)( is| are| s| re)? available",
    r"screening",
    r"copy of this conversation",
    r"google assistant",
    r"(who|whom)( is| s|s)? calling",
    r"who may i say",
    r"what( is| s|s)? (this|it|your call) (about|regarding|in regards? to)",
    r"identify yourself",
    r"tell me more",
    r"(diga|di|grabe|graba|indique|indica|deme|dame|digame|dime)( por favor)? (su|tu) nombre",
    r"(su|tu) nombre y (el|la) (motivo|razon)",
    r"(motivo|razon) de (la |su |tu |esta )?llamada",
    r"y el motivo",
    r"(por que|para que) (esta |estas )?(llama|llamas|llamando)",
    r"quien (me |nos )?(llama|esta llamando)",
    r"(filtro|filtra|filtrado|filtrando) (de )?(la |las |sus |tus |esta )?llamadas?",
    r"copia de esta conversacion",
    r"asistente de google",
    r"identifiquese",
    r"(ver|comprobar|averiguar) si (esta persona )?(esta|puede)",
)
#: A voice asks for patience: somebody is being fetched.
HOLD: Final = _any_of(
    r"(one|a|1) (moment|second|sec|minute)",
    r"hold on",
    r"hang on",
    r"please hold",
    r"hold (please|the line)",
    r"(stay|remain) on the line",
    r"bear with",
    r"please wait",
    r"connecting you",
    r"(i ll|i will|let me) (get|fetch|see|check|find|put)",
    r"(un|1) (momento|momentito|segundo|minuto)",
    r"una? (momento|momentito|segundo|minuto)",
    r"no (cuelgue|cuelgues)",
    r"(permanezca|permanece|quedese|mantengase|manten|siga) en (la )?linea",
    r"(espere|espera)( por favor| un| en)?",
    r"aguarde",
    r"(le|lo|la|te) (comunico|paso|conecto|transfiero)",
)
#: A mailbox.
MAILBOX: Final = _any_of(
    r"(leave|record) (me |us )?(a |your |the )?(brief |short |detailed |name and )?(message|number|voicemail)",
    r"(after|at|for) the (tone|beep)",
    r"voice ?mail",
    r"mail ?box",
    r"(get|call) (you )?back to you",
    r"(has|have) been forwarded",
    r"finished recording",
    r"(deje|deja|dejar|dejenos|grabe|graba) (su |un |el |tu )?(breve )?(mensaje|recado)",
    r"(despues|luego) (del|de (oir|escuchar) el) (tono|beep|bip)",
    r"al (oir|escuchar) (el|la) (tono|senal)",
    r"buzon",
    r"^(the |el )?(tone|beep|tono)$",  # the end of it, where nobody listened to the beginning
)
#: A menu, a robot that talks in turns, or a voice that says that nobody comes.
MACHINE: Final = _any_of(
    r"(press|dial) (\d|one|two|three|four|five|six|seven|eight|nine|zero|star|pound)",
    r"for (sales|service|support|billing|english)",
    r"(oprima|marque|presione|pulse|oprime|marca)( el| la)? \w+",
    r"para (espanol|ventas|servicio|soporte)",
    r"thank(s| you) for calling",
    r"gracias por (llamar|su llamada)",
    r"our (business |office )?hours",
    r"horario de atencion",
    r"menu options",
    r"extension",
    r"(did ?n ?t|did not|could ?n ?t|can ?t|cannot) (quite )?(get|catch|understand|hear) (that|you)",
    r"i m sorry i",
    r"say that again",
    r"no (le |te |lo )?(entendi|escuche|comprendi)",
    r"how (can|may) i (help|direct|assist)",
    r"en que (le |te )?puedo ayudar",
    r"virtual assistant",
    r"asistente virtual",
    r"automated",
    r"this call (may|is being|will be)",
    r"(not|un) ?available",
    r"can ?t (take|come to|answer)",
    r"no (esta|se encuentra) disponible",
    r"no puede (atender|contestar)",
)
