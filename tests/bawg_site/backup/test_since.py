"""What happened after a backup holds: who was erased since does not come back."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command

from bawg_site.backup.archive import Archive
from bawg_site.backup.making import make
from bawg_site.backup.restoring import LARGEST_LEAP, SMALLEST_LEAP
from content.models import Page
from registrations.models import InterestSignup, Letter, LinkRequest, Registration
from registrations.services import erasing, interest, seats
from registrations.services.delivery import deliver_due
from registrations.services.jobs import end_offers
from registrations.services.ledger import check_seats
from registrations.services.restoring import Erasures, Outcome
from tests.bawg_site.backup.archives import (
    LATER,
    NEXT_DAY,
    backup,
    bring_back,
    lose_all,
)
from tests.factories import NOW, make_class
from tests.registrations.people import join, person_in, register

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(params=["the database that is replaced", "a newer backup", "the log"])
def since(request: Any, folder: Path) -> Callable[[Archive], Outcome]:
    """Brings an archive back where this is all that is left of what came after it."""

    def bring(archive: Archive) -> Outcome:
        if request.param == "the database that is replaced":
            return bring_back(archive, replace=True)
        if request.param == "a newer backup":
            backup(folder, LATER)
            lose_all()
            return bring_back(archive)
        erased = Registration.objects.exclude(erased_at=None).values_list("pk", flat=True)
        people, signups = (
            set(erased),
            {1, 2, 3} - set(InterestSignup.objects.values_list("pk", flat=True)),
        )
        lose_all()
        return bring_back(archive, erased=Erasures(people=people, signups=signups))

    return bring


def test_who_was_erased_since_does_not_come_back(
    folder: Path, since: Callable[[Archive], Outcome], caplog: pytest.LogCaptureFixture
):
    scheduled_class = make_class(capacity=2)
    gone, stays = join(scheduled_class, 1), join(scheduled_class, 2)
    archive = backup(folder)
    with caplog.at_level("INFO"):
        erasing.erase(registration=gone, actor=seats.PERSON, now=LATER - dt.timedelta(hours=1))
    assert f"Erased registration:{gone.pk}" in caplog.text
    outcome = since(archive)
    assert outcome.erased == 1
    person = Registration.objects.get(pk=gone.pk)
    assert (person.full_name, person.email, person.status) == ("", "", "cancelled")
    assert Registration.objects.get(pk=stays.pk).email == stays.email
    assert check_seats() == []


def test_an_unrelated_database_or_archive_erases_nobody(folder: Path):
    """Keys alone are not people: 1 is somebody else there."""
    person = join(make_class(), 1)
    archive = backup(folder)
    lose_all()
    other = join(make_class(), 1)
    erasing.erase(registration=other, actor=seats.PERSON, now=LATER - dt.timedelta(hours=1))
    backup(folder, LATER)
    outcome = bring_back(archive, replace=True)
    assert outcome.erased == 0
    assert Registration.objects.get().email == person.email


def test_who_left_the_list_for_news_does_not_come_back(
    folder: Path, caplog: pytest.LogCaptureFixture
):
    for name in ("leaves", "stays"):
        interest.sign_up(email=f"{name}@peers.test", language="en", now=NOW)
    archive = backup(folder)
    leaves = InterestSignup.objects.get(email="leaves@peers.test")
    with caplog.at_level("INFO"):
        interest.leave(signup=leaves)
    assert f"Erased signup:{leaves.pk}" in caplog.text
    assert bring_back(archive, replace=True).left == 1
    assert InterestSignup.objects.get().email == "stays@peers.test"
    lose_all()
    call_command("restore", archive.path, "--erased", f"signup:{leaves.pk}")
    assert InterestSignup.objects.get().email == "stays@peers.test"


def deliver(now: dt.datetime) -> list[str]:
    """Runs the worker's delivery; to whom mail went."""
    mail.outbox.clear()
    deliver_due(clock=lambda: now)
    return [to for one in mail.outbox for to in one.to]


def test_a_letter_that_went_out_since_is_not_sent_again(folder: Path, client: Any):
    scheduled_class = make_class()
    register(scheduled_class, 1)
    archive = backup(folder)
    assert deliver(LATER) == ["person-1@peers.test"]
    outcome = bring_back(archive, replace=True)
    assert (outcome.sent, outcome.held_back) == (1, 0)
    assert deliver(NEXT_DAY) == []
    assert Letter.objects.get().state == Letter.State.SENT


def test_a_letter_of_which_nobody_knows_is_held_back_until_staff_have_looked(folder: Path):
    register(make_class(), 1)
    archive = backup(folder)
    lose_all()
    assert bring_back(archive).held_back == 1
    assert deliver(NEXT_DAY) == []
    letter = Letter.objects.get()
    assert (letter.state, letter.last_error) == (
        Letter.State.GIVEN_UP,
        "Held back when the site was restored: it may have gone out already.",
    )
    lose_all()
    assert bring_back(archive, send_owed=True).held_back == 0
    assert deliver(NEXT_DAY) == ["person-1@peers.test"]


def test_a_link_that_was_asked_for_is_not_sent_twice(folder: Path):
    person = join(make_class(), 1)
    deliver(NOW)
    LinkRequest.objects.create(email_key=person.email_key, asked_at=NOW)
    archive = backup(folder)
    lose_all()
    bring_back(archive)
    assert not LinkRequest.objects.exists()


def test_a_reminder_that_was_due_meanwhile_is_not_sent_a_second_time(folder: Path):
    scheduled_class = make_class()
    person = join(scheduled_class, 1)
    deliver(NOW)
    archive = backup(folder)
    starts_at = scheduled_class.starts_at
    assert starts_at
    lose_all()
    bring_back(archive, starts_at - dt.timedelta(hours=20))
    call_command("work", once=True)
    held_back = person.letters.filter(state=Letter.State.GIVEN_UP)
    assert list(held_back.values_list("kind", flat=True)) == ["day"]


def test_who_has_answered_since_does_not_lose_the_seat(folder: Path):
    """The answer is lost. So there is time to give it again."""
    scheduled_class = make_class()
    register(scheduled_class, 1)
    archive = backup(folder)
    lose_all()
    after_the_offer_ended = NOW + dt.timedelta(days=5)
    bring_back(archive, after_the_offer_ended)
    end_offers(after_the_offer_ended)
    person = person_in(scheduled_class, 1)
    assert person.status == "offered"
    assert person.answer_by is not None
    assert person.answer_by > after_the_offer_ended


def test_a_lost_persons_link_opens_nobody_elses_page(folder: Path):
    """The link names a key. Whoever registers after the restore must not get that key."""
    scheduled_class = make_class()
    kept = join(scheduled_class, 1)
    archive = backup(folder)
    lost = join(scheduled_class, 2)
    lose_all()
    bring_back(archive)
    newcomer = join(scheduled_class, 3)
    assert lost.pk < kept.pk + SMALLEST_LEAP < newcomer.pk <= kept.pk + LARGEST_LEAP + 1


def test_the_site_reads_as_it_did_and_goes_on(folder: Path, client: Any):
    call_command("load_content", verbosity=0)
    Page.objects.filter(slug=Page.COURSE).update(title_en="As it was")
    scheduled_class = make_class()
    archive = backup(folder)
    Page.objects.filter(slug=Page.COURSE).update(title_en="Changed")
    assert "Changed" in client.get("/").text
    bring_back(archive, replace=True)
    assert "As it was" in client.get("/").text
    register(scheduled_class, 9)
    assert make(folder).manifest.rows > archive.manifest.rows
