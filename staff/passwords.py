"""Rules for passwords beside Django's own; config/settings.py puts a profile together from them.

Django asks each rule three things: ``validate``, ``get_help_text``, and (once a password is saved) ``password_changed``.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import MinimumLengthValidator
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.module_loading import import_string

from .models import PasswordRecord
from .signals import password_changed

USUAL = (
    *("yibao", "ylbz", "yiliao", "baozhang", "ybj", "shebao", "medicare", "insurance", "guide", "zhinan"),
    *("医保", "医疗", "保障", "社保", "指南", "管理员", "密码"),
    *("admin", "root", "password", "passwd", "mima", "guanliyuan", "welcome", "login", "user", "test", "abc"),
    *("qwerty", "asdf", "zxcv", "qaz", "wsx", "1qaz", "2wsx", "iloveyou", "woaini"),
    *(
        "123456789",
        "12345678",
        "1234567",
        "123456",
        "12345",
        "1234",
        "123",
        "321",
        "000",
        "111",
        "666",
        "888",
    ),
)
"""Words that stand in the passwords which are tried first at an office like ours."""
LOOKALIKES = str.maketrans("013457@$!", "oieastasi")
LATIN_WORD = 4
"""Letters that a place's name in Latin letters has at least: shorter ones stand in words by chance."""


class LongEnough(MinimumLengthValidator):
    """Django's rule; its sentence has no Chinese translation yet."""

    def get_error_message(self) -> str:
        return f"密码太短，至少要 {self.min_length} 个字符。"

    def get_help_text(self) -> str:
        return f"至少 {self.min_length} 个字符。"


class NoLocalWords:
    """Common words and the names of our places count for nothing: enough must be left without them."""

    def __init__(self, words_of_the_site: str, left: int = 8) -> None:
        self.words_of_the_site: Callable[[], Iterable[str]] = import_string(words_of_the_site)
        self.left = left

    def validate(self, password: str, user: User | None = None) -> None:
        """Raises ``ValidationError``."""
        words = {*USUAL, *map(plain, self.words_of_the_site())}
        if user:
            words |= {plain(user.get_username()), plain(user.first_name)}
        if left_without(password, words) < self.left:
            raise ValidationError(
                "这个密码主要由容易猜到的词组成（医保、城市和县区的名称或拼音、账号名、admin、123456 之类）。"
                f"去掉这些以后，至少还要有 {self.left} 个字符。",
                code="password_local_words",
            )

    def get_help_text(self) -> str:
        return f"医保、城市和县区的名称或拼音、账号名、123456 之类容易猜到的词不算数：去掉以后至少还要有 {self.left} 个字符。"


def plain(word: str) -> str:
    """As words are compared: one width, small letters."""
    return unicodedata.normalize("NFKC", word).casefold()


def left_without(password: str, words: Iterable[str]) -> int:
    """How many characters belong to none of the words, also when letters are written as digits (``su1n1ng``)."""
    typed = plain(password)
    covered = [False] * len(typed)
    for text in (typed, typed.translate(LOOKALIKES)):
        for word in words:
            if len(word) < (LATIN_WORD if word.isascii() and word.isalpha() and word not in USUAL else 2):
                continue
            start = text.find(word)
            while start >= 0:
                covered[start : start + len(word)] = [True] * len(word)
                start = text.find(word, start + 1)
    return covered.count(False)


class SeveralClasses:
    """Capital letters, small letters, digits, others: characters of at least three of the four."""

    def __init__(self, least: int = 3) -> None:
        self.least = least

    def validate(self, password: str, user: User | None = None) -> None:
        """Raises ``ValidationError``."""
        if len({class_of(character) for character in password}) < self.least:
            raise ValidationError(
                f"密码里要有大写字母、小写字母、数字、其他符号这四类中的至少 {self.least} 类。",
                code="password_classes",
            )

    def get_help_text(self) -> str:
        return f"大写字母、小写字母、数字、其他符号，四类里至少要有 {self.least} 类。"


def class_of(character: str) -> str:
    """Which of the four classes a character belongs to; a Chinese character is a symbol."""
    if character.isdecimal():
        return "digit"
    if character.isupper():
        return "capital"
    return "small" if character.islower() else "symbol"


class Remembered:
    """The last passwords of an account may not come again; every new one is noted, with its day."""

    def __init__(self, history: int = 0) -> None:
        self.history = history

    def validate(self, password: str, user: User | None = None) -> None:
        """Raises ``ValidationError``."""
        if not self.history or user is None or user.pk is None:
            return
        used = PasswordRecord.objects.of(user)[: self.history]
        stands = User.objects.filter(pk=user.pk).values_list("password", flat=True).first() or ""
        if check_password(password, stands) or any(record.is_of(password) for record in used):
            raise ValidationError(
                f"这个密码最近用过。请换一个和前 {self.history} 次都不同的。", code="password_used"
            )

    def get_help_text(self) -> str:
        return f"不能和最近 {self.history} 次用过的密码相同。" if self.history else ""

    def password_changed(self, password: str, user: User) -> None:
        """Note the new one, forget those beyond the history; one is always kept, for its day."""
        PasswordRecord.objects.create(user=user, encoded=user.password)
        kept = PasswordRecord.objects.of(user)[: max(self.history, 1)].values_list("pk", flat=True)
        PasswordRecord.objects.of(user).exclude(pk__in=list(kept)).delete()
        password_changed.send(User, user=user)


def note_first(user: User) -> None:
    """Note the password of an account that has none noted: of one from before, or made by a command, which asks no rule."""
    if user.has_usable_password() and not PasswordRecord.objects.of(user).exists():
        PasswordRecord.objects.create(user=user, encoded=user.password, set_at=user.date_joined)


def is_expired(user: Any, now: datetime | None = None) -> bool:
    """Whether the password is older than the profile allows; one that was never noted counts from the account's making."""
    if settings.PASSWORD_DAYS is None or not user.has_usable_password():
        return False
    newest = PasswordRecord.objects.of(user).first()
    since: datetime = newest.set_at if newest else user.date_joined
    return (now or timezone.now()) - since >= timedelta(days=settings.PASSWORD_DAYS)
