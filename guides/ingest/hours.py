"""Opening hours as handbooks print them → sessions."""

from __future__ import annotations

import re

from .records import HoursRecord

SESSION = re.compile(r"(\d{1,2})[:：](\d{2})\s*[-－—–~～至]\s*(\d{1,2})[:：](\d{2})")
DAYS = (
    (re.compile("法定工作日|工作日|(?:星期|周)一至(?:星期|周)五"), "workdays"),
    (re.compile("(?:星期|周)六"), "saturday"),
    (re.compile("(?:星期|周)[日天]"), "sunday"),
    (re.compile("每天|每日"), "every_day"),
)
REMARK = re.compile(r"（(?:备注：)?([^（）]*)）")
EXTENDED = "延时服务"


def sessions(words: str) -> list[HoursRecord]:
    """``法定工作日上午09:00-12:00，13:30-17:00；星期六上午…`` → one record per session, times as HH:MM.

    The days stand before their times; a part without days goes on with the days before it.
    """
    found: list[HoursRecord] = []
    days = ""
    for part in re.split("[；;。]", words):
        days = next((key for rule, key in DAYS if rule.search(part)), days)
        found += [session(match, days, _note(part, days)) for match in SESSION.finditer(part) if days]
    return found


def session(match: re.Match[str], days: str, note: str = "") -> HoursRecord:
    """The record of one match of ``SESSION``."""
    opens, closes = f"{int(match[1]):02}:{match[2]}", f"{int(match[3]):02}:{match[4]}"
    return HoursRecord(days, opens, closes, note)


def _note(part: str, days: str) -> str:
    """What the handbook adds to a session outside the normal working days."""
    remark = REMARK.search(part)
    words = [EXTENDED] if EXTENDED in part else []
    if remark and days != "workdays":
        words.append(remark[1])
    return "，".join(words)


def is_valid(hours: HoursRecord) -> bool:
    """Whether the session opens before it closes, within one day."""
    return "00:00" <= hours.opens < hours.closes <= "24:00" and hours.opens[3:] < "60" > hours.closes[3:]
