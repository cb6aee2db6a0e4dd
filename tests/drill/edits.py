"""Edits on the primary, one every few seconds: each prints its words and when it was committed.

Run by :mod:`tests.drill` in a process of its own, with the primary as its database.
"""

from __future__ import annotations

import sys
import time

import django

PAUSE = 3.0


def main(times: int) -> None:
    """Change one guide so often, and put it back as it was."""
    django.setup()
    from guides.editing import apply_guide  # noqa: PLC0415 - Django has to be set up
    from guides.models import Guide  # noqa: PLC0415

    before = Guide.objects.with_details().published().in_reading_order()[0].document()
    print("/guides/{city}/{matter}/".format(**before), flush=True)
    for number in range(times):
        words = f"演练第{number}次修改。"
        apply_guide({**before, "audience": words})
        print(f"{time.time()} {words}", flush=True)
        time.sleep(PAUSE)
    apply_guide(before)


if __name__ == "__main__":
    main(int(sys.argv[1]))
