"""Take the second factor of an account away, when nobody can sign in any more to do it in the admin."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.models import User
from django.core.management import BaseCommand, CommandError

from staff.second_factor import reset


class Command(BaseCommand):
    """``reset_second_factor USERNAME``."""

    help = "清除一个账号的第二验证（手机丢了、备用码也没有时用）；下次登录要重新扫码启用。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username", metavar="用户名")

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises ``CommandError`` for an unknown name."""
        user = User.objects.filter(username=options["username"]).first()
        if user is None:
            raise CommandError(f"没有“{options['username']}”这个用户名，请核对（字母分大小写）。")
        reset(user, by=None, request=None)
        self.stdout.write(f"已清除 {user} 的第二验证，他在各处的登录也已退出；下次登录时重新扫码启用。")
