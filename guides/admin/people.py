"""The staff: accounts with their roles and the places they answer for, for superusers alone."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.forms import UserCreationForm
from django.contrib.auth.models import Group, User
from django.db.models import QuerySet
from django.http import HttpRequest

from guides.models import Duty
from staff.admin import ForSuperusers

from .edited import EntryAdmin
from .guarded import Guarded, GuardedInline

admin.site.unregister([User, Group])

ABOUT_ROLES = (
    "市级管理员：改本市的一切，审核修改建议。县区编辑：改本县的办理点和电话，其他改动送审。"
    "窗口人员：只看和打印。审计：只看，含修改记录。在哪里，由下面的“管辖范围”决定；没有管辖范围就什么也看不到。"
)


class DutyInline(GuardedInline, admin.TabularInline[Duty, User]):
    """管辖范围."""

    model = Duty
    extra = 1
    verbose_name = "管辖范围"
    verbose_name_plural = "管辖范围（管全市就只选城市；管一个县还要选县）"


@admin.register(User)
class StaffAdmin(ForSuperusers, Guarded[Any], UserAdmin[User]):
    """One member of staff: his account, roles and places on one page."""

    list_display = ("username", "first_name", "roles", "places", "is_active", "is_superuser")
    list_filter = ("groups", "duties__city", "is_active")
    filter_horizontal = ()
    add_form = UserCreationForm
    add_form_template = None  # Django's begins with an English sentence
    inlines = (DutyInline,)
    fieldsets = (
        (None, {"fields": ("username", "password", "first_name")}),
        (
            "能做什么",
            {"fields": ("is_active", "is_staff", "groups", "is_superuser"), "description": ABOUT_ROLES},
        ),
    )
    add_fieldsets = (
        (None, {"fields": ("username", "first_name", "password1", "password2")}),
        ("能做什么", {"fields": ("is_staff", "groups"), "description": ABOUT_ROLES}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """With roles and places, which the list shows."""
        return (
            super().get_queryset(request).prefetch_related("groups", "duties__city", "duties__county__city")
        )

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Whoever is added here works in the admin."""
        return {"is_staff": True, **super().get_changeform_initial_data(request)}

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Names as they are written here: the whole name in one field; roles to tick."""
        field: Any = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "first_name":
            field.label, field.help_text = "姓名", "记在修改记录里。"
        elif db_field.name == "is_staff":
            field.label, field.help_text = "能登录后台", ""
        elif db_field.name == "groups":
            field.label, field.help_text = "角色", ""
            field.widget = forms.CheckboxSelectMultiple(choices=field.choices)
        return field

    @admin.display(description="角色")
    def roles(self, user: User) -> str:
        """Every role."""
        return "、".join(group.name for group in user.groups.all())

    @admin.display(description="管辖范围")
    def places(self, user: User) -> str:
        """Every place he answers for."""
        duties = cast("Any", user).duties  # django-stubs sees this relation in some runs and not in others
        return "、".join(map(str, duties.all()))


@admin.register(Group)
class RoleAdmin(ForSuperusers, Guarded[Any], GroupAdmin):  # type: ignore[misc] # both ask for any keyword
    """Roles as Django's groups; the four of the site come with a migration."""


@admin.register(Duty)
class DutyAdmin(ForSuperusers, EntryAdmin[Duty]):
    """All duties in one list; usually edited on the account's page."""

    list_display = ("user", "city", "county")
    list_filter = ("city", "county")
    list_select_related = ("user", "city", "county__city")
    search_fields = ("user__username", "user__first_name")
    autocomplete_fields = ("user",)
