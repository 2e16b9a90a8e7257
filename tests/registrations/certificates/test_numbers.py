import pytest
from hypothesis import given
from hypothesis import strategies as st

from registrations.certificates.numbers import SIGNS, TypingError, new_number, read

NUMBER = "K7QD-2M9X-T4R8"


def is_taken(typed: str) -> bool:
    try:
        read(typed)
    except TypingError:
        return False
    return True


def test_a_number_has_three_groups_and_no_letter_that_looks_like_a_figure():
    for _ in range(200):
        number = new_number()
        assert [len(group) for group in number.split("-")] == [4, 4, 4]
        assert not set(number) & set("ILOU")
        assert read(number) == number


def test_no_two_numbers_are_the_same():
    assert len({new_number() for _ in range(2000)}) == 2000


@pytest.mark.parametrize("time", range(20))
def test_every_single_wrong_sign_and_every_change_of_places_is_seen(time: int):
    signs = new_number().replace("-", "")
    for place, right in enumerate(signs):
        for wrong in SIGNS.replace(right, ""):
            assert not is_taken(signs[:place] + wrong + signs[place + 1 :])
    for first in range(len(signs)):
        for second in range(first + 1, len(signs)):
            if signs[first] != signs[second]:
                changed = list(signs)
                changed[first], changed[second] = signs[second], signs[first]
                assert not is_taken("".join(changed))


@given(st.integers(0, 2**20))
def test_a_number_is_read_however_it_is_written(seed: int):
    number = new_number()
    for written in [
        number.lower(),
        number.replace("-", ""),
        number.replace("-", " "),
        f"  {number} ",
        number.replace("-", "\N{EN DASH}"),
        number.replace("0", "O").replace("1", "l"),
        number.replace("1", "i"),
    ]:
        assert read(written) == number


@pytest.mark.parametrize("typed", ["", "K7QD", f"{NUMBER}X", "U" * 12, "K7QD-2M9X-T4R", "é" * 12])
def test_what_can_be_no_number_is_a_typing_error(typed: str):
    assert not is_taken(typed)
