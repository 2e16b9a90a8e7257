from courses.models.classes import ClassSession, ScheduledClass
from courses.models.course import (
    Course,
    CourseApproval,
    CourseDomain,
    CourseInstructor,
    Instructor,
    Objective,
)
from courses.models.seats import Seats, State

__all__ = [
    "ClassSession",
    "Course",
    "CourseApproval",
    "CourseDomain",
    "CourseInstructor",
    "Instructor",
    "Objective",
    "ScheduledClass",
    "Seats",
    "State",
]
