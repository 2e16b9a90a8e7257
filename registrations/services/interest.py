"""The list of people who want one mail when a class has dates: on it, confirmed, off it."""

import datetime as dt
import logging
from functools import partial

from django.db import transaction

from registrations.addresses import email_key
from registrations.models import InterestSignup, Letter
from registrations.services.letters import letter_for

log = logging.getLogger(__name__)

Kind = Letter.Kind

#: Between two mails to the same address: at first, and once it has had `MANY`. Anybody can type
#: anybody's address, again and again.
PAUSE = dt.timedelta(minutes=2)
MANY = 5
LONG_PAUSE = dt.timedelta(days=1)

#: An address that does not answer is forgotten after this.
UNCONFIRMED_KEPT = dt.timedelta(days=7)


@transaction.atomic
def sign_up(*, email: str, language: str, now: dt.datetime) -> None:
    """Put the address on the list, unconfirmed, and write to it: the button in that mail confirms.

    An address that is on the list already is told so, by mail alone. Known or new, confirmed or
    not, just written to or not: the same statements run, so that nothing tells a stranger which.
    """
    signup = locked_row(email, language, now)
    last = signup.letters.exclude(kind=Kind.INTEREST_NEWS).order_by("-pk").first()
    if last is None or last.created_at <= now - pause_after(last):
        signup.turn += 1
        signup.created_at = signup.created_at if signup.confirmed_at else now
        kind = Kind.INTEREST_ALREADY if signup.confirmed_at else Kind.INTEREST_CONFIRM
    else:
        kind = Kind(last.kind)
    signup.save(update_fields=["turn", "created_at"])
    # Where the pause is not over this is the last letter once more, and a turn keeps its first.
    Letter.objects.bulk_create([letter_for(signup, kind, now)], ignore_conflicts=True)


def locked_row(email: str, language: str, now: dt.datetime) -> InterestSignup:
    """The address's row, made if need be. Writing it in any case locks it in any case."""
    key = email_key(email)
    row = InterestSignup(email=email, email_key=key, language=language, created_at=now)
    InterestSignup.objects.bulk_create(
        [row], update_conflicts=True, unique_fields=["email_key"], update_fields=["language"]
    )
    return InterestSignup.objects.get(email_key=key)


def pause_after(letter: Letter) -> dt.timedelta:
    return PAUSE if letter.turn < MANY else LONG_PAUSE


def confirm(*, signup: InterestSignup, now: dt.datetime) -> None:
    """The address has answered. A second time changes nothing."""
    InterestSignup.objects.filter(pk=signup.pk, confirmed_at__isnull=True).update(confirmed_at=now)


@transaction.atomic
def leave(*, signup: InterestSignup) -> None:
    """Off the list, and every letter to it. Nothing is kept, and a second time changes nothing."""
    # The lock comes first: no letter can be written between looking for letters and deleting.
    for held in InterestSignup.objects.select_for_update().filter(pk=signup.pk):
        held.delete()
        # As of whoever is erased: a backup from before has the address.
        transaction.on_commit(partial(log.info, "Erased signup:%s", signup.pk))


@transaction.atomic
def forget_unconfirmed(now: dt.datetime) -> int:
    """Addresses that did not answer in time. Returns how many."""
    silent = InterestSignup.objects.unconfirmed_since(now - UNCONFIRMED_KEPT).order_by("pk")
    keys = list(silent.select_for_update().values_list("pk", flat=True))
    InterestSignup.objects.filter(pk__in=keys).delete()
    return len(keys)
