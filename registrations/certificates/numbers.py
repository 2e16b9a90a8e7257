"""Numbers of certificates: `K7QD-2M9X-T4RW`. Nobody guesses one, and a slip is told as a slip.

11 random signs (55 bits) and one to check by. The signs are Crockford's: no I, L, O or U. The check
is a code over the field of 32 elements: it finds every single wrong sign and every two that changed
places, next to each other or not.
"""

import re
import secrets

SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 12
GROUP = 4

#: What people write for a sign that sounds or looks like it.
ALIKE = str.maketrans("OIL", "011")

#: x^5 + x^2 + 1: the field's rule for what comes after its largest element.
RULE = 0b100101


class TypingError(Exception):
    """No certificate ever had this number: a sign is wrong, missing or too much."""


def new_number() -> str:
    signs = [secrets.randbelow(len(SIGNS)) for _ in range(LENGTH - 1)]
    return grouped("".join(SIGNS[sign] for sign in [*signs, times_x(folded(signs))]))


def read(typed: str) -> str:
    """The number as it is printed, from what somebody typed. Raises TypingError."""
    text = re.sub(r"[\s\-\u2010-\u2015.]", "", typed).upper().translate(ALIKE)
    if len(text) != LENGTH or not set(text) <= set(SIGNS):
        raise TypingError
    if folded([SIGNS.index(sign) for sign in text]):
        raise TypingError
    return grouped(text)


def grouped(text: str) -> str:
    return "-".join(text[start : start + GROUP] for start in range(0, len(text), GROUP))


def folded(signs: list[int]) -> int:
    """The signs as a polynomial at x: 0 for a whole number, whose last sign makes it so."""
    total = 0
    for sign in signs:
        total = times_x(total) ^ sign
    return total


def times_x(element: int) -> int:
    doubled = element << 1
    return doubled ^ RULE if doubled & 0b100000 else doubled
