"""500 people: attendance, certificates at one press, and the audit file. How long, how large.

The worker's part runs as on a server, in a process of its own, and that one is measured.
"""

import json
import os
import subprocess
import sys
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from courses.models import ScheduledClass
from registrations.desk import addresses
from registrations.models import AuditFile, Certificate, Letter, Registration
from registrations.services import attendance, certificates
from registrations.services.attendance import Entry
from tests.factories import NOW
from tests.registrations.audit.files import asked, table, taken, unpacked
from tests.registrations.certificates.classes import OVER, STAFF, order, past_class
from tests.registrations.test_delivery import database_url

#: Computing, not waiting: what else runs on this machine is not what is measured.
MOST_SECONDS = 60
MOST_MEGABYTES = 250

NAMES = ["Ana Ruiz", "Nguyễn Thị Hoa", "محمد عبد الله", "王小明", "Иван Петров"]

#: What Linux says of the process itself: what resource says counts who started it, too.
WORKER = """
import json, re, time
import django
django.setup()
from django.utils import timezone
from registrations.services import auditing, certificates
while {job}(timezone.now()):
    pass
status = open("/proc/self/status").read()
largest = int(re.search(r"VmHWM:\\s+(\\d+)", status)[1]) / 1024
print(json.dumps({{"seconds": time.process_time(), "megabytes": largest}}))
"""


def fill(scheduled_class: ScheduledClass, count: int) -> None:
    """People written at once, as services would take minutes. Every tenth entry is corrected."""
    people = Registration.objects.bulk_create(
        Registration(
            scheduled_class=scheduled_class,
            full_name=f"{NAMES[number % 5]} {number}",
            email=f"many-{number}@peers.test",
            email_key=f"many-{number}@peers.test",
            role="peer",
            state="Colorado",
            credential="CPFS",
            credential_number=str(number),
            status=Registration.Status.CONFIRMED,
            proved_at=NOW,
            created_at=NOW,
        )
        for number in range(count)
    )
    first, last = (meeting.pk for meeting in scheduled_class.meetings)
    record(
        scheduled_class,
        [
            *(
                Entry(person.pk, first, *(("partly", 20) if number % 10 == 0 else ("present", 0)))
                for number, person in enumerate(people)
            ),
            *(Entry(person.pk, last, "present") for person in people),
        ],
    )
    record(scheduled_class, [Entry(person.pk, first, "present") for person in people[::10]])


def record(scheduled_class: ScheduledClass, entries: list[Entry]) -> None:
    attendance.record(
        scheduled_class_id=scheduled_class.pk, entries=entries, actor=STAFF, now=OVER, why="test"
    )


def worked(job: str) -> dict[str, Any]:
    """Done by a process of its own until nothing is left."""
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "bawg_site.settings",
        "DEBUG": "1",
        "DATABASE_URL": database_url(),
        "PYTHONDEVMODE": "",  # The memory is that of the site, not of Python's own checks.
    }
    done = subprocess.run(
        [sys.executable, "-c", WORKER.format(job=job)],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    print(f"{job}: {found['seconds']:.1f} s of computing, {found['megabytes']:.0f} MB at most")
    return found


def assert_small_and_quick(found: dict[str, Any]) -> None:
    assert found["seconds"] < MOST_SECONDS
    assert found["megabytes"] < MOST_MEGABYTES


@pytest.mark.parametrize("count", [5, pytest.param(500, marks=pytest.mark.prove)])
@pytest.mark.django_db(transaction=True)
def test_certificates_and_the_audit_file_of_a_large_class(count: int):
    scheduled_class = past_class()
    fill(scheduled_class, count)
    people = list(scheduled_class.registrations.all())
    assert certificates.unprintable(people) == {}
    order(scheduled_class, people)
    assert_small_and_quick(worked("certificates.issue_ordered"))
    numbers = {*Certificate.objects.values_list("number", flat=True)}
    assert len(numbers) == count
    assert Letter.objects.filter(kind=Letter.Kind.CERTIFICATE).count() == count

    asked(scheduled_class)
    assert_small_and_quick(worked("auditing.make_ordered"))
    files = unpacked(taken(AuditFile.objects.select_related("scheduled_class").get()))
    print(f"{len(files)} files, {len(files['01-index.pdf']) / 1024:.0f} kB of them the index")
    issued = {name for name in files if name.startswith("certificates/")}
    assert issued == {f"certificates/{number}.pdf" for number in numbers}
    papers = [name for name in files if name.startswith(("09", "10", "13", "14"))]
    assert [name.endswith(".pdf") for name in papers].count(True) == (4 if count > 150 else 0)
    assert [len(table(files, name)) for name in ("09-roster", "13-credits")] == [count, count]
    assert len(table(files, "11-attendance-corrections")) == -(-count // 10)


@pytest.mark.prove
@pytest.mark.django_db
def test_the_pages_of_500_people_take_as_many_queries_as_those_of_5(
    clock: time_machine.Traveller, client: Client
):
    clock.move_to(OVER)
    client.force_login(User.objects.create_superuser("chief"))
    small, large = past_class(), past_class()
    fill(small, 5)
    fill(large, 500)
    for address in (addresses.attendance, addresses.certificates, addresses.audit):
        costs = []
        for scheduled_class in (small, large):
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address(scheduled_class)).status_code == 200
            costs.append(len(queries))
        print(f"{address.__name__}: {costs}")
        assert costs[0] == costs[1]
