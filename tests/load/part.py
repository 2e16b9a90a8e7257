"""One part of the measuring, in a process of its own: `python -m tests.load.part NAME FILE`."""

import json
import sys
from importlib import import_module
from pathlib import Path


def main() -> None:
    import django

    django.setup()
    name, file = sys.argv[1], Path(sys.argv[2])
    figures = import_module(f"tests.load.parts.{name}").measure()
    file.write_text(json.dumps([figure.stored() for figure in figures]))


if __name__ == "__main__":
    main()
