"""The keeping app."""

from django.apps import AppConfig


class KeepingConfig(AppConfig):
    """The audit trail and the backups."""

    name = "keeping"
    verbose_name = "审计与备份"
