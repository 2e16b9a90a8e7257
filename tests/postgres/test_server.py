import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from django.db import connection

from tests import databases

pytestmark = pytest.mark.skipif(connection.vendor != "postgresql", reason="about PostgreSQL")

START = """
import os, time
from tests import databases
run = databases.RUNS / str(os.getpid())
run.mkdir(parents=True)
databases.start_postgres(run)
print((run / "postgres" / "postmaster.pid").read_text().split()[0], flush=True)
time.sleep(60)
"""


def test_what_a_killed_run_left_behind_is_swept_by_the_next():
    killed = subprocess.Popen(
        [sys.executable, "-c", START],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parent.parent.parent,
    )
    assert killed.stdout is not None
    server = psutil.Process(int(killed.stdout.readline()))
    killed.kill()
    killed.communicate()
    assert server.is_running()
    databases.sweep()
    assert not server.is_running() or server.status() == psutil.STATUS_ZOMBIE
    assert not (databases.RUNS / str(killed.pid)).exists()
