"""The keeping app."""

from django.apps import AppConfig
from django.core.signals import request_finished, request_started

from . import request_id


class KeepingConfig(AppConfig):
    """The audit trail and the backups."""

    name = "keeping"
    verbose_name = "审计与备份"

    def ready(self) -> None:
        """Every request has a name, and who signs in and whose rights change is written down from the start."""
        request_started.connect(request_id.begin, dispatch_uid="request_id")
        request_finished.connect(request_id.end, dispatch_uid="request_id")
        from . import accounts  # noqa: PLC0415 - models are loaded by now

        accounts.connect()
