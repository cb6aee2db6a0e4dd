"""What the production server (granian) loads."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("SERVING", "1")  # short waits for the database, and reading from replicas

application = get_wsgi_application()

if not settings.DEBUG:  # templates that are being written are wanted anew each time
    from guides.patience import Patient
    from guides.ready import ReadyPages

    ready = ReadyPages(application)
    Patient.is_away = ready.is_primary_away
    application = ready  # type: ignore[assignment]
