"""What went wrong, in a sentence that says what to do next."""

from __future__ import annotations

import errno
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg


class BackupError(Exception):
    """Nothing was made or changed; the sentence says why."""


FULL = "磁盘满了：请清出地方（df -h 看一看），再做一次。"


@contextmanager
def in_words(doing: str) -> Iterator[None]:
    """Whatever the disk or the database refuses inside becomes a :class:`BackupError` that names it."""
    try:
        yield
    except OSError as error:
        raise BackupError(f"{doing}没有成功：{_of_disk(error)}") from error
    except sqlite3.Error as error:
        full = "full" in str(error)
        raise BackupError(f"{doing}没有成功：{FULL if full else f'SQLite 说“{error}”。'}") from error
    except psycopg.Error as error:
        said = str(error).strip().splitlines() or [type(error).__name__]
        raise BackupError(f"{doing}没有成功：PostgreSQL 说“{said[0]}”。") from error


def _of_disk(error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return FULL
    name = f"{error.filename}：" if error.filename else ""
    return f"{name}{error.strerror or error}。请检查磁盘和文件夹的权限。"


def program_failed(program: str, done: subprocess.CompletedProcess[bytes]) -> BackupError:
    """What one of PostgreSQL's programs said last."""
    said = [line for line in done.stderr.decode("utf-8", "replace").splitlines() if line.strip()]
    text = "；".join(said[:3]) or f"退出码 {done.returncode}"
    if "No space left" in text:
        return BackupError(f"{program} 没有成功：{FULL}")
    return BackupError(f"{program} 没有成功：{text}。")
