"""Signing in and out, and every change of who may do what, written to the trail whatever page, command or shell it came through.

Django's own signals: rows of accounts and roles are saved in the transaction that the entry is then part of.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import Group, User
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db import models, router
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_save
from django.http import HttpRequest

from .models import AuditEntry
from .trail import fingerprint, record

NOBODY = "未登录的人"
RIGHTS = ("username", "is_active", "is_staff", "is_superuser")
"""What of an account is a matter of rights; the name of the person is not."""
LINKS: Mapping[str, type[models.Model]] = {
    "groups": User.groups.through,
    "user_permissions": User.user_permissions.through,
    "permissions": Group.permissions.through,
}


def connect() -> None:
    """Listen from now on."""
    for signal, listener in (
        (user_logged_in, signed_in),
        (user_logged_out, signed_out),
        (user_login_failed, refused),
    ):
        signal.connect(listener, dispatch_uid=f"keeping-{listener.__name__}")
    pre_save.connect(look_before, sender=User, dispatch_uid="keeping-look")
    post_save.connect(account_saved, sender=User, dispatch_uid="keeping-account")
    post_save.connect(role_saved, sender=Group, dispatch_uid="keeping-role")
    for model in (User, Group):
        post_delete.connect(deleted, sender=model, dispatch_uid=f"keeping-deleted-{model.__name__}")
    for name, through in LINKS.items():
        m2m_changed.connect(linked, sender=through, dispatch_uid=f"keeping-{name}")


def signed_in(request: HttpRequest | None, user: User, **_signal: Any) -> None:
    """登录."""
    record("login", actor=user, object=user.get_username(), request=request)


def signed_out(request: HttpRequest | None, user: User | None, **_signal: Any) -> None:
    """退出; nobody is written down who was not signed in."""
    if user is not None:
        record("logout", actor=user, object=user.get_username(), request=request)


def refused(credentials: Mapping[str, Any], request: HttpRequest | None = None, **_signal: Any) -> None:
    """登录失败: the account, or a mark for a name that no account has."""
    name = account_called(str(credentials.get("username", "")))
    record("login_failed", actor=NOBODY, object=name, request=request)


def account_called(typed: str) -> str:
    """The account that has this name, or a mark for a name that none has: somebody may have typed his password there."""
    known = User.objects.filter(username=typed.replace("\x00", "")).first()
    return known.get_username() if known else f"没有这个账号（{fingerprint(typed)}）"


def look_before(instance: User, update_fields: Any = None, using: str = "", **_signal: Any) -> None:
    """Keep how the account stood, to say afterwards what changed."""
    if update_fields is not None and not {*RIGHTS, "password"} & set(update_fields):
        return
    rows = User.objects.using(using or router.db_for_write(User)).filter(pk=instance.pk)
    vars(instance)["keeping_before"] = rows.values(*RIGHTS, "password").first() if instance.pk else None


def account_saved(instance: User, created: bool, using: str, **_signal: Any) -> None:
    """An account was made, or its rights or its password changed."""
    before = vars(instance).pop("keeping_before", None)
    name = instance.get_username()
    if created:
        rights = {field: getattr(instance, field) for field in RIGHTS}
        record("permission", actor=None, object=f"账号 {name}", detail={"made": rights}, using=_home(using))
    elif before:
        changed = {
            field: [before[field], getattr(instance, field)]
            for field in RIGHTS
            if before[field] != getattr(instance, field)
        }
        if changed:
            record("permission", actor=None, object=f"账号 {name}", detail=changed, using=_home(using))
        if before["password"] != instance.password:
            # Django stores a password anew in a stronger way when its owner signs in; _password then is None.
            how = "changed" if vars(instance).get("_password") is not None else "stored_anew"
            record("password", actor=None, object=f"账号 {name}", detail={"how": how}, using=_home(using))


def role_saved(instance: Group, created: bool, using: str, **_signal: Any) -> None:
    """A role was made, or saved again."""
    how = "made" if created else "saved"
    record("permission", actor=None, object=f"角色 {instance.name}", detail={"how": how}, using=_home(using))


def deleted(instance: User | Group, using: str, **_signal: Any) -> None:
    """An account or a role is gone."""
    record("permission", actor=None, object=_named(instance), detail={"how": "deleted"}, using=_home(using))


def linked(
    sender: Any,
    instance: Any,
    action: str,
    reverse: bool,
    model: Any,
    pk_set: Any,
    using: str,
    **_signal: Any,
) -> None:
    """Roles or permissions were given or taken."""
    what = {"post_add": "added", "post_remove": "removed", "pre_clear": "cleared"}.get(action)
    if what is None or (what != "cleared" and not pk_set):
        return
    names: list[str] = []
    if what != "cleared":
        names = sorted(map(str, model._default_manager.using(using).filter(pk__in=pk_set)))
    kind = next(name for name, through in LINKS.items() if through is sender)
    detail = {what: names, "kind": kind, "of": model._meta.model_name if reverse else kind}
    record("permission", actor=None, object=_named(instance), detail=detail, using=_home(using))


def _named(row: User | Group) -> str:
    return f"账号 {row.get_username()}" if isinstance(row, User) else f"角色 {row.name}"


def _home(using: str) -> str:
    """Accounts and trail live in one database."""
    return using or router.db_for_write(AuditEntry)
