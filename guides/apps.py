"""The guides app."""

from django.apps import AppConfig


class GuidesConfig(AppConfig):
    """What and how: matters and each city's guide to them."""

    name = "guides"
    verbose_name = "办事指南"
