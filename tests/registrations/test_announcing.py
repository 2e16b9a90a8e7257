"""Telling the people who wait about a class: once, in batches, and nobody twice."""

import datetime as dt
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.conf import LazySettings
from django.core import mail
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client

from courses.models import ScheduledClass
from registrations.models import Announcement, InterestSignup, Letter
from registrations.services import announcing, delivery, interest, jobs, scheduling, seats
from registrations.services.announcing import BATCH
from registrations.services.letters import owe
from tests.factories import NOW, make_class
from tests.registrations.at_once import at_once
from tests.registrations.mail_server import Killer, mail_server
from tests.registrations.test_delivery import start_worker, use
from tests.registrations.test_interest import delivered, leave_path, on_the_list, sign_up
from tests.registrations.test_own_page import tables

pytestmark = pytest.mark.django_db

State = Letter.State
MINUTE = dt.timedelta(minutes=1)
DAY = dt.timedelta(days=1)


def people_wait(count: int) -> None:
    """So many who confirmed yesterday."""
    before = NOW - DAY
    InterestSignup.objects.bulk_create(
        InterestSignup(
            email=f"waits-{number}@peers.test",
            email_key=f"waits-{number}@peers.test",
            created_at=before,
            confirmed_at=before,
        )
        for number in range(count)
    )


def announce(scheduled_class: ScheduledClass, now: dt.datetime = NOW) -> int:
    return announcing.announce(scheduled_class=scheduled_class, actor=seats.SITE, now=now)


def news() -> list[str]:
    """Whom letters about classes are owed to."""
    letters = Letter.objects.filter(kind="interest_news").order_by("pk")
    return [letter.to for letter in letters]


def write_all(now: dt.datetime = NOW) -> list[int]:
    """The sizes of the batches until there is nothing more to write."""
    sizes = []
    while size := announcing.write_news(now):
        sizes.append(size)
    return sizes


# Who is told.


def test_who_has_confirmed_is_told_once_and_is_off_the_list_when_the_mail_was_sent():
    on_the_list("maria@peers.test", NOW - DAY)
    sign_up("never-answered@peers.test", NOW - DAY)
    Letter.objects.update(state=State.SENT, sent_at=NOW)
    scheduled_class = make_class()
    assert announce(scheduled_class) == 1
    assert announcing.write_news(NOW) == 1
    (message,) = delivered()
    assert message.to == ["maria@peers.test"]
    assert message.subject == "A class has dates: January 16 and 23, 2027"
    assert "January 16 and 23, 2027, online. This is the one mail" in str(message.body)
    assert f"http://testserver{scheduled_class.get_absolute_url()}" in str(message.body)
    waiting = InterestSignup.objects.values_list("email", flat=True)
    assert list(waiting) == ["never-answered@peers.test"]
    letter = Letter.objects.get(kind="interest_news")
    assert (letter.state, letter.sent_at, letter.to) == (State.SENT, NOW, "")
    assert "maria" not in tables()
    announcement = Announcement.objects.get()
    assert (announcement.written, announcement.done_at) == (1, NOW)


def test_the_letter_carries_the_one_press_to_leave_in_its_head_and_at_its_end(client: Client):
    signup = on_the_list(now=NOW - DAY)
    link = f"http://testserver{leave_path(signup)}"
    announce(make_class())
    write_all()
    (message,) = delivered()
    head = message.message()
    assert head["List-Unsubscribe"] == f"<{link}>"
    assert head["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    html = str(message.alternatives[0][0])
    assert link in str(message.body)
    assert f'<a href="{link}"' in html
    assert client.post(leave_path(signup)).status_code == 200


def test_a_letter_that_asks_to_confirm_names_no_list_to_leave():
    sign_up()
    (message,) = delivered()
    assert "List-Unsubscribe" not in message.message()


def test_who_confirms_after_the_announcement_waits_for_the_next():
    people_wait(1)
    announce(make_class())
    on_the_list("later@peers.test", NOW + MINUTE)
    write_all(NOW + 2 * MINUTE)
    assert news() == ["waits-0@peers.test"]


def test_who_leaves_before_the_letter_is_written_or_sent_gets_none():
    people_wait(2)
    announce(make_class())
    interest.leave(signup=InterestSignup.objects.get(email="waits-0@peers.test"))
    write_all()
    interest.leave(signup=InterestSignup.objects.get(email="waits-1@peers.test"))
    assert delivered() == []
    assert Announcement.objects.get().written == 1


def test_of_two_classes_announced_together_nobody_is_told_of_both():
    people_wait(BATCH + 10)
    first, second = make_class(), make_class()
    announce(first)
    announce(second)
    write_all()
    assert Counter(news()).most_common(1)[0][1] == 1
    assert len(news()) == BATCH + 10
    assert not Announcement.objects.filter(done_at=None).exclude(scheduled_class=second).exists()


def test_who_comes_back_after_being_told_is_told_of_the_next_class():
    on_the_list(now=NOW - DAY)
    announce(make_class())
    write_all()
    delivered()
    on_the_list(now=NOW + DAY)
    announce(make_class(), NOW + 2 * DAY)
    write_all(NOW + 2 * DAY)
    assert len(delivered(NOW + 2 * DAY)) == 1


def test_an_invented_address_is_not_mailed_and_goes_too():
    on_the_list("somebody@people.invalid", NOW - DAY)
    announce(make_class())
    write_all()
    assert delivered() == []
    assert Letter.objects.get(kind="interest_news").state == State.NOT_MAILED
    assert not InterestSignup.objects.exists()


# Once, and only for what is news.


def test_a_class_is_announced_once():
    people_wait(1)
    scheduled_class = make_class()
    announce(scheduled_class)
    with pytest.raises(announcing.AlreadyAnnounced) as refusal:
        announce(scheduled_class, NOW + DAY)
    assert refusal.value.announcement.asked_at == NOW


def test_a_class_is_not_announced_to_nobody():
    sign_up()
    with pytest.raises(announcing.NobodyWaits):
        announce(make_class())
    assert not Announcement.objects.exists()


@pytest.mark.parametrize(
    ("fields", "now"),
    [
        ({"status": "draft"}, NOW),
        ({"status": "cancelled", "cancelled_at": NOW}, NOW),
        ({"registration_closes_at": NOW}, NOW),
        ({}, NOW + 90 * DAY),
    ],
    ids=["draft", "cancelled", "closed", "past"],
)
def test_a_class_that_takes_nobody_is_no_news(fields: dict[str, Any], now: dt.datetime):
    people_wait(1)
    scheduled_class = make_class(**fields)
    with pytest.raises(announcing.NoNews):
        announce(scheduled_class, now)


def cancel(scheduled_class: ScheduledClass) -> None:
    scheduling.cancel_class(scheduled_class=scheduled_class, actor=seats.SITE, now=NOW)


def unpublish(scheduled_class: ScheduledClass) -> None:
    ScheduledClass.objects.filter(pk=scheduled_class.pk).update(status="draft")


@pytest.mark.parametrize("stop", [cancel, unpublish])
def test_a_class_that_is_taken_back_stops_the_rest_and_who_was_not_told_still_waits(
    stop: Callable[[ScheduledClass], None],
):
    people_wait(BATCH + 10)
    scheduled_class = make_class()
    announce(scheduled_class)
    announcing.write_news(NOW)
    stop(scheduled_class)
    assert write_all() == []
    assert delivered() == []
    left = {State.SUPERSEDED: BATCH} if stop is cancel else {}
    assert Counter(Letter.objects.values_list("state", flat=True)) == left
    # One that is off the site for a while goes on when it is back.
    assert (Announcement.objects.get().done_at is None) == (stop is unpublish)
    assert announce(make_class()) == BATCH + 10


@pytest.mark.parametrize("all_written", [True, False])
def test_a_class_that_comes_back_on_the_site_is_told_to_everyone_who_was_to_read_of_it(
    all_written: bool,
):
    people_wait(BATCH + 10)
    first, second = make_class(), make_class()
    announce(first)
    announce(second)
    announcing.write_news(NOW)
    if all_written:
        write_all()
    unpublish(first)
    assert delivered() == []
    ScheduledClass.objects.filter(pk=first.pk).update(status="published")
    write_all()
    assert len(delivered()) == BATCH + 10
    assert Counter(Letter.objects.values_list("about", "state")) == {
        (str(first.pk), State.SENT): BATCH + 10
    }
    assert Announcement.objects.get(scheduled_class=first).written == BATCH + 10


def test_who_was_to_read_of_a_class_that_is_off_the_site_reads_of_the_next_meanwhile():
    people_wait(2)
    first, second = make_class(), make_class()
    announce(first)
    announce(second)
    write_all()
    unpublish(first)
    assert delivered() == []
    write_all()
    assert len(delivered()) == 2
    assert {*Letter.objects.values_list("about", flat=True)} == {str(second.pk)}


# In batches, by workers that may die.


def test_at_most_one_batch_is_written_in_a_minute_however_often_workers_come():
    people_wait(2 * BATCH + 5)
    announce(make_class())
    job = next(job for job in jobs.JOBS if job.name == "news")
    seconds = range(0, 180, 20)
    sizes = [jobs.run(job, NOW + dt.timedelta(seconds=second)) for second in seconds]
    assert sizes == [BATCH, 0, 0, BATCH, 0, 0, 5, 0, 0]
    announcement = Announcement.objects.get()
    assert announcement.written == 2 * BATCH + 5
    assert announcement.done_at == NOW + 2 * MINUTE


class Crash(Exception):
    pass


@transaction.atomic
def write_and_die() -> None:
    announcing.write_news(NOW)
    raise Crash


def test_a_worker_that_dies_in_a_batch_leaves_whole_batches_and_the_next_goes_on():
    people_wait(BATCH + 5)
    announce(make_class())
    announcing.write_news(NOW)
    with pytest.raises(Crash):
        write_and_die()
    assert Announcement.objects.get().written == BATCH == len(news())
    assert write_all() == [5]
    assert sorted(Counter(news()).values()) == [1] * (BATCH + 5)


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_write_to_nobody_twice():
    people_wait(3 * BATCH)
    announce(make_class())
    problems = at_once(partial(announcing.write_news, NOW) for _ in range(4))
    assert problems == []
    assert sorted(Counter(news()).values()) == [1] * 3 * BATCH
    announcement = Announcement.objects.get()
    assert (announcement.written, announcement.done_at) == (3 * BATCH, NOW)


@pytest.mark.django_db(transaction=True)
def test_control_without_the_workers_turns_the_database_lets_no_second_letter_through():
    """What stands behind the lock: one letter about a class for each person, by a constraint."""
    people_wait(1)
    signup = InterestSignup.objects.get()
    problems = at_once([partial(owe, signup, Letter.Kind.INTEREST_NEWS, NOW, about="1")] * 2)
    assert [type(problem) for problem in problems] == [IntegrityError]
    assert Letter.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_people_leave_while_workers_write_and_nothing_breaks():
    people_wait(BATCH)
    announce(make_class())
    leaving = list(InterestSignup.objects.order_by("pk")[::5])
    problems = at_once(
        [
            *[partial(announcing.write_news, NOW)] * 2,
            *[partial(interest.leave, signup=signup) for signup in leaving],
        ]
    )
    assert problems == []
    write_all()
    assert len(news()) == BATCH - len(leaving)


@pytest.mark.django_db(transaction=True)
def test_two_of_staff_who_press_at_once_announce_once():
    people_wait(1)
    scheduled_class = make_class()
    problems = at_once(partial(announce, scheduled_class) for _ in range(4))
    assert {type(problem) for problem in problems} == {announcing.AlreadyAnnounced}
    assert (len(problems), Announcement.objects.count()) == (3, 1)


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_while_it_sends_news_leaves_nobody_out(settings: LazySettings):
    people_wait(8)
    announce(make_class())
    with mail_server() as (server, port):
        use(port, settings)
        for point in ("RCPT", "after DATA", ""):
            killer = Killer(point, 2)
            server.answer = killer
            worker = start_worker(port)
            killer.pid = worker.pid
            worker.wait(timeout=120)
            Letter.objects.filter(state=State.OWED).update(claimed_until=None)
    assert len(server.received) == 8
    assert server.received.total() <= 8 + 1, "at most the letter in doubt at the second kill"
    assert not InterestSignup.objects.exists()
    assert Counter(Letter.objects.values_list("state", flat=True)) == {State.SENT: 8}


def test_the_worker_alone_does_it_all():
    people_wait(3)
    announce(make_class())
    call_command("work", once=True)
    assert len(mail.outbox) == 3
    assert not InterestSignup.objects.exists()
    assert delivery.deliver_due(clock=lambda: NOW + DAY) == 0
