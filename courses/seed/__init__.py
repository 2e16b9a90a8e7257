"""The course the site starts with, from `course.toml` into the database."""

import tomllib
from pathlib import Path
from typing import Any

from courses.models import Course, CourseApproval, Objective

COURSE = Path(__file__).parent / "course.toml"


def load_course() -> list[str]:
    """Write the course when there is none yet. Returns the names of what was new."""
    if Course.objects.exists():
        return []
    written: dict[str, Any] = tomllib.loads(COURSE.read_text(encoding="utf-8"))
    objectives, approvals = written.pop("objectives"), written.pop("approvals")
    course = Course.objects.create(**written)
    for position, text in enumerate(objectives, start=1):
        Objective.objects.create(course=course, position=position, text_en=text)
    for position, approval in enumerate(approvals, start=1):
        CourseApproval.objects.create(course=course, position=position, **approval)
    return ["course details"]
