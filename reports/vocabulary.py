"""What readers can say is wrong, and what becomes of it; shared by form, models and admin."""

KINDS: dict[str, str] = {
    "phone": "电话打不通",
    "address": "地址不对",
    "papers": "材料不对",
    "hours": "时间不对",
    "unclear": "看不懂",
    "other": "其他",
}
STATES: dict[str, str] = {
    "new": "待处理",
    "working": "处理中",
    "mended": "已改正",
    "right": "无需改动",
    "double": "重复",
}
OPEN = ("new", "working")
"""States in which a reader still waits."""


def kinds() -> list[tuple[str, str]]:
    """For a field's choices."""
    return list(KINDS.items())


def states() -> list[tuple[str, str]]:
    """For a field's choices."""
    return list(STATES.items())
