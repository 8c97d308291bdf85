"""Whole numbers below ten thousand as people say them: reckoned apart from what reads them."""


def _words(text: str) -> list[str]:
    return text.split()


_SMALL = _words(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen"
)
_TENS = _words(". . twenty thirty forty fifty sixty seventy eighty ninety")
_PEQUENOS = _words(
    "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince"
    " dieciséis diecisiete dieciocho diecinueve veinte veintiuno veintidós veintitrés veinticuatro"
    " veinticinco veintiséis veintisiete veintiocho veintinueve"
)
_DECENAS = _words(". . . treinta cuarenta cincuenta sesenta setenta ochenta noventa")
_CIENTOS = _words(
    ". ciento doscientos trescientos cuatrocientos quinientos seiscientos setecientos ochocientos"
    " novecientos"
)


def english(number: int) -> str:
    """`two thousand four hundred and five`."""
    if number >= 1000:
        rest = f" {english(number % 1000)}" if number % 1000 else ""
        return f"{english(number // 1000)} thousand{rest}"
    if number >= 100:
        rest = f" and {english(number % 100)}" if number % 100 else ""
        return f"{_SMALL[number // 100]} hundred{rest}"
    if number < 20:
        return _SMALL[number]
    unit = f"-{_SMALL[number % 10]}" if number % 10 else ""
    return _TENS[number // 10] + unit


def spanish(number: int) -> str:
    """`dos mil cuatrocientos cinco`."""
    if number >= 1000:
        before = "" if number < 2000 else f"{spanish(number // 1000)} "
        rest = f" {spanish(number % 1000)}" if number % 1000 else ""
        return f"{before}mil{rest}"
    if number == 100:
        return "cien"
    if number > 100:
        rest = f" {spanish(number % 100)}" if number % 100 else ""
        return _CIENTOS[number // 100] + rest
    if number < 30:
        return _PEQUENOS[number]
    unit = f" y {_PEQUENOS[number % 10]}" if number % 10 else ""
    return _DECENAS[number // 10] + unit
