"""The audit trail."""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn

from django.db import models

from . import vocabulary
from .chain import FIELDS, Link


class AppendOnlyError(Exception):
    """Somebody would change or delete an entry."""

    def __init__(self) -> None:
        super().__init__("审计记录只能追加，不能修改或删除。")


class AuditEntryQuerySet(models.QuerySet["AuditEntry"]):
    """Entries are read, and added by :func:`keeping.trail.record`; the database refuses the rest too (``keeping.guard``)."""

    def update(self, **_values: Any) -> NoReturn:
        """Raises :class:`AppendOnlyError`."""
        raise AppendOnlyError

    def delete(self) -> NoReturn:
        """Raises :class:`AppendOnlyError`."""
        raise AppendOnlyError

    def bulk_update(self, *_args: Any, **_values: Any) -> NoReturn:
        """Raises :class:`AppendOnlyError`."""
        raise AppendOnlyError

    def update_or_create(self, *_args: Any, **_values: Any) -> NoReturn:
        """Raises :class:`AppendOnlyError`."""
        raise AppendOnlyError


class AuditEntry(models.Model):
    """审计记录: who did what, when and from where. Numbered 1, 2, 3… without gaps, each with the hash of the one before."""

    number = models.PositiveBigIntegerField("号码", primary_key=True)
    at = models.DateTimeField("时间", db_index=True)
    actor_id = models.CharField("账号编号", max_length=40, blank=True, db_index=True)
    actor_name = models.CharField("谁", max_length=150)
    action = models.CharField("做了什么", max_length=20, choices=vocabulary.actions, db_index=True)
    object = models.CharField("对象", max_length=200, blank=True)
    place = models.CharField("城市", max_length=50, blank=True, help_text="城市的网址名；空白是全站的事。")
    detail = models.TextField("详情", help_text="JSON。")
    request_id = models.CharField("请求编号", max_length=64, blank=True)
    network = models.CharField("网段", max_length=50, blank=True)
    is_keyed = models.BooleanField("用了密钥")
    previous = models.CharField("上一条的校验值", max_length=64)
    hash = models.CharField("校验值", max_length=64)

    objects = models.Manager.from_queryset(AuditEntryQuerySet)()

    class Meta:
        verbose_name = verbose_name_plural = "审计记录"
        ordering: ClassVar[list[str]] = ["-number"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"第 {self.number} 条：{self.actor_name} {self.get_action_display()} {self.object}".rstrip()

    def save(self, **options: Any) -> None:
        """Only what is new. Raises :class:`AppendOnlyError`."""
        if not self._state.adding:
            raise AppendOnlyError
        super().save(**{**options, "force_insert": True})

    def delete(self, *_args: Any, **_options: Any) -> NoReturn:
        """Raises :class:`AppendOnlyError`."""
        raise AppendOnlyError

    @property
    def link(self) -> Link:
        """The entry as its chain sees it."""
        return Link(**{name: getattr(self, name) for name in FIELDS})
