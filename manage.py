#!/usr/bin/env python
"""Django's command line."""

import os
import sys

from django.core.management import execute_from_command_line
from django.db import DatabaseError

from guides.full_disk import SENTENCE, is_full

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        execute_from_command_line(sys.argv)
    except (DatabaseError, OSError) as error:
        if not is_full(error):
            raise
        sys.exit(SENTENCE)
