"""Reading what meeting services export: formats, moments, names, how long somebody was there."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registrations.meeting_files import LARGEST, NotAList, Stay, minutes, put_together, read
from tests.factories import DENVER

UTC = ZoneInfo("UTC")

ZOOM = """Meeting ID,Topic,Start Time,End Time,User Email,Duration (Minutes),Participants
123 456,Training,01/16/2027 08:50:00 AM,01/16/2027 05:01:00 PM,host@example.org,491,3

Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),Guest,In Waiting Room
Mary (Maria Lopez),maria@peers.test,01/16/2027 08:50:12 AM,01/16/2027 08:55:00 AM,5,Yes,Yes
Mary (Maria Lopez),maria@peers.test,01/16/2027 08:55:12 AM,01/16/2027 05:00:09 PM,485,Yes,No
"Tso, Samuel",,01/16/2027 09:20:00 AM,01/16/2027 05:00:00 PM,460,Yes,No
"""

TEAMS = """1. Summary
Meeting title\tTraining
Attended participants\t2

2. Participants
Name\tFirst Join\tLast Leave\tIn-Meeting Duration\tEmail\tParticipant ID (UPN)\tRole
Maria Lopez\t1/16/27, 8:55:12 AM\t1/16/27, 5:00:09 PM\t8h 4m\tmaria@peers.test\t\tAttendee

3. In-Meeting Activities
Name\tJoin Time\tLeave Time\tDuration\tEmail\tRole
Maria Lopez\t1/16/27, 8:55:12\N{NARROW NO-BREAK SPACE}AM\t1/16/27, 12:00:00 PM\t3h\tmaria@peers.test
Maria Lopez\t1/16/27, 1:00:00 PM\t1/16/27, 5:00:09 PM\t4h\tmaria@peers.test\tAttendee
"""

PLAIN = """name;email;join;leave
Maria Lopez;maria@peers.test;2027-01-16 09:00;2027-01-16 17:00
"""


def at(hour: int, minute: int = 0, second: int = 0) -> dt.datetime:
    return dt.datetime(2027, 1, 16, hour, minute, second, tzinfo=DENVER)


def test_zoom_and_its_waiting_room():
    stays, bad = read(ZOOM.encode("utf-8-sig"), DENVER)
    assert bad == []
    assert stays == [
        Stay(6, ("Mary", "Maria Lopez"), "maria@peers.test", at(8, 55, 12), at(17, 0, 9)),
        Stay(7, ("Tso, Samuel",), "", at(9, 20), at(17)),
    ]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-8"])
def test_teams_in_its_encodings_reads_each_stay_and_not_the_summary(encoding: str):
    stays, bad = read(TEAMS.encode(encoding), DENVER)
    assert bad == []
    assert [(stay.joined, stay.left) for stay in stays] == [
        (at(8, 55, 12), at(12)),
        (at(13), at(17, 0, 9)),
    ]


def test_a_plain_list_with_semicolons_as_excel_writes_it():
    stays, _bad = read(PLAIN.replace("Maria", "María").encode("cp1252"), DENVER)
    assert stays == [Stay(2, ("María Lopez",), "maria@peers.test", at(9), at(17))]


def test_a_zone_in_the_file_counts_more_than_the_chosen_one():
    text = PLAIN.replace("2027-01-16 09:00", "2027-01-16T16:00:00Z").replace(
        "2027-01-16 17:00", "2027-01-17T00:00:00+00:00"
    )
    [stay], _bad = read(text.encode(), DENVER)
    assert (stay.joined, stay.left, stay.in_own_zone) == (at(9), at(17), True)
    [stay], _bad = read(PLAIN.encode(), UTC)
    assert (stay.joined, stay.in_own_zone) == (at(2), False)


def test_bad_rows_are_told_by_their_number_and_the_others_are_read():
    text = PLAIN + (
        ";;2027-01-16 09:00;2027-01-16 17:00\n"
        "Dan;;2027-01-16 17:00;2027-01-16 09:00\n"
        "Ruth;;in the morning;2027-01-16 17:00\n"
        "Tom;;2027-01-16 09:00\n"
        "Grace;;2027-01-16 09:00;2027-01-16 17:00\n"
    )
    stays, bad = read(text.encode(), DENVER)
    assert [stay.row for stay in stays] == [2, 7]
    assert [(row.row, row.sentence) for row in bad] == [
        (3, "It has no name and no address."),
        (4, "Dan leaves before joining."),
        (5, "“in the morning” is no time that we can read."),
        (6, "A time is missing."),
    ]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "This is no list that we can read."),
        (b"PK\x03\x04\x14\x00\x00\x00", "This is no list that we can read."),
        (b"%PDF-1.7 and so on", "The file has no row with the headings"),
        (b"name,email\nMaria,maria@peers.test\n", "The file has no row with the headings"),
        (b" \n", "This is no list that we can read."),
        (b"x" * (LARGEST + 1), "The file is larger than 1 megabyte."),
        (b"\xff\xfea", "This is no list that we can read."),
    ],
)
def test_what_is_no_list_is_refused_with_a_sentence(content: bytes, sentence: str):
    with pytest.raises(NotAList) as refusal:
        read(content, DENVER)
    assert refusal.value.sentence.startswith(sentence)


@pytest.mark.parametrize(
    ("name", "by_phone"),
    [("13035550100", True), ("+1 (303) 555-0100", True), ("1303***0100", True), ("R2-D2", False)],
)
def test_a_phone_is_known_by_its_name(name: str, *, by_phone: bool):
    text = f"name,email,join,leave\n{name},,2027-01-16 09:00,2027-01-16 17:00\n"
    [stay], _bad = read(text.encode(), DENVER)
    assert stay.by_phone == by_phone


def stays(*spans: tuple[dt.datetime, dt.datetime]) -> list[Stay]:
    return [Stay(row, ("Maria",), "", *span) for row, span in enumerate(spans)]


@pytest.mark.parametrize(
    ("spans", "late", "early", "away", "overlap"),
    [
        ([(at(8, 50), at(17, 5))], 0, 0, 0, False),
        ([(at(9, 0, 59), at(17))], 0, 0, 0, False),
        ([(at(9, 25), at(16, 30))], 25, 30, 0, False),
        ([(at(9), at(12)), (at(13), at(17))], 0, 0, 60, False),
        ([(at(13), at(17)), (at(9), at(12))], 0, 0, 60, False),
        ([(at(9), at(13)), (at(12), at(17))], 0, 0, 0, True),
        ([(at(9), at(17)), (at(10), at(11)), (at(12), at(13))], 0, 0, 0, True),
        ([(at(8), at(8, 30)), (at(9, 10), at(17))], 10, 0, 0, False),
    ],
)
def test_stays_are_put_together(
    spans: list[tuple[dt.datetime, dt.datetime]], late: int, early: int, away: int, *, overlap: bool
):
    found = put_together(stays(*spans), at(9), at(17))
    assert found
    assert (found.late, found.early, found.away, found.overlap) == (late, early, away, overlap)


def test_nobody_was_there_before_it_began_or_after_it_ended():
    assert put_together(stays((at(8), at(9)), (at(17), at(18))), at(9), at(17)) is None


moments = st.integers(0, 24 * 60 - 1).map(lambda minute: at(minute // 60, minute % 60))
spans = st.lists(st.tuples(moments, moments).map(sorted).map(tuple), max_size=6)


@given(spans, st.tuples(moments, moments).map(sorted).map(tuple))
def test_one_more_stay_never_adds_to_what_was_missed(
    known: list[tuple[dt.datetime, dt.datetime]], more: tuple[dt.datetime, dt.datetime]
):
    whole = minutes(at(17) - at(9))
    before = put_together(stays(*known), at(9), at(17))
    after = put_together(stays(*known, more), at(9), at(17))
    missed = [found.missed if found else whole for found in (before, after)]
    assert 0 <= missed[1] <= missed[0] <= whole
