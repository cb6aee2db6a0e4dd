"""The offices app."""

from django.apps import AppConfig


class OfficesConfig(AppConfig):
    """Where and when: cities, counties, offices, hours and phones."""

    name = "offices"
    verbose_name = "地点与电话"
