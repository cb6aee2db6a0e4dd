"""What the web server says when the application cannot: pages as files, complete without any other file.

They are the site's own pages (``templates/plain.html``) with the style inside, one for each answer and display mode.
Django answers with the same words (``guides/views/errors.py``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from guides.display import MODES

HOTLINE: Final = "12393"
"""全国统一的医保服务热线."""
STYLE_SHEETS: Final = ("css/variables.css", "css/base.css", "css/message.css")


@dataclass(frozen=True)
class Answer:
    """What is wrong, in one line, in a sentence, and what to do next."""

    heading: str
    sentence: str
    advice: str


PAGES: Final[dict[str, tuple[str, dict[str, Any]]]] = {
    "400": ("400.html", {}),
    "403": ("403.html", {}),
    "404": (
        "answer.html",
        {
            "answer": Answer(
                "没有找到这个文件",
                "这个网址没有对应的文件，可能是地址输错了，或者文件已经不在了。",
                "请检查网址有没有输错，或者从首页重新进入。",
            )
        },
    ),
    "405": (
        "answer.html",
        {
            "answer": Answer(
                "这个网址不能这样使用",
                "这个网址只能查看，不能提交内容，网站没有处理。",
                "请从首页重新进入，找到要填的那一页再提交。",
            )
        },
    ),
    "410": (
        "answer.html",
        {
            "answer": Answer(
                "这一页已经撤下",
                "原来在这个网址的内容已经撤下，不再提供。",
                "请从首页重新查找要办的事；收藏了这个网址的，请删掉或换成新的。",
            )
        },
    ),
    "413": (
        "answer.html",
        {
            "answer": Answer(
                "提交的内容太大",
                "网站没有接收，内容也没有保存。上传的表格不能超过 5 MB。",
                "请按浏览器的“后退”回到刚才的页面，只留要改的行，分几次上传。",
            )
        },
    ),
    "429": (
        "answer.html",
        {
            "answer": Answer(
                "请求太频繁，请稍候",
                "从您这个网络来的请求太多，网站先停一停。同一单位的人同时使用，也会这样。",
                "请等十秒钟，再刷新本页；不用重新填写。",
            )
        },
    ),
    "500": ("500.html", {}),
    "502": (
        "answer.html",
        {
            "answer": Answer(
                "网站没有及时应答",
                "不是您的操作有误。刚才要是在提交内容，可能保存了，也可能没有。",
                "请等一分钟，先看一眼刚才的改动是不是已经在了，没有再提交一次；只是查看的，刷新本页就可以。",
            )
        },
    ),
    "503": ("unavailable.html", {}),
    "503-writing": ("unavailable.html", {"is_sending": True}),
    "503-report": ("unavailable.html", {"is_report": True}),
}
"""By the name that deploy/nginx gives them: template and context."""


def style() -> SafeString:
    """The style sheets as they are written; deploy/nginx/render.py allows them by their hash. Raises ``FileNotFoundError``."""
    found = [Path(finders.find(name) or name).read_text("utf-8") for name in STYLE_SHEETS]
    return mark_safe("".join(found))  # noqa: S308 - our own style sheets


def error_pages() -> Iterator[tuple[str, str]]:
    """(file, HTML) of every page in every mode: ``large/503.html``."""
    common = {"style": style(), "hotline": HOTLINE}
    for mode, display in MODES.items():
        for name, (template, context) in PAGES.items():
            yield f"{mode}/{name}.html", render_to_string(template, {**common, **context, "display": display})


def write_error_pages(folder: Path) -> int:
    """Write them below the folder, each in one step; returns how many."""
    count = 0
    for name, html in error_pages():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        unfinished = file.with_suffix(".new")
        unfinished.write_text(html, "utf-8")
        unfinished.replace(file)
        count += 1
    return count
