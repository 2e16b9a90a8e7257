"""What an instructor has to do: in the classes that they teach, and in no other."""

import datetime as dt

from django.contrib.auth.models import User

from courses.models import Instructor, ScheduledClass
from courses.models.classes import ScheduledClassQuerySet
from registrations.desk import addresses
from registrations.desk.class_rules import attendance_not_taken
from registrations.desk.facts import Facts
from registrations.desk.things import ToDo


def classes_of(user: User) -> ScheduledClassQuerySet:
    """Those of the instructor whom the account belongs to; none for anybody else."""
    instructor = Instructor.objects.filter(user=user.pk).first()
    classes = ScheduledClass.objects.published().with_dates().for_page()
    return classes.taught_by(instructor) if instructor else classes.none()


def to_do_of(user: User, now: dt.datetime) -> list[ToDo]:
    own = Facts(now, classes_of(user))
    return list(attendance_not_taken(own, addresses.own_attendance))
