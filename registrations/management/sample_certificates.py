"""Certificates of the sample's past class: issued, one replaced, one revoked. All is invented."""

import datetime as dt
import uuid

from content.models import Provider
from courses.models import Course, CourseDomain, ScheduledClass
from registrations.models import Certificate
from registrations.services import certificates
from registrations.services.seats import SITE

#: A stroke as a hand draws it, 360 by 90 pixels.
SIGNATURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000001680000005a0103000000afee5e8400000006504c5445ffffff"
    "1c224678f32bef0000000174524e530040e6d866000002f64944415478daed973d6edb4010853ffec0642188"
    "4c194030899cc0a5801832bbb439428e1024295218169118414adf203e416e10781da770e903040865b870b9"
    "0e525000cd4db12477451b8258b8d376a29e866fdebc9959c1f66ccf6627d818e902e483d0c362674f173b48"
    "9f26b60704cbcb41e89b214c5ee503d88c553120b6433c84890c3744fb007fbe0fd0247cfe63b1799689f76d"
    "006f85cc07f0aea7cbcd63d754e9e6e854edc6433ca85605df5d87ce38395e79b810ebb2e472c77ee6b02e8d"
    "8a69624b1828b986d56f2691fdee4894e683ea95c2299904a55ddbfcd07cd977b353325e793863667c64b3c2"
    "05578022b1d1e6a7fecff081decf48e9983b87dc75df87673ddede94239877f13c49d04112f65763fb78efe0"
    "386eb2626433555cf7994caee05ef3db41ee9d5259723bbd969f1e0168d522a514385d121f897ae897522b01"
    "907c561598944b2b078d7e2f8026c68c03094642892756788fb5b3f48698711e5bdbc2910f1cab3b47d7fe83"
    "7edc76875b50a72be89b3a06a832e804b0deaee25ecf874013a379735b6e5f3cec34d3396e935e3ba2c31cbe"
    "f6d017ba6a56ac7665c4c0af1ebac8014e1e692bf548cfdf660097d6a295569f5df7d05a42df5ae24bc0ab61"
    "1fb883c0188742d7601f9858a33752821288721265c5d612166046430e7bec79255066bc6918eae48f01fe5a"
    "e9d440168e7c0954a9338fcd722fb4ff768069eb0f0115ea4c008ef44a4f42dac65ed0547d6a9473fe916519"
    "a0c2d16d1dc2eb162d73a0b29423c5955ce9e4bebc3d557ee7868240005e6ef9fa2d8168fd7aa06006b28d5d"
    "a54d661d3a2414adfd8a7b58e07468edd9ccea589fb8ebb0db1b90b96ba6fd0850296e6750610daf650a65e6"
    "17e08253c0276d38bf435c5bb350730d45a76da2ad64fa3ba2ec8dd6c45422cab50e66865facf62ff5914107"
    "029832b6f6436f6ecf2bd324550adc58e88a1efad432ad23815d7b9eaafef5b530b195041cfb1ad91b962ced"
    "3d9701515e0eb92b9fcb01b7c7eac510743d2906a01562c83575befd9fb33d8f9fffa865e76705ae3ff60000"
    "000049454e44ae426082"
)

DAY = dt.timedelta(days=1)


def certify(scheduled_class: ScheduledClass) -> None:
    """Two days after the class; the day after, one mistake each is put right."""
    settle(scheduled_class.course)
    now = scheduled_class.meetings[-1].ends_at + 2 * DAY
    people = scheduled_class.registrations.order_by("pk").values_list("pk", flat=True)
    certificates.order(
        scheduled_class=scheduled_class, key=uuid.uuid4(), people=people, actor=SITE, now=now
    )
    while certificates.issue_ordered(now):
        pass
    certificates.replace(
        certificate=of(scheduled_class, "Odalys Peña"),
        corrected={"full_name": "Odalys Peña Cruz"},
        actor=SITE,
        now=now + DAY,
    )
    certificates.revoke(
        certificate=of(scheduled_class, "Peter Lindqvist"),
        why="Issued to the wrong person.",
        actor=SITE,
        now=now + DAY,
    )


def of(scheduled_class: ScheduledClass, name: str) -> Certificate:
    issued = Certificate.objects.filter(registration__scheduled_class=scheduled_class)
    return issued.select_related("registration__scheduled_class").get(full_name=name)


def settle(course: Course) -> None:
    """What staff write down once, where nothing is written yet."""
    Provider.objects.get_or_create(
        pk=1,
        defaults={
            "name": "Sample Work Group",
            "contact": "100 Example Street, Denver, Colorado\ntraining@example.org",
            "signed_by": "Robin Vale, CPFS",
            "signed_as": "Sample lead of the training",
            "signature": SIGNATURE,
        },
    )
    if not course.certificate_title:
        course.certificate_title = course.title
        course.save()
    if not course.domains.exists():
        for position, (name, hours) in enumerate(DOMAINS, start=1):
            CourseDomain.objects.create(course=course, position=position, name=name, hours=hours)


DOMAINS = [
    ("Advocacy", 3),
    ("Recovery and wellness support", 5),
    ("Mentoring and education", 4),
    ("Ethical responsibility", 0),
]
