"""What the sheets are: their columns, what each means, and which may be changed in a sheet and brought back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

Row = dict[str, str]
"""The words of one row, by the keys of the columns."""


@dataclass(frozen=True)
class Column:
    """One column: its key in code, its heading, its width in characters, and what it means.

    ``is_open``: may be changed in the sheet. ``longest``: so many characters fit; 0 for any. ``is_count``: a cell that
    Excel turned into a number is taken as its digits.
    """

    key: str
    heading: str
    width: int
    meaning: str
    is_open: bool = False
    longest: int = 0
    is_count: bool = False


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name in Excel, its columns, and whether it can be brought back."""

    name: str
    columns: Sequence[Column]
    comes_back: bool = False

    def headings(self) -> list[str]:
        """The first row."""
        return [column.heading for column in self.columns]

    def heading(self, key: str) -> str:
        """The heading of one column."""
        return next(column.heading for column in self.columns if column.key == key)


@dataclass(frozen=True)
class Line:
    """One row that was read, with the number it has in its sheet."""

    sheet: Sheet
    number: int
    cells: Row


@dataclass(frozen=True)
class Problem:
    """What is wrong in a sheet: where (``“电话”第 5 行“号码”``), and what was expected."""

    sheet: str
    row: int
    column: str
    message: str

    def __str__(self) -> str:
        row = f"第 {self.row} 行" if self.row else ""
        column = f"“{self.column}”" if self.column else ""
        return f"“{self.sheet}”{row}{column}：{self.message}"


CITY = Column("city", "城市代码", 10, "认这一行用，请不要改。")
KEY = Column("key", "识别名", 28, "认这个办理点用，请不要改。")
VERSION = Column(
    "version", "修改次数", 10, "导出时改过几次，用来发现别人后来的修改，请不要改。", is_count=True
)
MATTER = Column("matter", "事项代码", 18, "事项的网址名。")

OFFICES = Sheet(
    "办理点",
    [
        CITY,
        KEY,
        VERSION,
        Column("county", "县（市、区）", 14, "在哪个县（市、区），全市通用的网点写“全市”；只供查看。"),
        Column("kind", "类别", 16, "窗口，或一类地点；只供查看。"),
        Column("name", "名称", 28, "页面上显示的名称。", is_open=True, longest=120),
        Column("address", "地址", 48, "手册没有写就留空。", is_open=True, longest=200),
        Column(
            "hours",
            "办理时间",
            28,
            "每行一段（单元格里按 Alt+Enter 换行），例如 工作日 09:00-12:00；日子可写工作日、星期六、星期日、每天。",
            is_open=True,
        ),
    ],
    comes_back=True,
)
PHONES = Sheet(
    "电话",
    [
        CITY,
        KEY,
        VERSION,
        Column(
            "position",
            "序号",
            6,
            "这个办理点的第几个电话，请不要改；要增加电话就在下面加一行，序号留空。",
            is_count=True,
        ),
        Column("office", "办理点", 28, "办理点的名称；只供查看，改名称请到“办理点”工作表。"),
        Column("county", "县（市、区）", 14, "只供查看。"),
        Column("purpose", "用途", 8, "咨询或投诉。", is_open=True),
        Column("number", "号码", 18, "带区号，例如 0818-2145266。", is_open=True, longest=30),
        Column("for", "适用人群", 14, "例如 居民、职工；不分人群就留空。", is_open=True, longest=40),
        Column("guides", "用在几份指南", 12, "改号码，这些办事指南一起更新；只供查看。", is_count=True),
    ],
    comes_back=True,
)
GUIDES = Sheet(
    "办事指南",
    [
        CITY,
        MATTER,
        Column("name", "事项名称", 32, "本市手册上印的名称。"),
        Column("status", "状态", 8, "草稿、已发布或已撤下。"),
        Column("category", "类别", 14, "事项的类别。"),
        Column("audience", "服务对象", 40, "谁可以办。"),
        Column("channels", "办理渠道", 32, "每行一个，括号里是适用情形。"),
        Column("time_limits", "办理时限", 32, "每行一个，括号里是适用情形。"),
        Column("steps", "办理流程", 48, "每行一步。"),
        Column("notes", "备注", 48, "每行一条。"),
        Column("progress", "办理进度和结果查询", 32, "手册的原话。"),
        Column("evaluation", "服务评价渠道", 24, "手册的原话。"),
        Column("offices", "办理点", 40, "每行一个。"),
        Column("missing", "缺少要素", 18, "检查要看的八个要素里还缺哪几个；不缺就空着。"),
        Column("source", "手册出处", 24, "手册和行号。"),
    ],
)
MATERIALS = Sheet(
    "材料",
    [
        CITY,
        MATTER,
        Column("guide", "事项名称", 32, "哪一份办事指南。"),
        Column("position", "序号", 6, "第几样材料。"),
        Column("applies_to", "适用情形", 18, "哪一种人要带；都要带就空着。"),
        Column("text", "材料", 60, "手册的原话。"),
        Column("form", "表单", 32, "材料里提到的表格名称。"),
        Column("stamp", "是否盖章", 10, "要盖单位公章写“是”。"),
    ],
)
