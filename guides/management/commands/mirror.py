"""Write the public site as plain files: ``manage.py mirror DIR``."""

from __future__ import annotations

import time
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, OutputWrapper
from django.db import DatabaseError, InterfaceError

from guides.mirror import MirrorStopped, Outcome, Wish, has_changed, write

LONGEST_WAIT = 3600
"""Seconds; a new release is only taken up by the next run."""


def quality(words: str) -> int:
    """Brotli's quality as typed."""
    if not words.isdecimal() or int(words) > 11:
        raise ArgumentTypeError("要是 0 到 11 的整数")
    return int(words)


def workers(words: str) -> int:
    """A number of processes as typed."""
    if not words.isdecimal() or not 1 <= int(words) <= 64:
        raise ArgumentTypeError("要是 1 到 64 的整数")
    return int(words)


def seconds(words: str) -> int:
    """Seconds to wait as typed."""
    if not words.isdecimal() or int(words) > LONGEST_WAIT:
        raise ArgumentTypeError(f"要是 0 到 {LONGEST_WAIT} 的整数，单位是秒")
    return int(words)


class Told:
    """Says on the terminal how it goes."""

    def __init__(self, out: OutputWrapper, verbosity: int) -> None:
        self.out = out
        self.verbosity = verbosity
        self.counts = verbosity > 0 and out.isatty()

    def say(self, sentence: str) -> None:
        """A line, unless nothing is to be said."""
        if self.verbosity > 0:
            self.out.write(sentence)

    def count(self, done: int, total: int) -> None:
        """The counter in place, on a terminal alone."""
        if self.counts and (done % 10 == 0 or done == total):
            self.out.write(
                f"\r{done}/{total}（{done * 100 // total}%）", ending="\n" if done == total else ""
            )
            self.out.flush()


class Command(BaseCommand):
    """Bring the mirror up to date: only what has changed is made, and readers get it all at once or not at all."""

    help = "把全部公开网页写成文件（静态镜像）：只写有改动的，写完一次换上；应用或数据库停了，nginx 也能用它回答。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", help="镜像的文件夹；读者看的是其中的 current")
        parser.add_argument(
            "--portable", action="store_true", help="写成可以直接打开的离线副本（U 盘、光盘），链接都指向文件"
        )
        parser.add_argument(
            "--quality", type=quality, default=5, help="brotli 压缩等级 0–11，默认 5；11 小一成，慢很多"
        )
        parser.add_argument(
            "--workers", type=workers, default=1, help="用几个进程，默认 1；不要多过处理器的核数"
        )

        parser.add_argument(
            "--wait",
            type=seconds,
            default=0,
            help="没有改动时再看这么多秒（每秒一次），一有改动马上写；默认 0，看一次就结束",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises ``CommandError`` when no new version was made; readers then keep the version they had."""
        folder = Path(options["folder"])
        wish = Wish(options["portable"], options["quality"], options["workers"])
        told = Told(self.stdout, options["verbosity"])
        try:
            outcome = bring_up_to_date(folder, wish, told)
            if options["wait"] and not outcome.is_new and has_changed(outcome.seen, options["wait"]):
                bring_up_to_date(folder, wish, told)
        except MirrorStopped as stopped:
            raise CommandError(str(stopped)) from stopped
        except OSError as error:
            raise CommandError(f"写文件失败，镜像没有更新，读者看到的仍是上一版：{error}") from error
        except (DatabaseError, InterfaceError) as error:
            raise CommandError(
                f"数据库没有应答，镜像没有更新，读者看到的仍是上一版。数据库恢复后再运行：{error}"
            ) from error


def bring_up_to_date(folder: Path, wish: Wish, told: Told) -> Outcome:
    """Write what has changed and say what that came to."""
    began = time.monotonic()
    outcome = write(folder, wish, told)
    told.say(summary(outcome, time.monotonic() - began))
    return outcome


def summary(outcome: Outcome, seconds: float) -> str:
    """One sentence with the counts."""
    if not outcome.is_new:
        return f"没有改动，仍用版本 {outcome.version}（{outcome.addresses} 个网址），用时 {seconds:.1f} 秒。"
    gone = f"，去掉 {outcome.gone} 个" if outcome.gone else ""
    return (
        f"已换上版本 {outcome.version}：{outcome.addresses} 个网址，其中 {outcome.written} 个有改动{gone}；"
        f"网页和文件 {outcome.size / 1e6:.0f} MB，用时 {seconds:.1f} 秒。"
    )
