"""The keeping app."""

from django.apps import AppConfig


class KeepingConfig(AppConfig):
    """The audit trail and the backups."""

    name = "keeping"
    verbose_name = "审计与备份"

    def ready(self) -> None:
        """Who signs in, and whose rights change, is written down from the start."""
        from . import accounts  # noqa: PLC0415 - models are loaded by now

        accounts.connect()
