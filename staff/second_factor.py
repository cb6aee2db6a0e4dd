"""The second factor: an authenticator app (TOTP), and ten codes on paper for the day the phone is lost.

The key of an app that is being set up waits in the session; there is no half-made device.
"""

from __future__ import annotations

import io
import unicodedata
from base64 import b32encode
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import segno
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django_otp import login, verify_token
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_otp.util import random_hex

from . import sessions
from .signals import second_factor_enrolled, second_factor_reset

PENDING = "second_factor_key"
APP, PAPER = "手机验证器", "备用码"
CODES = 10
PAPER_LENGTH = 8
"""Characters of a code on paper; those of the app have six digits."""


@dataclass(frozen=True)
class Verdict:
    """Whether a code was right; if it was not looked at, because too many were wrong, when the next one will be."""

    is_right: bool
    wait_until: datetime | None = None


def is_verified(user: Any) -> bool:
    """Whether the second factor was shown in this session; ``OTPMiddleware`` looks."""
    return getattr(user, "otp_device", None) is not None


def has_app(user: Any) -> bool:
    """Whether an app is enrolled."""
    found: bool = TOTPDevice.objects.filter(user=user, confirmed=True).exists()
    return found


def pending_app(request: HttpRequest) -> TOTPDevice:
    """The app that is being set up; not saved."""
    key = request.session.get(PENDING)
    if key is None:
        key = request.session[PENDING] = random_hex(20)
    return TOTPDevice(user=request.user, name=APP, key=key)


def key_to_type(device: TOTPDevice) -> str:
    """The key for apps that cannot scan, in groups of four."""
    key = b32encode(device.bin_key).decode()
    return " ".join(key[start : start + 4] for start in range(0, len(key), 4))


def picture(device: TOTPDevice) -> bytes:
    """The QR code as SVG."""
    out = io.BytesIO()
    segno.make(device.config_url, error="m").save(out, kind="svg", scale=4, border=4, light="#fff")
    return out.getvalue()


def enrol(request: HttpRequest, typed: str) -> list[str]:
    """Save the app that is being set up if it gives this code, and sign in with it: the codes for paper; [] for a wrong code.

    Nothing happens either when an app was enrolled meanwhile, in another window.
    """
    device = pending_app(request)
    user: Any = request.user
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        if has_app(user):
            return []
        device.save()  # a device cannot verify before it is saved
        if not device.verify_token(cleaned(typed)):
            device.delete()
            return []
        codes = new_codes(user)
    del request.session[PENDING]
    _sign_in(request, device)
    second_factor_enrolled.send(User, user=user, request=request)
    return codes


def verify(request: HttpRequest, typed: str) -> Verdict:
    """Look at a code of the app or one of paper; the right one opens the door for this session, once."""
    code = cleaned(typed)
    of_what = StaticDevice if len(code) == PAPER_LENGTH else TOTPDevice
    device = of_what.objects.filter(user=request.user, confirmed=True).first()
    verdict = looked_at(device, code)
    if verdict.is_right:
        _sign_in(request, device)
    return verdict


def confirm(user: Any, typed: str) -> Verdict:
    """Look at a code of the app once more, before something that outlives the session."""
    return looked_at(TOTPDevice.objects.filter(user=user, confirmed=True).first(), cleaned(typed))


def looked_at(device: Any, code: str) -> Verdict:
    """What a device says to a code; one that is right is used up, one that is wrong makes the next wait longer."""
    if device is None:
        return Verdict(is_right=False)
    is_allowed, why = device.verify_is_allowed()
    if not is_allowed:
        return Verdict(is_right=False, wait_until=why["locked_until"])
    return Verdict(is_right=verify_token(device.user, device.persistent_id, code) is not None)


def new_codes(user: Any) -> list[str]:
    """Ten new codes for paper; those there were are void."""
    with transaction.atomic():
        StaticDevice.objects.filter(user=user).delete()
        device = StaticDevice.objects.create(user=user, name=PAPER)
        codes = [StaticToken.random_token() for _ in range(CODES)]
        StaticToken.objects.bulk_create(StaticToken(device=device, token=code) for code in codes)
    return codes


def codes_left(user: Any) -> int:
    """How many codes for paper have not been used."""
    left: int = StaticToken.objects.filter(device__user=user).count()
    return left


def reset(user: User, *, by: User | None, request: HttpRequest | None) -> None:
    """Take the second factor away: he enrols anew at the next sign-in, and is signed out everywhere until then."""
    with transaction.atomic():
        TOTPDevice.objects.filter(user=user).delete()
        StaticDevice.objects.filter(user=user).delete()
        sessions.end_all_of(user)
    second_factor_reset.send(User, user=user, by=by, request=request)


def cleaned(typed: str) -> str:
    """A code as it is compared: no blanks or hyphens, one width, small letters."""
    return unicodedata.normalize("NFKC", typed).replace(" ", "").replace("-", "").casefold()


def seconds_until(moment: datetime) -> int:
    """How long to wait, in whole seconds, at least one."""
    return max(1, round((moment - timezone.now()).total_seconds()))


def _sign_in(request: HttpRequest, device: Any) -> None:
    """The session is worth more from now on, so it gets a new key."""
    request.session.cycle_key()
    login(request, device)
