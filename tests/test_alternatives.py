"""Papers of which one is enough are told apart from papers that are all needed."""

from __future__ import annotations

import re

import pytest

from guides.alternatives import Choice, alternatives
from guides.models import Material

PROMISE = "《基本医疗保险异地就医备案个人承诺书》"


@pytest.mark.parametrize(
    ("text", "lead", "options"),
    [
        ("有效身份证件或医保电子凭证或社会保障卡", "", ["有效身份证件", "医保电子凭证", "社会保障卡"]),
        (
            "加载统一社会信用代码的证照或单位批准成立的文件",
            "",
            ["加载统一社会信用代码的证照", "单位批准成立的文件"],
        ),
        ("单位统一社会信用代码证书或单位介绍信", "", ["单位统一社会信用代码证书", "单位介绍信"]),
        (
            f"异地安置认定材料：户口簿首页和本人“常住人口登记卡”，或{PROMISE}",
            "异地安置认定材料：",
            ["户口簿首页和本人“常住人口登记卡”", PROMISE],
        ),
        (
            f"长期居住认定材料：居住证、户口簿首页和本人“常住人口登记卡”任选其一，或{PROMISE}",
            "长期居住认定材料：",
            ["居住证", "户口簿首页和本人“常住人口登记卡”", PROMISE],
        ),
        (
            f"异地工作认定材料：参保地工作单位派出凭证、异地工作劳动合同任选其一，或{PROMISE}",
            "异地工作认定材料：",
            ["参保地工作单位派出凭证", "异地工作劳动合同", PROMISE],
        ),
        ("身份证复印件或者户口簿复印件", "", ["身份证复印件", "户口簿复印件"]),
        ("居住证、工作证任选其一", "", ["居住证", "工作证"]),
    ],
)
def test_options_are_found(text: str, lead: str, options: list[str]) -> None:
    assert alternatives(text) == Choice(lead, tuple(options))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "出院记录",
        "医疗机构执业许可证或中医诊所备案证或军队医疗机构为民服务许可证照复印件（扫描件）",
        "身份证或户口簿复印件",
        "药品经营许可证、营业执照和法定代表人、主要负责人或实际控制人身份证复印件（扫描件）",
        "执业药师资格证书或药学技术人员相关证书及其劳动合同复印件（扫描件）",
        "批准变更的文件（或证照）原件及复印件",
        "三级或二级医院诊断证明",
        "法定代表人或负责人身份证",
        "身份证和户口簿或居住证",
        "《甲表或乙表》",
        "意外受伤的，提供证明或承诺书",
        "居住证、工作证",
    ],
)
def test_a_text_that_can_be_read_another_way_stays_whole(text: str) -> None:
    assert alternatives(text) == Choice(text)


@pytest.mark.django_db
@pytest.mark.usefixtures("handbooks")
def test_no_word_of_the_handbooks_is_lost() -> None:
    found = set()
    for text in Material.objects.values_list("text", flat=True):
        choice = alternatives(text)
        joined = choice.lead + "".join(choice.options)
        if choice.options:
            found.add(text)
            assert joined == re.sub("任选其一|，或|或|、", "", text), text
        else:
            assert joined == text
    assert len(found) == 6
