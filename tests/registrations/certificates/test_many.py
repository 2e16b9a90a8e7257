"""500 certificates at one press: how long they take, and how large the worker grows."""

import resource
import time

import pytest

from courses.models import ScheduledClass
from registrations.models import Attendance, Certificate, Letter, Registration
from registrations.services import certificates
from tests.factories import NOW
from tests.registrations.certificates.classes import OVER, order, past_class, work

pytestmark = [pytest.mark.django_db, pytest.mark.prove]

NAMES = ["Ana Ruiz", "Nguyễn Thị Hoa", "محمد عبد الله", "王小明", "Иван Петров"]


def fill(scheduled_class: ScheduledClass, count: int) -> None:
    """Written at once, as services would take minutes."""
    people = Registration.objects.bulk_create(
        Registration(
            scheduled_class=scheduled_class,
            full_name=f"{NAMES[number % 5]} {number}",
            email=f"many-{number}@peers.test",
            email_key=f"many-{number}@peers.test",
            role="peer",
            status=Registration.Status.CONFIRMED,
            proved_at=NOW,
            created_at=NOW,
        )
        for number in range(count)
    )
    Attendance.objects.bulk_create(
        Attendance(registration=person, class_session=meeting, presence="present", recorded_at=OVER)
        for person in people
        for meeting in scheduled_class.meetings
    )


def test_five_hundred_are_issued_within_a_minute_and_250_mb():
    scheduled_class = past_class()
    fill(scheduled_class, 500)
    begun, cpu = time.perf_counter(), time.process_time()
    people = list(scheduled_class.registrations.all())
    assert certificates.unprintable(people) == {}
    order(scheduled_class, people)
    work()
    taken, cpu = time.perf_counter() - begun, time.process_time() - cpu
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"500 certificates: {taken:.1f} s, {cpu:.1f} s of it computing; {most:.0f} MB at most")
    assert Certificate.objects.count() == 500
    assert len({*Certificate.objects.values_list("number", flat=True)}) == 500
    assert Letter.objects.filter(kind=Letter.Kind.CERTIFICATE).count() == 500
    # Computing: what else runs on this machine is not what is measured.
    assert cpu < 60
    assert most < 250
