"""The plain words by which a call is known: greetings of machines, menus, goodbyes, call-backs.

English and Spanish, as of 2026-11-24. They check an insight, and stand in for one that is missing.
Where they are not sure they say no: who is taken for a machine may be called again.
"""

from collections.abc import Iterable

from telnyx_toolkit.patterns import Pattern
from telnyx_toolkit.phrases import plain

#: Only a machine takes a message after a tone.
_VOICEMAIL = (
    r"(?:after|at|hear) (?:the|this) (?:tone|beep)|voice ?mail|mailbox (?:is )?full|mailbox of",
    r"(?:leave|record) (?:us |me )?(?:a|your) (?:short |brief |detailed )?message",
    r"(?:despues|al oir|tras|luego) (?:de |del )?(?:la |el |oir la )?(?:senal|tono|bip)",
    r"(?:deje|deja|dejar|dejenos|grabe) (?:su|tu|un|el) (?:breve )?mensaje|buzon de voz"
    r"|contestador",
)
#: What a machine says around that; by itself it proves nothing.
_GREETING = (
    r"you(?: have|'ve) reached|(?:can ?not|can't|unable to|not able to|nobody can) (?:take|come to"
    r"|answer)|not available|away from (?:the|my) (?:phone|desk)|return your call|get back to you"
    r"|(?:our|office|opening|business) hours|thank you for calling|your name and",
    r"(?:ha|se ha) (?:llamado|comunicado)|no (?:podemos|puedo|puede) (?:atender|contestar)"
    r"|no est(?:a|oy|amos) disponibles?|le devolver(?:e|emos)|horario de atencion|"
    r"su nombre y",
)
_MENU = (
    r"(?:press|dial|enter|push) (?:(?:the |number |key )*(?:\d|one|two|three|four|five|six|seven"
    r"|eight|nine|zero|star|pound|hash)\b)|for [\w ,']{2,40}, ?(?:press|dial|say)\b|menu options",
    r"(?:marque|pulse|oprima|presione) (?:el |la |tecla |numero )*(?:\d|uno|dos|tres|cuatro|cinco"
    r"|seis|siete|ocho|nueve|cero|asterisco|almohadilla)\b",
)
#: What a menu says around that.
_AROUND_MENU = (
    r"your (?:entry|selection|choice|call)|not (?:understood|recogni[sz]ed|a valid)",
    r"listen carefully|thank you for calling|please (?:hold|wait|stay on)|next available",
    r"all (?:of )?our (?:agents|lines|operators|representatives)|music",
    r"gracias por llamar|no (?:es|fue) valid|"
    r"su llamada|por favor (?:espere|manten)|agentes? ",
)
_WRONG_NUMBER = (
    r"(?:have|got|called|is|dialed) (?:the |a )?wrong (?:number|person|house|place)|^wrong number"
    r"|no (?:one|body) (?:here )?(?:by|of|with) that name(?: here)?",
    r"(?:numero|telefono) equivocado|se (?:ha )?equivoc(?:o|ado) de numero",
)
_REFUSAL = (
    r"\bnot interested\b|\bno,? thank(?:s| you)[,. ]+(?:good ?)?bye|\bwe do not want any",
    r"\bno (?:me|nos) interesa\b|\bno estamos interesados\b",
)
_CALL_US = (
    r"\b(?:call|ring|phone)(?: me| us)? (?:back|again)\b|\bgive (?:me|us) a (?:call|ring)\b",
    r"(?:^|[.,;!?] |\b(?:please|you|just|then|and|so|better) )(?:call|ring|phone|try)(?: me| us)?"
    r" (?:at|after|around|in|on|tomorrow|later|next|when|any ?time|another)\b",
    r"\b(?:llameme|llamenos|llamame|llamanos|devuelva(?:me|nos) la llamada)\b",
    r"\b(?:vuelvan? a llamar|puede llamar)(?:me|nos)?\b",
    r"\bllame (?:a las?|manana|el|de nuevo|mas tarde|despues|otra vez|en|pasado)\b",
)
_WE_CALL = (
    r"\b(?:i|we)(?:'ll| will| can| am going to| are going to) (?:call|ring|phone|get back to)\b",
    r"\b(?:i|we)(?:'ll| will) (?:give you a|be in touch)\b|\blet me (?:call|ring) you\b",
    r"\b(?:le|te|los|les) (?:llamo|llamamos|llamare|llamaremos|devuelvo)\b",
)
_NEGATION = Pattern(r"n't\b|\b(?:not|no|never|nunca|nobody|without|stop|quit|dont|tampoco)\b")
_GOODBYE = (
    r"\b(?:good ?bye|bye|see you|talk (?:to you )?(?:soon|later)|have a (?:good|nice|great))\b",
    r"\b(?:adios|hasta (?:luego|pronto|manana|la vista)|que tenga|chao|nos vemos)\b",
)
_BROKEN = Pattern(r"(?:-|\u2013|\u2014|\u2026|\.\.\.|,)\s*$")


def _any(patterns: Iterable[str]) -> Pattern:
    return Pattern("|".join(f"(?:{pattern})" for pattern in patterns))


_MACHINE = {"voicemail": _any(_VOICEMAIL), "phone_tree": _any(_MENU)}
_AROUND = {
    "voicemail": _any((*_VOICEMAIL, *_GREETING)),
    "phone_tree": _any((*_MENU, *_AROUND_MENU)),
}
_IS_WRONG, _REFUSES, _IS_GOODBYE = _any(_WRONG_NUMBER), _any(_REFUSAL), _any(_GOODBYE)
_ASKS, _PROMISES = _any(_CALL_US), _any(_WE_CALL)


def machine(turns: Iterable[str]) -> str:
    """`voicemail` or `phone_tree`, if every turn is one's and at least one says so; else ""."""
    heard = [plain(turn) for turn in turns]
    for kind in ("phone_tree", "voicemail"):  # a menu may offer to take a message
        is_one = any(_MACHINE[kind].search(turn) for turn in heard)
        if is_one and all(_AROUND[kind].search(turn) for turn in heard):
            return kind
    return ""


def sounds_like(kind: str, turns: Iterable[str]) -> bool:
    """Whether any turn is that machine's: `voicemail` or `phone_tree`."""
    return any(_MACHINE[kind].search(plain(turn)) for turn in turns)


def is_wrong_number(turns: Iterable[str]) -> bool:
    """Whether somebody says that the number is a wrong one."""
    return any(_IS_WRONG.search(plain(turn)) for turn in turns)


def refuses(turns: Iterable[str]) -> bool:
    """Whether somebody says plainly that they do not want to talk."""
    return any(_REFUSES.search(plain(turn)) for turn in turns)


def asks_to_be_called(turns: Iterable[str]) -> str:
    """The turn in which somebody asks for another call, and denies nothing; "" if none does."""
    return next((turn for turn in turns if _plainly(_ASKS, turn) and not promises([turn])), "")


def promises(turns: Iterable[str]) -> str:
    """The turn in which somebody says that they will call; "" if none does."""
    return next((turn for turn in turns if _plainly(_PROMISES, turn)), "")


def says_goodbye(turns: Iterable[str]) -> bool:
    """Whether one of the last two turns takes leave."""
    return any(_IS_GOODBYE.search(plain(turn)) for turn in list(turns)[-2:])


def breaks_off(turns: Iterable[str]) -> bool:
    """Whether the last turn stops in the middle of a sentence."""
    heard = list(turns)
    return bool(heard) and _BROKEN.search(heard[-1]) is not None


def _plainly(pattern: Pattern, turn: str) -> bool:
    words = plain(turn)
    return pattern.search(words) is not None and _NEGATION.search(words) is None
