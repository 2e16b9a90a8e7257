import datetime as dt

import pytest

from courses import zones
from courses.zones import Zone

NO_BREAK = "\N{NO-BREAK SPACE}"


def utc(*parts: int) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=dt.UTC)  # type: ignore[arg-type]  # year to minute


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (utc(2027, 3, 14, 8, 59), "Sunday, March 14, 2027, 1:59 am Mountain Time"),
        (utc(2027, 3, 14, 9, 0), "Sunday, March 14, 2027, 3:00 am Mountain Time"),
        (utc(2027, 11, 7, 7, 30), "Sunday, November 7, 2027, 1:30 am Mountain Time"),
        (utc(2027, 11, 7, 9, 30), "Sunday, November 7, 2027, 2:30 am Mountain Time"),
        (utc(2027, 1, 1, 6, 59), "Thursday, December 31, 2026, 11:59 pm Mountain Time"),
        (utc(2027, 1, 1, 7, 0), "Friday, January 1, 2027, 12:00 am Mountain Time"),
        (utc(2027, 1, 1, 19, 0), "Friday, January 1, 2027, 12:00 pm Mountain Time"),
    ],
)
def test_a_moment_is_said_with_its_day_hour_and_zone(moment: dt.datetime, said: str):
    assert zones.full_moment(moment, Zone.MOUNTAIN).replace(NO_BREAK, " ") == said


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        (Zone.PUERTO_RICO, "12:00 pm"),
        (Zone.EASTERN, "12:00 pm"),
        (Zone.CENTRAL, "11:00 am"),
        (Zone.MOUNTAIN, "10:00 am"),
        (Zone.ARIZONA, "9:00 am"),
        (Zone.PACIFIC, "9:00 am"),
        (Zone.ALASKA, "8:00 am"),
        (Zone.HAWAII, "6:00 am"),
    ],
)
def test_in_summer_each_zone_has_its_own_hour(zone: Zone, said: str):
    assert zones.clock(utc(2027, 7, 1, 16, 0), zone).replace(NO_BREAK, " ") == said


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ([], ""),
        (["Saturday"], "Saturday"),
        (["Saturday", "Sunday"], "Saturday and Sunday"),
        (["Friday", "Saturday", "Sunday"], "Friday, Saturday and Sunday"),
    ],
)
def test_a_list_ends_with_and(parts: list[str], said: str):
    assert zones.listed(parts) == said


def test_an_hour_is_never_parted_from_its_am():
    assert zones.clock(utc(2027, 7, 1, 16, 0), Zone.MOUNTAIN) == f"10:00{NO_BREAK}am"


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ([], ""),
        ([(2027, 1, 16)], "January 16, 2027"),
        ([(2027, 1, 16), (2027, 1, 23)], "January 16 and 23, 2027"),
        ([(2027, 1, 30), (2027, 2, 6)], "January 30 and February 6, 2027"),
        ([(2027, 1, 2), (2027, 1, 9), (2027, 1, 16)], "January 2, 9 and 16, 2027"),
        ([(2026, 12, 26), (2027, 1, 2)], "December 26, 2026 and January 2, 2027"),
    ],
)
def test_days_are_said_with_each_month_and_year_once(days: list[tuple[int, int, int]], said: str):
    assert zones.days_in_words([dt.date(*day) for day in days]) == said


@pytest.mark.parametrize(
    ("days", "lines"),
    [
        ("January 16, 2027", ["January 16,", "2027"]),
        ("February 13 and 20, 2027", ["February 13", "and 20,", "2027"]),
        ("January 2, 9 and 16, 2027", ["January 2,", "9 and 16,", "2027"]),
        (
            "December 26, 2026, January 2 and 9, 2027",
            ["December 26,", "2026,", "January 2", "and 9,", "2027"],
        ),
        ("13 y 20 de febrero de 2027", ["13 y 20", "de febrero", "de 2027"]),
        ("30 de enero y 6 de mayo de 2027", ["30", "de enero", "y 6", "de mayo", "de 2027"]),
    ],
)
def test_no_line_of_a_heading_ends_inside_a_day(days: str, lines: list[str]):
    said = zones.unbroken(days)
    assert said.replace(NO_BREAK, " ") == days
    assert [line.replace(NO_BREAK, " ") for line in said.split(" ")] == lines
