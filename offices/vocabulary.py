"""Words for places, hours and phones: value in data → 中文 on the page.

Plain dictionaries, so that the parser (which knows no Django), the models and the filters share them.
"""

COUNTY_KINDS = {
    "city_level": "市本级",
    "district": "市辖区",
    "county": "县",
    "county_level_city": "县级市",
    "functional_zone": "功能区",
}

OFFICE_KINDS = {
    "counter": "窗口",
    "network": "网点（一类地点）",
}

DAY_KINDS = {
    "workdays": "工作日",
    "saturday": "星期六",
    "sunday": "星期日",
    "every_day": "每天",
}

DAY_KINDS_EXPLAINED = {
    "workdays": "周一至周五，放假和调休按国家安排",
}

PHONE_PURPOSES = {
    "consult": "咨询",
    "complaint": "投诉",
}


def county_kinds() -> list[tuple[str, str]]:
    """Choices for ``County.kind``."""
    return list(COUNTY_KINDS.items())


def office_kinds() -> list[tuple[str, str]]:
    """Choices for ``Office.kind``."""
    return list(OFFICE_KINDS.items())


def day_kinds() -> list[tuple[str, str]]:
    """Choices for ``OpeningHours.days``."""
    return list(DAY_KINDS.items())


def phone_purposes() -> list[tuple[str, str]]:
    """Choices for ``Phone.purpose``."""
    return list(PHONE_PURPOSES.items())
