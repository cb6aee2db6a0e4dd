"""Every page of the admin asks ``guides.access``: what is another's is not there (404), in lists, forms and choices alike."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

from django.contrib import admin
from django.contrib.admin.utils import get_fields_from_path
from django.contrib.contenttypes.models import ContentType
from django.contrib.contenttypes.views import shortcut
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from guides import access
from offices.models import County

M = TypeVar("M", bound=Model)


def person(request: HttpRequest) -> access.Person:
    """Who asks."""
    return request.user


class VisibleListFilter(admin.RelatedFieldListFilter):
    """A filter by related rows that offers only those the person may see."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> Any:
        """The related rows, as Django lists them."""
        visible = access.visible_to(field.remote_field.model._default_manager.all(), person(request))
        ordering = self.field_admin_ordering(field, request, model_admin)
        return field.get_choices(
            include_blank=False, ordering=ordering, limit_choices_to={"pk__in": visible.values("pk")}
        )


class GuardedChoices:
    """Foreign keys whose choices are the person's own, in a page and in its inline rows."""

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """A county editor has to name one of his counties: without one it would be the whole city's."""
        rows = kwargs.get("queryset")
        if rows is None:
            rows = self.get_field_queryset(None, db_field, request)  # type: ignore[attr-defined]
        if rows is None:
            rows = db_field.remote_field.model._default_manager.all()
        kwargs["queryset"] = access.choosable_by(rows, person(request))
        if db_field.remote_field.model is County and not _answers_for_a_city(request):
            kwargs |= {"required": True, "empty_label": None}
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """The same for links to many."""
        rows = kwargs.get("queryset", db_field.remote_field.model._default_manager.all())
        kwargs["queryset"] = access.choosable_by(rows, person(request))
        return super().formfield_for_manytomany(db_field, request, **kwargs)  # type: ignore[misc]


def _answers_for_a_city(request: HttpRequest) -> bool:
    return person(request).is_superuser or access.has_role(person(request), access.CITY_ADMIN)


class Guarded(GuardedChoices, admin.ModelAdmin[M]):
    """Rows, choices and filters limited to what the person may see; changing and deleting to what is his to change."""

    class Media:
        css: ClassVar[dict[str, list[str]]] = {"all": ["css/admin.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[M]:
        """The rows he may see: lists, searches, autocomplete, pages and actions all begin here."""
        return access.visible_to(super().get_queryset(request), person(request))

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, opts: Any, object_id: str) -> Any:
        """Django would lead to the start page and say that there is no such row; 404 says so better."""
        raise Http404(f"没有这一条{opts.verbose_name}")

    def may_edit(self, request: HttpRequest, row: Model) -> bool:
        """Whether he may change this very row himself, at once and as a whole; asked once for each request."""
        if not admin.ModelAdmin.has_change_permission(self, request):
            return False
        return self.asked(request, row, access.may_edit)

    @staticmethod
    def asked(request: HttpRequest, row: Any, question: Callable[[access.Person, Any], bool]) -> bool:
        """The answer to a question about a row: Django asks the same many times for one page."""
        answers: dict[Any, bool] = vars(request).setdefault("answers", {})
        key = (question, type(row), row.pk)
        if key not in answers:
            answers[key] = question(person(request), row)
        return answers[key]

    def has_view_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        """His role's right, and for a row that it is of his city."""
        return super().has_view_permission(request, obj) and (
            obj is None or self.asked(request, obj, access.may_see)
        )

    def has_change_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        """His role's right, and for a row that it is his."""
        return super().has_change_permission(request, obj) and (obj is None or self.may_edit(request, obj))

    def has_delete_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        """His role's right, and for a row that it is his."""
        return super().has_delete_permission(request, obj) and (
            obj is None or self.asked(request, obj, access.may_edit)
        )

    def get_list_filter(self, request: HttpRequest) -> Any:
        """Filters by related rows offer the visible ones."""
        return [self._guarded(each) for each in super().get_list_filter(request)]

    def _guarded(self, each: Any) -> Any:
        if not isinstance(each, str):
            return each
        field = get_fields_from_path(self.model, each)[-1]
        return (each, VisibleListFilter) if field.is_relation else each


class OnlyRead(Guarded[M]):
    """Rows that nobody adds, changes or deletes here: they come from what people do elsewhere."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False


class GuardedInline(GuardedChoices, admin.options.InlineModelAdmin[Any, Any]):
    """Inline rows are changed by whoever may change the page they stand on."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The role's right, on a page he may change or make."""
        return super().has_add_permission(request, obj) and self._is_his(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The role's right, on a page he may change or make."""
        return super().has_change_permission(request, obj) and self._is_his(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The role's right, on a page he may change or make."""
        return super().has_delete_permission(request, obj) and self._is_his(request, obj)

    def _is_his(self, request: HttpRequest, obj: Any) -> bool:
        page = self.admin_site.get_model_admin(self.parent_model)
        return page.has_change_permission(request, obj) if obj else page.has_add_permission(request)


@require_GET
@never_cache
def on_site(request: HttpRequest, content_type_id: int, object_id: str) -> HttpResponseBase:
    """The public page of a row, for who may see it; Django's own view would tell the address of any row."""
    kind = ContentType.objects.filter(pk=content_type_id).first()
    model = kind.model_class() if kind else None
    page = admin.site.get_model_admin(model) if model and admin.site.is_registered(model) else None
    row = page.get_object(request, object_id) if page else None
    if page is None or row is None or not page.has_view_or_change_permission(request, row):
        raise Http404("没有这一页")
    return shortcut(request, content_type_id, object_id)
