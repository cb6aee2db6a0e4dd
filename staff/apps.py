"""The staff app."""

from django.apps import AppConfig


class StaffConfig(AppConfig):
    """Who may come in: passwords, second factors, lockouts and sessions."""

    name = "staff"
    verbose_name = "登录与安全"
