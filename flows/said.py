"""What callers say in place of a key: the words of the options that they have just heard, in English and Spanish.

Each is the words of one option, apart by ``|``. "I need", "please" and the like may stand around them
(``ivr.platform.voice.words``).
"""

from typing import Final

ONSITE: Final = (
    "on ?site( (visit|support|service|help))?|(site|service|home)? ?visit|(site|service) call|"
    "visita( (en|a) (el )?(sitio|domicilio))?|en (el )?sitio|a domicilio|visita tecnica"
)
REMOTE: Final = (
    "remote(ly)?( (support|help|service|technician))?|(tech|technical|phone)? ?support|(tech|technical) help|"
    "(soporte|ayuda|asistencia|servicio)( (a distancia|remot[oa]|tecnic[oa]|por telefono))?|a distancia|remot[oa]"
)
#: Nobody in the menu has these words, and a person has the answer.
OFFICE: Final = (
    "billing|accounting|accounts|payments?|(my|an) (bill|invoice|appointment)|sales|scheduling|schedule|dispatch|"
    "operations|(the )?office|"
    "facturacion|contabilidad|cobranza|pagos?|(mi|una) (factura|cita)|ventas|citas|programacion|(la )?oficina"
)
CALLED_BACK: Final = (
    "(a )?call ?back|call (me|us)( back)?|(be|get) called back|"
    "(una )?llamada|(me|nos) llamen|llamen ?(me|nos)|llam(e|en)me|(que )?(me|nos) (llamen|llame|devuelvan la llamada)"
)
MESSAGE: Final = (
    "(leave )?(a |my )?(message|voice ?mail)|leave (one|it)|"
    "(dejar |dejo )?(un |mi )?(mensaje|recado)|buzon( de voz)?"
)
SOMETHING_ELSE: Final = (
    "something (else|different|new)|(a |another )?(different|new|other) (one|call|issue|problem|thing)|neither|none|"
    "otra cosa|(un )?otro (asunto|problema)|algo (distinto|diferente|nuevo)|ningun[oa]"
)
