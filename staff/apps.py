"""The staff app."""

from django.apps import AppConfig


class StaffConfig(AppConfig):
    """Who may come in: passwords, second factors, lockouts and sessions."""

    name = "staff"
    verbose_name = "登录与安全"

    def ready(self) -> None:
        """The clocks of a session start at signing in; the trail hears of what happens at the door."""
        from django.contrib.auth.signals import user_logged_in  # noqa: PLC0415 - apps are loaded by now

        from .sessions import begin  # noqa: PLC0415
        from .trail import connect  # noqa: PLC0415

        user_logged_in.connect(begin, dispatch_uid="staff-session-begins")
        connect()
