"""Writing to people of a class: the words once, and a letter owed to each, in one transaction."""

import datetime as dt
import uuid
from collections.abc import Iterable

from content.history import recording
from courses.models import ScheduledClass
from registrations.models import Letter, Message, Registration
from registrations.models.registration import RegistrationQuerySet
from registrations.services.ledger import locked
from registrations.services.letters import letter_for
from registrations.services.seats import Actor


class AlreadyWritten(Exception):
    """The button was pressed twice. `message` is what the first press wrote."""

    def __init__(self, message: Message) -> None:
        super().__init__(message.pk)
        self.message = message


class NobodyToWriteTo(Exception):
    """None of them can be reached."""


def reachable(scheduled_class: ScheduledClass) -> RegistrationQuerySet:
    """Whose address has answered. Behind any other may be a stranger."""
    people = Registration.objects.filter(scheduled_class=scheduled_class)
    return people.filter(proved_at__isnull=False).exclude(email="").order_by("full_name", "pk")


def write(
    *,
    scheduled_class: ScheduledClass,
    key: uuid.UUID,
    words: tuple[str, str],
    people: Iterable[int],
    actor: Actor,
    now: dt.datetime,
) -> Message:
    """`words` are subject and body, `people` keys of registrations in the class.

    Raises AlreadyWritten and NobodyToWriteTo.
    """
    # Under the lock nobody is erased or moves away while their letter is written.
    with locked(scheduled_class.pk):
        subject, body = words
        message, is_new = Message.objects.get_or_create(
            key=key,
            defaults={
                "scheduled_class": scheduled_class,
                "subject": subject,
                "body": body,
                "written_at": now,
                "written_by": actor.user,
            },
        )
        if not is_new:
            raise AlreadyWritten(message)
        letters = [
            letter_for(person, Letter.Kind.MESSAGE, now, about=str(key))
            for person in reachable(scheduled_class).filter(pk__in=list(people)).order_by("pk")
        ]
        if not letters:
            raise NobodyToWriteTo
        Letter.objects.bulk_create(letters)
        recording.added(
            scheduled_class,
            what="registrations.message",
            key=message.pk,
            name=subject,
            actor=actor,
            now=now,
        )
        return message


def letters_of(message: Message) -> "list[Letter]":
    """To whom it goes or went, by name."""
    letters = Letter.objects.filter(kind=Letter.Kind.MESSAGE, about=str(message.key))
    return list(letters.select_related("registration").order_by("registration__full_name", "pk"))
