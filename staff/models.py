"""What the door remembers: passwords that were used; and others' rows under our names."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.db import models
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice


class PasswordRecordQuerySet(models.QuerySet["PasswordRecord"]):
    """Passwords, in the customer's words."""

    def of(self, user: Any) -> PasswordRecordQuerySet:
        """Those of one account, the newest first."""
        return self.filter(user=user).order_by("-set_at", "-pk")


class PasswordRecord(models.Model):
    """A password of an account, as its hash, and when it was set."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="password_records",
        verbose_name="用户",
    )
    encoded = models.CharField("密码的散列值", max_length=128)
    set_at = models.DateTimeField("设定时间", default=timezone.now)

    objects = PasswordRecordQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "用过的密码"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["user", "-set_at"], name="password_age")
        ]

    def __str__(self) -> str:
        return f"{self.user}，{timezone.localtime(self.set_at):%Y-%m-%d}"

    def is_of(self, password: str) -> bool:
        """Whether this was the password."""
        return check_password(password, self.encoded)


class LockoutQuerySet(models.QuerySet["Lockout"]):
    """Failed sign-ins, in the customer's words."""

    def together_with(self, lockout: Lockout) -> LockoutQuerySet:
        """Those of the same account from the same network, with whatever browser."""
        return self.filter(username=lockout.username, ip_address=lockout.ip_address)

    def recent(self, now: datetime) -> LockoutQuerySet:
        """Those that still count."""
        return self.filter(attempt_time__gte=now - settings.AXES_COOLOFF_TIME)


class Lockout(AccessAttempt):
    """Sign-ins that failed, by account, network and browser, as axes counts them."""

    objects = LockoutQuerySet.as_manager()

    class Meta:
        proxy = True
        verbose_name = verbose_name_plural = "登录失败与锁定"

    def __str__(self) -> str:
        return f"账号“{self.username}”（{self.ip_address or '地址不明'}）"


class SecondFactor(TOTPDevice):
    """An authenticator app that somebody has enrolled."""

    class Meta:
        proxy = True
        verbose_name = verbose_name_plural = "第二验证"

    def __str__(self) -> str:
        return f"{self.user}的第二验证"
