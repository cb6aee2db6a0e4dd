"""The guides app."""

from django.apps import AppConfig, apps
from django.db.models.signals import post_delete, post_save


class GuidesConfig(AppConfig):
    """What and how: matters and each city's guide to them."""

    name = "guides"
    verbose_name = "办事指南"

    def ready(self) -> None:
        """Rows that are written past the editing room (fixtures) make the list count anew; duties leave a trail."""
        from guides.editing.noting import note_duty  # noqa: PLC0415
        from guides.editing.spread import WATCHED, forget_spread  # noqa: PLC0415 - models are loaded by now

        for model in (*map(self.get_model, WATCHED), apps.get_model("offices", "Office")):
            for signal in (post_save, post_delete):
                signal.connect(forget_spread, sender=model, dispatch_uid=f"spread-{model.__name__}")
        for signal in (post_save, post_delete):
            signal.connect(note_duty, sender=self.get_model("Duty"), dispatch_uid="note-duty")
