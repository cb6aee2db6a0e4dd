"""The least that Django can do, for comparison: one view without middleware that gives back the bytes of a file."""

from __future__ import annotations

import os
from pathlib import Path

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import re_path

settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["127.0.0.1"], MIDDLEWARE=[], USE_TZ=True)
BODY = Path(os.environ["BARE_BODY"]).read_bytes()


def view(request: HttpRequest) -> HttpResponse:
    """The same bytes for every address."""
    return HttpResponse(BODY, headers={"Content-Encoding": "gzip"})


urlpatterns = [re_path("", view)]
application = get_wsgi_application()
