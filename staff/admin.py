"""Superusers end lockouts and take lost second factors away."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from . import second_factor
from .forms import SignInForm
from .lockout import unlock
from .models import Lockout, SecondFactor

admin.site.login_form = SignInForm
admin.site.unregister([TOTPDevice, StaticDevice])  # their pages show the keys


class ForSuperusers:
    """Pages on which somebody could give himself more rights: superusers only, whatever permissions he was given."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_superuser)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_superuser)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)


class ToLookAt(ForSuperusers):
    """Rows that come by themselves: nobody types them."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Lockout)
class LockoutAdmin(ToLookAt, admin.ModelAdmin[Any]):
    """Failed sign-ins of the last quarter of an hour."""

    list_display = ("account", "network", "failures", "last", "state")
    list_display_links = None
    search_fields = ("username", "ip_address")
    actions = ("end_lockout",)
    fields = readonly_fields = ("account", "network", "failures", "last", "state")

    class Media:
        css: ClassVar[dict[str, list[str]]] = {"all": ["css/admin.css"]}

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Only what still counts."""
        rows: Any = super().get_queryset(request)
        found: QuerySet[Any] = rows.recent(timezone.now())
        return found

    @admin.display(description="账号", ordering="username")
    def account(self, lockout: Lockout) -> str:
        """As it was typed; there may be no such account."""
        return lockout.username or "（没有填）"

    @admin.display(description="网络地址", ordering="ip_address")
    def network(self, lockout: Lockout) -> str:
        """Where from."""
        return lockout.ip_address or "不明"

    @admin.display(description="错了几次", ordering="failures_since_start")
    def failures(self, lockout: Lockout) -> int:
        """With this browser."""
        count: int = lockout.failures_since_start
        return count

    @admin.display(description="最后一次", ordering="attempt_time")
    def last(self, lockout: Lockout) -> datetime:
        """When."""
        moment: datetime = lockout.attempt_time
        return moment

    @admin.display(description="状态")
    def state(self, lockout: Lockout) -> str:
        """Whether it is locked, and until when."""
        if lockout.failures_since_start < settings.AXES_FAILURE_LIMIT:
            return "还能再试"
        until = timezone.localtime(lockout.attempt_time + settings.AXES_COOLOFF_TIME)
        return f"锁定到 {until:%H:%M}"

    @admin.action(description="解除锁定")
    def end_lockout(self, request: HttpRequest, rows: QuerySet[Any]) -> None:
        """Each account may try again at once; who did it is in the log."""
        freed = list({(row.username, row.ip_address): row for row in rows}.values())
        person: Any = request.user
        for lockout in freed:
            self.log_change(request, lockout, "解除登录锁定")
            unlock(lockout, by=person, request=request)
        self.message_user(request, f"已解除 {len(freed)} 个锁定，可以马上再登录。", messages.SUCCESS)


@admin.register(SecondFactor)
class SecondFactorAdmin(ToLookAt, admin.ModelAdmin[Any]):
    """Who has an app; deleting it is how a lost phone is dealt with. The key is nowhere shown."""

    list_display = ("person", "since", "last_used", "codes")
    list_display_links = None
    list_select_related = ("user",)
    search_fields = ("user__username", "user__first_name")
    fields = readonly_fields = ("person", "since", "last_used", "codes")

    class Media:
        css: ClassVar[dict[str, list[str]]] = {"all": ["css/admin.css"]}

    @admin.display(description="用户", ordering="user__username")
    def person(self, device: SecondFactor) -> str:
        """Account and name."""
        return f"{device.user} {device.user.first_name}".strip()

    @admin.display(description="启用时间", ordering="created_at")
    def since(self, device: SecondFactor) -> datetime | None:
        """When it was set up."""
        moment: datetime | None = device.created_at
        return moment

    @admin.display(description="最后使用", ordering="last_used_at")
    def last_used(self, device: SecondFactor) -> datetime | None:
        """When its code was last right."""
        moment: datetime | None = device.last_used_at
        return moment

    @admin.display(description="还剩的备用码")
    def codes(self, device: SecondFactor) -> str:
        """How many are left."""
        return f"{second_factor.codes_left(device.user)} 个"

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """With the codes on paper and the open sessions; Django has written the log."""
        person: Any = request.user
        second_factor.reset(obj.user, by=person, request=request)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """The same for each."""
        for device in queryset:
            self.delete_model(request, device)
