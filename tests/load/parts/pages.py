"""Public pages, against a bare view that returns the same bytes."""

import sys

from tests.load import processes
from tests.load.classes import open_class
from tests.load.figures import Figure, share_of_ceiling
from tests.load.visitors import Answer, Crowd, Visitor, request, requests_a_second

ROUNDS = processes.times(5)
SECONDS = 2.0
HEADERS = {"Accept-Encoding": "gzip, br"}


def measure() -> list[Figure]:
    one_class = open_class().get_absolute_url()
    return [
        measure_page("`/`", "/", must=0.7),
        measure_page("A class page", one_class, must=0.5),
    ]


def measure_page(name: str, path: str, *, must: float) -> Figure:
    asked = request("GET", path, HEADERS)
    bare_file = processes.run_dir() / "bare"
    with processes.site() as (site, _):
        page = read(site, asked)
        bare_file.write_bytes(page.body)
        bare = processes.site(DJANGO_SETTINGS_MODULE="tests.load.bare", BARE_PAGE=bare_file)
        rates: list[float] = []
        ceilings: list[float] = []
        with bare as (other, _):
            for _ in range(ROUNDS):
                rates.append(requests_a_second(site, asked, seconds=SECONDS))
                ceilings.append(
                    requests_a_second(other, request("GET", "/", HEADERS), seconds=SECONDS)
                )
                print(f"{path} {rates[-1]:.0f} of {ceilings[-1]:.0f} a second", file=sys.stderr)
    note = f"{len(page.body):,} bytes, 8 connections that stay open"
    return share_of_ceiling(name, rates, ceilings, unit="a second", must=must, note=note)


def read(port: int, asked: bytes) -> Answer:
    """The page once, which is then kept."""
    crowd = Crowd(port)

    def once() -> Visitor:
        yield asked

    for _ in range(4):
        crowd.all_at_once([once()], together=1)
    return crowd.answers[-1]
