"""The guides app."""

from django.apps import AppConfig
from django.db.models.signals import post_delete, post_save


class GuidesConfig(AppConfig):
    """What and how: matters and each city's guide to them."""

    name = "guides"
    verbose_name = "办事指南"

    def ready(self) -> None:
        """Channels and limits that are written one by one (fixtures) keep their guide's derived fields right."""
        from guides.editing.listed import keep_listed  # noqa: PLC0415 - models are loaded by now

        for model in ("Channel", "TimeLimit"):
            for signal in (post_save, post_delete):
                signal.connect(keep_listed, sender=self.get_model(model), dispatch_uid=f"listed-{model}")
