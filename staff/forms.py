"""What is typed at the door."""

from __future__ import annotations

from django import forms
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.models import User
from django.contrib.auth.signals import user_login_failed

from .sessions import IDLE, LONG

LONGEST_NAME = 255
"""Characters of a name that axes writes down; an account's has 150 at most, so that one cut here is nobody's."""
WRONG = "用户名或密码不对（字母分大小写），请再试一次。连续错 5 次，这个账号要等 15 分钟才能再登录。"
SAID: dict[str, str] = {
    IDLE: "您有半个小时没有操作，已自动退出。请重新登录，登录后回到刚才的页面。",
    LONG: "从登录到现在已经 8 个小时，已自动退出。请重新登录，登录后回到刚才的页面。",
}
"""What the sign-in page says about why somebody is there, by the ``why`` in its address."""


class SignInForm(AdminAuthenticationForm):
    """Name and password; whatever is wrong with them, the answer is the same."""

    error_messages = {"invalid_login": WRONG, "inactive": WRONG}
    required_css_class = "required"

    def clean_username(self) -> str:
        """The name, cut where nobody could have it: it fails and is counted like any other that no account has."""
        name: str = self.cleaned_data["username"]
        return name[:LONGEST_NAME]

    def confirm_login_allowed(self, user: User) -> None:
        """Raises ``ValidationError`` for who may not work here: a failure like any other, and counted as one."""
        try:
            super().confirm_login_allowed(user)
        except forms.ValidationError:
            credentials = {"username": user.get_username(), "password": "*"}
            user_login_failed.send(__name__, credentials=credentials, request=self.request)
            raise

    @property
    def why(self) -> str:
        """Why he is here, in a sentence; "" when he just came."""
        return SAID.get(self.request.GET.get("why", ""), "") if self.request else ""


class CodeForm(forms.Form):
    """One code, of the app or of paper."""

    code = forms.CharField(
        label="验证码",
        max_length=32,
        error_messages={"required": "请填验证码。"},
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "autocapitalize": "none",
                "spellcheck": "false",
                "autofocus": True,
            }
        ),
    )
