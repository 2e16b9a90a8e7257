"""People are found as they are remembered, on both databases alike."""

import pytest

from registrations.models import Registration
from registrations.services import details, erasing, seats
from tests.factories import NOW, make_answers, make_class

pytestmark = pytest.mark.django_db

PEOPLE = {
    "maria": make_answers(
        1, full_name="María López-Ortega", phone="+1 (303) 555-0123", email="maria@home.test"
    ),
    "hoa": make_answers(2, full_name="Nguyễn Thị Hoa", phone="720.555.0188"),
    "brien": make_answers(3, full_name="Colleen O’Brien", email="Jürgen_%@Straße.test"),
    "lukasz": make_answers(4, full_name="Łukasz Weiß", phone="0041 79 123 45 67"),
    "elena": make_answers(5, full_name="Елена Петрова"),
    "tanaka": make_answers(6, full_name="田中 ゆき", phone="٠٣١١٥٥٥٠١٩٩"),
}


@pytest.fixture
def people() -> dict[str, Registration]:
    scheduled_class = make_class()
    for answers in PEOPLE.values():
        seats.register(scheduled_class_id=scheduled_class.pk, answers=answers, now=NOW)
    return {
        name: scheduled_class.registrations.get(full_name=answers.full_name)
        for name, answers in PEOPLE.items()
    }


def found(typed: str) -> list[str]:
    names = {answers.full_name: name for name, answers in PEOPLE.items()}
    return sorted(names[row.full_name] for row in Registration.objects.all().found_by(typed))


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("maria", ["maria"]),
        ("MARÍA", ["maria"]),
        ("lopez ortega", ["maria"]),
        ("ortega, maria", ["maria"]),
        ("López-Ort", ["maria"]),
        ("Lopez Hoa", []),
        ("nguyen", ["hoa"]),
        ("Nguyễn Thị", ["hoa"]),
        ("o'brien", ["brien"]),
        ("OBrien", ["brien"]),
        ("lukasz weiss", ["lukasz"]),
        ("ЕЛЕНА", ["elena"]),
        ("петр", ["elena"]),
        ("田中", ["tanaka"]),
        ("303 555 0123", ["maria"]),
        ("(303) 555-01", ["maria"]),
        ("+1.303.555.0123", ["maria"]),
        ("1-303-555-0123", ["maria"]),
        ("7205550188", ["hoa"]),
        ("+41 79 123 45 67", ["lukasz"]),
        ("079 123 45 67", ["lukasz"]),
        ("0311 555 0199", ["tanaka"]),
        ("maria@home.test", ["maria"]),
        ("MARIA@home", ["maria"]),
        ("@home.test", ["maria"]),
        ("person-2@peers", ["hoa"]),
        ("jürgen_%@", ["brien"]),
        ("_", ["brien"]),
        ("%", ["brien"]),
        ("nobody", []),
    ],
)
def test_a_person_is_found_by_a_part_of_name_phone_or_address(
    people: dict[str, Registration], typed: str, names: list[str]
):
    assert found(typed) == names


def test_a_person_is_found_by_what_was_changed(people: dict[str, Registration]):
    new = {"full_name": "Marie Dupont", "phone": "303 555 0777"}
    details.change_details(registration=people["maria"], details=new, actor=seats.PERSON, now=NOW)
    assert (found("lopez"), found("555 0123")) == ([], [])
    for typed in ["dupont", "5550777"]:
        assert [row.pk for row in Registration.objects.all().found_by(typed)] == [
            people["maria"].pk
        ]


def test_what_is_erased_finds_nobody(people: dict[str, Registration]):
    erasing.erase_for_the_days(Registration.objects.filter(pk=people["hoa"].pk), NOW)
    assert (found("720 555"), found("nguyen")) == ([], ["hoa"])
    erasing.empty(people["hoa"], erasing.CONTACT, NOW)
    assert (found("person-2"), found("nguyen")) == ([], ["hoa"])
    erasing.empty(people["hoa"], [*erasing.CONTACT, *erasing.IDENTITY], NOW)
    assert found("nguyen") == []
    people["hoa"].refresh_from_db()
    assert (people["hoa"].name_key, people["hoa"].phone_key) == ("", "")
