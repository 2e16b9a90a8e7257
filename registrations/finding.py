"""Finding people as they are remembered: by a part of the name, the phone, the address.

Databases disagree about case and know nothing of accents, so what is compared is made here, and
stored beside the name and the phone (`name_key`, `phone_key`).
"""

import re
import unicodedata
from functools import reduce
from operator import and_

from django.db.models import Q

#: Letters that Unicode takes for letters of their own, as people type who have no such key.
PLAIN = str.maketrans(
    {
        "ł": "l",
        "ø": "o",
        "đ": "d",
        "ð": "d",
        "\N{LATIN SMALL LETTER DOTLESS I}": "i",
        "æ": "ae",
        "œ": "oe",
        "þ": "th",
    }
)

#: Of a longer number the last digits count: what stands before them is a country or a zero.
LAST_DIGITS = 9

#: As long as a key can be in the database. A name of 100 signs can become longer in the folding.
LONGEST_NAME_KEY = 400

LOOKS_LIKE_A_PHONE = re.compile(r"[\d\s()+./\-\N{NO-BREAK SPACE}]+")


def folded(name: str) -> str:
    """The name without case, accents and punctuation: `Nguyễn-Ortega` is `nguyen ortega`."""
    plain = unicodedata.normalize("NFKD", name.casefold()).translate(PLAIN)
    kept = "".join(sign for sign in plain if not unicodedata.category(sign).startswith("M"))
    words = re.sub(r"[-\N{HYPHEN}_,.;/\s]+", " ", kept)
    return re.sub(r"[^\w\s]", "", unicodedata.normalize("NFC", words)).strip()[:LONGEST_NAME_KEY]


def digits(phone: str) -> str:
    """`+1 (303) 555-0123` is `13035550123`; digits of any script are those of ours."""
    return "".join(str(unicodedata.digit(sign)) for sign in phone if sign.isdigit())


def keys_of(full_name: str, phone: str) -> dict[str, str]:
    """What is stored beside the two."""
    return {"name_key": folded(full_name), "phone_key": digits(phone)}


def found_by(typed: str) -> Q:
    """Who fits: each word a part of the name or the address; digits alone a part of the phone."""
    number = digits(typed)
    if number and LOOKS_LIKE_A_PHONE.fullmatch(typed):
        return Q(phone_key__contains=number.lstrip("0")[-LAST_DIGITS:])
    fits = Q()
    for word in typed.split():
        name = [Q(name_key__contains=part) for part in folded(word).split()]
        address = Q(email_key__contains=unicodedata.normalize("NFC", word).casefold())
        fits &= (reduce(and_, name) | address) if name else address
    return fits
