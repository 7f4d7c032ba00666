"""Letters of five by seven dots, the usual ones of small displays: enough to label a picture without a font file."""

import re

import numpy as np
from numpy.typing import NDArray

# five columns a letter from the space on, two hexadecimal digits each, the lowest bit on top
_COLUMNS = bytes.fromhex("""
0000000000 00005F0000 0007000700 147F147F14 242A7F2A12 2313086462 3649552250 0005030000 001C224100 0041221C00
14083E0814 08083E0808 0050300000 0808080808 0060600000 2010080402 3E5149453E 00427F4000 4261514946 2141454B31
1814127F10 2745454539 3C4A494930 0171090503 3649494936 064949291E 0036360000 0056360000 0814224100 1414141414
0041221408 0201510906 324979413E 7E1111117E 7F49494936 3E41414122 7F4141221C 7F49494941 7F09090901 3E4149497A
7F0808087F 00417F4100 2040413F01 7F08142241 7F40404040 7F020C027F 7F0408107F 3E4141413E 7F09090906 3E4151215E
7F09192946 4649494931 01017F0101 3F4040403F 1F2040201F 3F4038403F 6314081463 0708700807 6151494543 007F414100
0204081020 0041417F00 0402010204 4040404040 0001020400 2054545478 7F48444438 3844444420 384444487F 3854545418
087E090102 0C5252523E 7F08040478 00447D4000 2040443D00 7F10284400 00417F4000 7C04180478 7C08040478 3844444438
7C14141408 081414187C 7C08040408 4854545420 043F444020 3C4040207C 1C2040201C 3C4030403C 4428102844 0C5050503C
4464544C44
""")
_SPELT = {
    "²": "2",
    "³": "3",
    "½": "1/2",
    "≥": ">=",
    "≤": "<=",
    "–": "-",
    "×": "x",
    "°": "deg",
    "μ": "u",
    "·": " ",
}
WIDE, HIGH = 6, 7
"""Dots that a letter takes, the gap behind it included."""


def spelt(text: str) -> str:
    """*text* in the letters that there are; what has none is left out.

    >>> spelt("½ LFL ≥ 4 kW/m²")
    '1/2 LFL >= 4 kW/m2'
    """
    plain = "".join(_SPELT.get(sign, sign) for sign in text)
    return re.sub(r"[^ -z]", "", plain)


def dotted(text: str) -> NDArray[np.bool_]:
    """The dots of *text*, (7, 6 · letters)."""
    made = np.zeros((HIGH, WIDE * len(text)), bool)
    for place, sign in enumerate(text):
        first = 5 * (ord(sign) - ord(" "))
        for index, bits in enumerate(_COLUMNS[first : first + 5]):
            made[:, WIDE * place + index] = [bits >> row & 1 for row in range(HIGH)]
    return made
