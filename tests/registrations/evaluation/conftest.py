import pytest
import time_machine

from tests.registrations.evaluation.answering import LATER


@pytest.fixture
def after(clock: time_machine.Traveller) -> None:
    clock.move_to(LATER)
