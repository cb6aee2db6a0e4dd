"""Words for matters: value in data → 中文 on the page.

Plain dictionaries, so that the parser (which knows no Django), the models and the filters share them.
"""

CHANNEL_KINDS = {
    "counter": "窗口",
    "website": "网站",
    "app": "APP",
    "mini_program": "小程序",
    "medical_institution": "定点医疗机构",
    "kiosk": "自助终端",
    "bank": "银行",
    "other": "其他",
}

TIME_LIMIT_KINDS = {
    "instant": "即时办结",
    "workdays": "工作日",
    "other": "其他",
}

SPEEDS = {
    "instant": "即时办结",
    "review": "需审核",
}

LIMIT_KIND_OF_SPEED = {
    "instant": "instant",
    "review": "workdays",
}

LIST_ORDERS = {
    "handbook": "手册次序",
    "name": "名称",
    "time": "时限从短到长",
}

MATERIALS_STATES = {
    "listed": "按清单",
    "none": "无需材料",
    "unstated": "手册未载明",
}

GUIDE_STATUSES = {
    "draft": "草稿",
    "published": "已发布",
    "withdrawn": "已撤下",
}

FINDING_KINDS = {
    "phone_of_other_county": "印了别的县（市、区）的电话",
    "same_consult_and_complaint": "咨询与投诉是同一号码",
    "phone_columns_inferred": "号码分列由版面推断",
    "area_code": "电话区号与本市不同",
    "missing_step": "流程缺少环节",
    "missing_section": "缺少常见栏目",
    "numbering": "编号不连续或重复",
    "online_text_without_channel": "只有窗口却写网上查询",
    "channel_names": "同一渠道有两种写法",
    "hours_differ": "同一办理点的时间写法不同",
    "address_differ": "同一办理点的地址写法不同",
    "running_title": "页眉与事项名称不符",
    "unknown_matter": "目录里没有的事项",
}

REVISION_KINDS = {
    "guide": "办事指南",
    "office": "办理点",
}

REVISION_SOURCES = {
    "admin": "后台编辑",
    "import": "导入手册",
    "bulk": "批量修改",
    "restore": "恢复旧版",
    "proposal": "审核通过",
    "command": "系统命令",
}

PROPOSAL_STATES = {
    "waiting": "待审核",
    "accepted": "已采纳",
    "partly": "部分采纳",
    "declined": "未采纳",
    "withdrawn": "已撤回",
}

LINE_VERDICTS = {
    "accepted": "采纳",
    "changed": "修改后采纳",
    "declined": "不采纳",
}

PROPOSAL_SOURCES = {
    "admin": "后台编辑",
    "import": "导入表格",
}

DOUBTS_ABOUT_PHONES = ("phone_of_other_county", "phone_columns_inferred")
"""The findings that a caller should know of, so that pages show them beside the numbers."""


def channel_kinds() -> list[tuple[str, str]]:
    """Choices for ``Channel.kind``."""
    return list(CHANNEL_KINDS.items())


def time_limit_kinds() -> list[tuple[str, str]]:
    """Choices for ``TimeLimit.kind``."""
    return list(TIME_LIMIT_KINDS.items())


def speeds() -> list[tuple[str, str]]:
    """Choices for the list's filter by how long a matter takes."""
    return list(SPEEDS.items())


def list_orders() -> list[tuple[str, str]]:
    """Choices for the order of the list."""
    return list(LIST_ORDERS.items())


def materials_states() -> list[tuple[str, str]]:
    """Choices for ``Guide.materials_state``."""
    return list(MATERIALS_STATES.items())


def guide_statuses() -> list[tuple[str, str]]:
    """Choices for ``Guide.status``."""
    return list(GUIDE_STATUSES.items())


def finding_kinds() -> list[tuple[str, str]]:
    """Choices for ``Finding.kind``."""
    return list(FINDING_KINDS.items())


def revision_kinds() -> list[tuple[str, str]]:
    """Choices for ``Revision.kind``."""
    return list(REVISION_KINDS.items())


def revision_sources() -> list[tuple[str, str]]:
    """Choices for ``Revision.source``."""
    return list(REVISION_SOURCES.items())


def proposal_states() -> list[tuple[str, str]]:
    """Choices for ``Proposal.state``."""
    return list(PROPOSAL_STATES.items())


def proposal_sources() -> list[tuple[str, str]]:
    """Choices for ``Proposal.source``."""
    return list(PROPOSAL_SOURCES.items())


def line_verdicts() -> list[tuple[str, str]]:
    """Choices for ``ProposalLine.verdict``."""
    return list(LINE_VERDICTS.items())
