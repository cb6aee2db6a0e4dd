"""The names of our places, as somebody here would use them in a password."""

from __future__ import annotations

import re

from pypinyin import lazy_pinyin

from .models import City, County

KIND = re.compile(r"(省|自治区|自治州|自治县|地区|市本级|市|县|区|州|盟|旗)$")


def local_words() -> set[str]:
    """Names of provinces, cities and counties, whole and short, in Chinese and in pinyin; and the slugs."""
    rows = [*City.objects.values_list("name", "slug", "province")]
    counties = County.objects.values_list("name", "slug")
    names = (
        {name for name, _, _ in rows} | {province for *_, province in rows} | {name for name, _ in counties}
    )
    names |= {KIND.sub("", name) for name in names}
    slugs = {slug for _, slug, _ in rows} | {slug for _, slug in counties}
    return {word for word in names | slugs | {"".join(lazy_pinyin(name)) for name in names} if len(word) > 1}
