"""What the production server (granian) loads."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("SERVING", "1")  # short waits for the database, and reading from replicas

application = get_wsgi_application()

if not settings.DEBUG:  # templates that are being written are wanted anew each time
    from guides.ready import ReadyPages

    application = ReadyPages(application)  # type: ignore[assignment]
