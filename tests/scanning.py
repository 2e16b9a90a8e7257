"""A scanner against the site as `make run` starts it: `make scan`.

It meets the site as any stranger does, its limits with it, and gets one person's link, so that the
pages behind it are tried as well. What it may find is written down here with the reason; anything
else above "informational" ends the run with an error. The whole report lies in `var/scan.json`.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from tests.pictures.site import site

REPORT = Path("var/scan.json")
BY_HTTP = "The site here is reached by http. By https cookies are secure, and http leads there."

#: Kind, addresses, and why it is none.
EXPECTED = [
    (
        "Cross Site Request Forgery",
        r"/(es/)?(display|interest)/",
        "A forged post harms nobody, and a token would set a cookie on pages that set none.",
    ),
    (
        "Cross Site Request Forgery",
        r"/(es/)?registrations/[^/]+\.[^/]+/.*",
        "The key in the address is what a forger lacks. No cookie lends anybody more.",
    ),
    ("Unencrypted Channels", r"/", BY_HTTP),
    ("Secure Flag cookie", r"/", BY_HTTP),
]

A_LINK = (
    "from registrations.links import token_for; from registrations.models import Registration; "
    "print(token_for(Registration.objects.filter(status='confirmed').first()))"
)


def main(scanner: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        own = {"DOTENV": f"{folder}/env", "DATABASE_URL": f"sqlite:///{folder}/scan.sqlite3"}
        with site(**own) as address:
            scan(scanner, address, link(own), folder)
    findings = read(json.loads(REPORT.read_text()))
    for line, count in Counter(findings).items():
        print(f"{count} x {line}")
    wrong = [line for line in findings if line.startswith("FOUND")]
    print(f"{len(wrong)} findings that nobody has explained. The report: {REPORT}")
    sys.exit(bool(wrong))


def link(own: dict[str, str]) -> str:
    command = [sys.executable, "manage.py", "shell", "--verbosity=0", "--command", A_LINK]
    said = subprocess.run(command, env=os.environ | own, check=True, capture_output=True, text=True)
    return said.stdout.split()[-1]


def scan(scanner: str, address: str, token: str, folder: str) -> None:
    """All modules. What wants a server of its own to be called back by gets the site itself."""
    starts = ["interest/", "certificates/", "es/", "admin/login/", f"registrations/{token}/"]
    command = [scanner, "--url", f"{address}/", "--module", "all", "--endpoint", f"{address}/"]
    for start in [*starts, "registrations/link/"]:
        command += ["--start", f"{address}/{start}"]
    command += ["--exclude", f"{address}/static/*", "--max-attack-time", "120", "--no-bugreport"]
    command += ["--store-session", folder, "--format", "json", "--output", str(REPORT)]
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.unlink(missing_ok=True)
    subprocess.run([*command, "--verbose", "0"], check=True)


def read(report: dict[str, Any]) -> list[str]:
    pages = report["infos"]["crawled_pages_nbr"]
    print(f"{report['infos']['version']}: {pages} pages and forms were tried")
    return [
        said(kind, one["method"], one["path"], one["info"])
        for part in ("vulnerabilities", "anomalies")
        for kind, found in report[part].items()
        for one in found
        if one["level"] > 0
    ]


def said(kind: str, method: str, path: str, info: str) -> str:
    for expected, where, why in EXPECTED:
        if kind == expected and re.fullmatch(where, path):
            return f"expected: {kind}. {why}"
    return f"FOUND: {kind}: {method} {path}: {info}"


if __name__ == "__main__":
    main(sys.argv[1])
