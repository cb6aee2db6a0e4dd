"""A command of the site with batches of another size: ``python -m tests.safety.small_batches SIZE COMMAND…``."""

from __future__ import annotations

import sys

import django


def main(size: int, *command: str) -> None:
    """Run it as ``manage.py`` would."""
    django.setup()
    from django.core.management import call_command  # noqa: PLC0415 - Django has to be set up

    from guides.editing import many  # noqa: PLC0415

    many.AT_A_TIME = size
    call_command(*command)


if __name__ == "__main__":
    main(int(sys.argv[1]), *sys.argv[2:])
