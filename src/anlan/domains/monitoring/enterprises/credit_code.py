"""统一社会信用代码: the unified social credit code and its check digit (GB 32100-2015).

Eighteen characters of an alphabet without I, O, S, V and Z; the last is chosen
so that the weighted sum of all, weights 3^i mod 31, is a multiple of 31.
"""

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
LENGTH = 18
_WEIGHTS = tuple(pow(3, place, 31) for place in range(LENGTH - 1))


def check_digit(body: str) -> str:
    """The eighteenth character for the first seventeen.

    >>> check_digit("91350100M000100Y4")
    '3'

    Raises `ValueError` for another length or a character outside the alphabet.
    """
    if len(body) != LENGTH - 1:
        raise ValueError(f"{len(body)} characters where {LENGTH - 1} are needed")
    total = sum(ALPHABET.index(character) * weight for character, weight in zip(body, _WEIGHTS, strict=True))
    return ALPHABET[-total % 31]


def is_valid(code: str) -> bool:
    """Whether *code* has 18 allowed characters and the right check digit.

    >>> is_valid("91350100M000100Y43"), is_valid("91350100M000100Y44")
    (True, False)
    """
    try:
        return len(code) == LENGTH and check_digit(code[:-1]) == code[-1]
    except ValueError:
        return False
