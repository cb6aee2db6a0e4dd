"""Encrypting an archive for age (age-encryption.org) and back, as streams: any size, little memory."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pyrage

from .saying import FULL, BackupError

MAGIC = b"age-encryption.org/v1"
Recipient = Any
Identity = Any


def recipients(texts: Iterable[str]) -> list[Recipient]:
    """Public keys (``age1…``). Raises :class:`BackupError` for what is none."""
    found = []
    for text in texts:
        try:
            found.append(pyrage.x25519.Recipient.from_str(text))
        except pyrage.RecipientError as error:
            raise BackupError(
                f"“{text[:12]}…”不是 age 的公钥（age1 开头的一行）。用 age-keygen 或 manage.py backup --new-key 生成。"
            ) from error
    return found


def identities(texts: Iterable[str]) -> list[Identity]:
    """Secret keys (``AGE-SECRET-KEY-…``). Raises :class:`BackupError` for what is none, without repeating it."""
    found = []
    for text in texts:
        try:
            found.append(pyrage.x25519.Identity.from_str(text))
        except pyrage.IdentityError as error:
            raise BackupError("密钥文件里有一行不是 age 的私钥（AGE-SECRET-KEY- 开头）。") from error
    return found


def keys_in(file: Path) -> list[str]:
    """The lines of a file of keys, comments left out. Raises :class:`BackupError` when there is none."""
    try:
        lines = file.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BackupError(f"读不了密钥文件 {file}。请核对路径和权限。") from error
    keys = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    if not keys:
        raise BackupError(f"密钥文件 {file} 里没有密钥。")
    return keys


def new_identity() -> Identity:
    """A key pair of its own."""
    return pyrage.x25519.Identity.generate()


def encrypt(plain: Path, locked: Path, to: Sequence[Recipient]) -> None:
    """Raises ``OSError``, and :class:`BackupError` when age itself fails."""
    with plain.open("rb") as source, locked.open("wb") as target:
        try:
            pyrage.encrypt_io(source, target, list(to))
        except pyrage.EncryptError as error:
            raise BackupError(f"加密没有成功：{FULL if 'No space left' in str(error) else error}") from error


def is_locked(file: Path) -> bool:
    """Whether age made it. Raises ``OSError``."""
    with file.open("rb") as opened:
        return opened.read(len(MAGIC)) == MAGIC


def decrypt(locked: Path, plain: Path, keys: Sequence[Identity]) -> None:
    """Raises :class:`BackupError` that tells a wrong key from a damaged file."""
    with locked.open("rb") as source, plain.open("wb") as target:
        try:
            pyrage.decrypt_io(source, target, list(keys))
        except pyrage.DecryptError as error:
            if "No matching keys" in str(error):
                raise BackupError(
                    f"密钥打不开 {locked.name}：它是给别的公钥加密的，或开头损坏。请换一个密钥文件。"
                ) from error
            raise BackupError(f"{locked.name} 的开头损坏，打不开。请换一份备份。") from error
        except OSError as error:
            if error.errno is not None:
                raise
            raise BackupError(f"{locked.name} 损坏或不完整（解密到一半校验不过）。请换一份备份。") from error
