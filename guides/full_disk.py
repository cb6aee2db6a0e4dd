"""No room left on the disk: how each of those who write says so, and what a person is told."""

from __future__ import annotations

import errno
import sqlite3

import psycopg

SENTENCE = (
    "磁盘已满，没有写成；写到一半的部分已经全部退回，原来的内容没有变。"
    "请腾出空间（例如移走旧备份、旧日志），再运行一次同样的命令。"
)
NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
SQLITE_CODES = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR}
"""SQLite says "full" of its database, and "I/O error" of the files beside it."""


def is_full(error: BaseException | None) -> bool:
    """Whether a full disk is what is behind an error."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in NO_ROOM:
            return True
        if isinstance(error, sqlite3.Error) and getattr(error, "sqlite_errorcode", 0) & 0xFF in SQLITE_CODES:
            return True
        if isinstance(error, psycopg.errors.DiskFull):
            return True
        error = error.__cause__
    return False
