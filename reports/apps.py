"""The reports app."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """Readers' reports of errors, on their way to the editors of the place."""

    name = "reports"
    verbose_name = "网友纠错"
