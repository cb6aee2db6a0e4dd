"""The reports app."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """Readers' reports of errors, on their way to the editors of the place."""

    name = "reports"
    verbose_name = "网友纠错"

    def ready(self) -> None:
        """Tell the desk of which place a report is, and what waits: it knows of neither by itself."""
        from guides import access, waiting  # noqa: PLC0415 - models are there only now

        from .models import Report  # noqa: PLC0415
        from .waiting import questioned_numbers, reports_to_answer  # noqa: PLC0415

        access.PLACES[Report] = access.Place("city", "county")
        waiting.MORE[:] = [reports_to_answer, questioned_numbers]
