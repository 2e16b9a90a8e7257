"""Letters to accounts of staff: written down where something happens, sent by the worker."""

import datetime as dt
import logging
import smtplib
from contextlib import suppress

from django.contrib.auth.models import User
from django.core.mail import get_connection

from registrations import limits
from registrations.addresses import email_key, is_nobodys
from registrations.letters.accounts import compose
from registrations.models import AccountLetter
from registrations.services.delivery import is_away

log = logging.getLogger(__name__)

#: Between two tries; as long as a worker that died keeps a letter from the others.
PAUSE = dt.timedelta(minutes=5)

#: A letter of what happened to a sign-in is of no use any more after this.
GIVEN_UP = dt.timedelta(days=3)

Kind = AccountLetter.Kind


def owe(*, user: User, kind: Kind, now: dt.datetime, codes_left: int | None = None) -> None:
    """Tell the account what happened."""
    AccountLetter.objects.create(
        user=user, kind=kind, codes_left=codes_left, happened_at=now, next_try_at=now
    )


def ask_for_password(*, address: str, now: dt.datetime) -> None:
    """Somebody forgot the password of this address: the same for every address."""
    AccountLetter.objects.create(
        address=address, kind=Kind.FORGOTTEN, happened_at=now, next_try_at=now
    )


def deliver(now: dt.datetime) -> int:
    """Send what is due. What cannot be sent stays due, for some days; returns how many do not."""
    done = 0
    for letter in AccountLetter.objects.due(now).select_related("user")[:100]:
        if not claim(letter, now):
            continue
        try:
            send(letter, now)
        except (OSError, smtplib.SMTPException) as problem:
            log.warning("A letter to an account was not sent: %s", type(problem).__name__)
            if now - letter.happened_at >= GIVEN_UP:
                letter.delete()
                done += 1
            if is_away(problem):
                # The other jobs are not kept waiting once for each letter.
                break
            continue
        letter.delete()
        done += 1
    return done


def claim(letter: AccountLetter, now: dt.datetime) -> bool:
    """Of two workers the database lets one through."""
    mine = AccountLetter.objects.due(now).order_by().filter(pk=letter.pk)
    return bool(mine.update(next_try_at=now + PAUSE))


def send(letter: AccountLetter, now: dt.datetime) -> None:
    if letter.address:
        # A mailbox is filled by nobody: what is asked for too often is left out.
        with suppress(limits.TooMany):
            limits.count_of(limits.FORGOTTEN_MAILS, email_key(letter.address), now)
            send_to_accounts(letter)
    else:
        send_to_accounts(letter)


def send_to_accounts(letter: AccountLetter) -> None:
    connection = get_connection()
    for user in accounts_of(letter):
        mail = compose(letter, user)
        mail.connection = connection
        mail.send()


def accounts_of(letter: AccountLetter) -> list[User]:
    """Whose it is; of an address that was typed, the staff who have it and may sign in."""
    if letter.user:
        found = [letter.user]
    else:
        key = email_key(letter.address)
        staff = User.objects.filter(is_active=True, is_staff=True).exclude(email="").order_by("pk")
        found = [u for u in staff if email_key(u.email) == key and u.has_usable_password()]
    return [user for user in found if user.email and not is_nobodys(user.email)]
