from courses.models.classes import ClassSession, ScheduledClass, Seats, State
from courses.models.course import Course, CourseApproval, CourseInstructor, Instructor, Objective

__all__ = [
    "ClassSession",
    "Course",
    "CourseApproval",
    "CourseInstructor",
    "Instructor",
    "Objective",
    "ScheduledClass",
    "Seats",
    "State",
]
