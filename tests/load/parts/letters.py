"""Letters to a mail server on this machine, by one worker."""

import sys

from registrations.models import Letter
from registrations.services import seats
from tests.factories import make_answers
from tests.load import processes
from tests.load.classes import open_class
from tests.load.figures import Figure, at_least

ROUNDS = processes.times(5)
LETTERS = processes.times(400)


def measure() -> list[Figure]:
    from django.utils import timezone

    rates = []
    for _ in range(ROUNDS):
        scheduled_class = open_class(capacity=LETTERS // 2)
        for number in range(LETTERS):
            seats.register(
                scheduled_class_id=scheduled_class.pk,
                answers=make_answers(number),
                now=timezone.now(),
            )
        rates.append(letters_a_second())
        print(f"letters: {rates[-1]:.0f} a second", file=sys.stderr)
    return [
        at_least(
            "Letters by one worker, PostgreSQL",
            rates,
            unit="a second",
            must=100,
            note=f"{LETTERS} letters after the form, each with its own link, to a mail server in "
            "a process of its own that does no more than the protocol asks; from the first that "
            "arrived to the last",
        )
    ]


def letters_a_second() -> float:
    with processes.mail_sink() as (port, file):
        with processes.worker("--once", **processes.mail_settings(port)) as worker:
            worker.wait(120)
        moments = [float(line) for line in file.read_text().split()]
    assert len(moments) == LETTERS, len(moments)
    assert not Letter.objects.filter(state=Letter.State.OWED).exists()
    return (LETTERS - 1) / (moments[-1] - moments[0])
