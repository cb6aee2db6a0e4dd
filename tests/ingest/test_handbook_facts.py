"""What the two real handbooks say, read by eye and written down here."""

from __future__ import annotations

from collections import Counter

import pytest

from guides.ingest import GuideRecord
from tests.books import matter_names, reading

SUINING_HALL = "船山区燕山街46号人社大楼2楼医保服务大厅综合窗口"
DAZHOU_OFFICES = {
    "shibenji": (
        "市本级综合窗口",
        "通川区马踏洞新区市政务服务中心一楼C区55号至59号综合窗口",
        "09:00-12:00 13:00-17:00",
    ),
    "tongchuan": ("通川区医保窗口", "达州市通川区会仙桥街55号建设大厦4楼医保窗口", "09:00-12:00 13:00-17:00"),
    "dachuan": ("达川区医保窗口", "达州市达川区杨柳街道南国大道855号政务服务中心5楼医保窗口", "09:00-17:00"),
    "wanyuan": ("万源市医保窗口", "万源市河西万兴路202号政务服务大厅2楼医保窗口", "09:00-12:00 13:00-17:00"),
    "xuanhan": ("宣汉县医保窗口", "宣汉县东乡街道解放中路591号4楼医保窗口", "08:30-12:00 14:30-18:00"),
    "dazhu": (
        "大竹县医保窗口",
        "大竹县竹阳街道北城大道一段2001号行政审批局3楼医保窗口",
        "09:00-12:00 13:00-17:00",
    ),
    "quxian": ("渠县医保窗口", "渠县行政审批局4楼医保窗口", "09:00-12:00 13:00-17:00"),
    "kaijiang": (
        "开江县医疗保障事务中心窗口",
        "开江县淙城街道办橄榄大道369号政务中心三楼医疗保障事务中心窗口",
        "09:00-12:00 13:00-17:00",
    ),
    "jingkaiqu": (
        "经开区政务服务大厅医保窗口",
        "达州东部经开区亭子镇老街77号政务服务大厅医保窗口",
        "09:00-12:00 13:00-17:00",
    ),
}
COMPLAINTS = {
    "shibenji": ["0818-3091553"],
    "tongchuan": ["0818-2124898"],
    "dachuan": ["0818-2100366", "0818-5336359"],
    "wanyuan": ["0818-8622624"],
    "xuanhan": ["0818-5211625"],
    "dazhu": ["0818-6239935"],
    "quxian": ["0818-7781123"],
    "kaijiang": ["0818-2809116"],
    "jingkaiqu": ["0818-5106135"],
}
INPATIENT_CONSULT = {
    "shibenji": ["0818-3091543", "0818-3091544"],
    "tongchuan": ["0818-2681530"],
    "dachuan": ["0818-5336008"],
    "wanyuan": ["0818-8622262"],
    "xuanhan": ["0818-5201826"],
    "dazhu": ["0818-6239096"],
    "quxian": ["0818-7226801"],
    "kaijiang": ["0818-7226802", "0818-7226803"],
    "jingkaiqu": ["0818-5106136"],
}


def guide(city: str, name: str) -> GuideRecord:
    return next(guide for guide in reading(city).guides if guide.name == name)


@pytest.mark.parametrize("city", ["suining", "dazhou"])
def test_both_books_hold_the_same_34_matters_in_the_same_order(city: str) -> None:
    assert [guide.name for guide in reading(city).guides] == matter_names()
    assert len(matter_names()) == 34


@pytest.mark.parametrize("city", ["suining", "dazhou"])
def test_every_character_is_accounted_for(city: str) -> None:
    book = reading(city)
    assert book.problems == ()
    assert book.unclassified == ()
    printed = sum(1 for char in book.text if not char.isspace())
    assert sum(book.characters.values()) == printed
    assert "" not in book.characters


def test_every_county_row_of_dazhou_is_there() -> None:
    rows = Counter(place.county for guide in reading("dazhou").guides for place in guide.places)
    assert rows == dict.fromkeys(DAZHOU_OFFICES, 34)


@pytest.mark.parametrize("county", DAZHOU_OFFICES)
def test_every_dazhou_row_has_its_countys_name_address_and_hours(county: str) -> None:
    for each in reading("dazhou").guides:
        place = next(place for place in each.places if place.county == county)
        hours = " ".join(f"{session.opens}-{session.closes}" for session in place.hours)
        assert (place.name, place.address, hours) == DAZHOU_OFFICES[county], each.name
        assert {session.days for session in place.hours} == {"workdays"}
        assert [phone.number for phone in place.complaint_phones] == COMPLAINTS[county], each.name
        assert 1 <= len(place.consult_phones) <= 2, each.name


def test_inpatient_reimbursement_has_each_countys_own_consult_phone() -> None:
    places = guide("dazhou", "住院费用报销").places
    assert {p.county: [phone.number for phone in p.consult_phones] for p in places} == INPATIENT_CONSULT


def test_one_row_has_a_number_for_residents_and_one_for_employees() -> None:
    marked = [
        (guide.name, place.county, [(phone.number, phone.for_whom) for phone in place.consult_phones])
        for guide in reading("dazhou").guides
        for place in guide.places
        if any(phone.for_whom for phone in place.consult_phones)
    ]
    assert marked == [
        ("参保人员参保信息查询", "xuanhan", [("0818-5588928", "居民"), ("0818-5872688", "职工")]),
    ]


def test_suining_names_its_hall_and_networks_with_their_scope() -> None:
    places = guide("suining", "职工参保登记").places
    assert [(place.county, place.kind, place.name, place.address, place.scope) for place in places] == [
        ("shibenji", "counter", "市本级医保服务大厅综合窗口", SUINING_HALL, ""),
        ("", "network", "各“医保+”一体化服务网点", "", "限灵活就业人员"),
        ("", "network", "各乡镇（街道）便民服务中心", "", ""),
        ("", "network", "各村（社区）便民服务站", "", "限灵活就业人员"),
    ]


def test_suining_first_review_scope() -> None:
    places = guide("suining", "住院费用报销").places
    assert [place.scope for place in places] == ["", "资料初审", "资料初审"]


def test_suining_opens_on_working_days_and_saturday_mornings() -> None:
    for each in reading("suining").guides:
        counter = each.places[0] if each.places[0].kind == "counter" else each.places[-1]
        sessions = [(hours.days, hours.opens, hours.closes, hours.note) for hours in counter.hours]
        assert sessions == [
            ("workdays", "09:00", "12:00", ""),
            ("workdays", "13:30", "17:00", ""),
            ("saturday", "09:00", "12:00", "延时服务，法定节假日除外"),
        ], each.name


def test_a_counter_without_an_address_does_not_get_the_halls_hours() -> None:
    places = guide("suining", "单位参保登记").places
    window = next(place for place in places if place.name == "企业开办专区-企业开办窗口")
    assert (window.kind, window.address, window.hours) == ("counter", "", ())
    assert window.hours_text == "其他办理地点以相关机构工作时间为准。"


def test_suining_networks_keep_the_printed_words_instead_of_hours() -> None:
    network = guide("suining", "城乡居民参保登记").places[1]
    assert network.hours == ()
    assert network.hours_text == "其他办理地点以相关机构工作时间为准。"


def test_suinings_shortened_address_is_corrected() -> None:
    assert guide("suining", "定点医药机构信息变更").places[0].address == SUINING_HALL


def test_suining_phones_belong_to_the_citys_own_counter() -> None:
    places = guide("suining", "单位参保登记").places
    assert [phone.number for phone in places[0].consult_phones] == ["0825-5182516", "0825-5182518"]
    assert [phone.number for phone in places[0].complaint_phones] == ["0825-5182506"]
    assert all(place.consult_phones == place.complaint_phones == () for place in places[1:])


def test_materials_split_into_cases_with_their_forms_and_stamps() -> None:
    materials = guide("dazhou", "职工参保登记").materials
    assert [(m.applies_to, m.text, m.form, m.needs_stamp) for m in materials] == [
        ("在职职工", "有效身份证件复印件", "", False),
        ("在职职工", "《职工基本医疗保险参保登记表》（加盖单位公章）", "职工基本医疗保险参保登记表", True),
        ("灵活就业人员", "有效身份证件", "", False),
        ("灵活就业人员", "《职工基本医疗保险参保登记表》", "职工基本医疗保险参保登记表", False),
    ]


@pytest.mark.parametrize("city", ["suining", "dazhou"])
def test_no_papers_needed_is_not_an_empty_list_by_accident(city: str) -> None:
    without = {guide.name: guide.materials_state for guide in reading(city).guides if not guide.materials}
    assert without == {"医保电子凭证申领": "none"}


@pytest.mark.parametrize("city", ["suining", "dazhou"])
def test_the_remark_under_a_list_of_materials_asks_for_the_stamp_on_all(city: str) -> None:
    found = guide(city, "医疗机构申请定点协议管理")
    assert found.materials_note == "（以上办理材料均需加盖单位公章）"
    assert len(found.materials) == 5
    assert all(material.needs_stamp for material in found.materials)


def test_a_double_time_limit_is_two() -> None:
    limits = guide("suining", "职工参保登记").time_limits
    assert [(limit.applies_to, limit.kind, limit.days, limit.text) for limit in limits] == [
        ("单位职工参保登记", "workdays", 3, "单位职工参保登记不超过3个工作日"),
        ("灵活就业人员参保登记", "instant", None, "灵活就业人员参保登记即时办结"),
    ]


@pytest.mark.parametrize("city", ["suining", "dazhou"])
def test_every_other_time_limit_is_one_and_understood(city: str) -> None:
    for each in reading(city).guides:
        assert each.time_limits, each.name
        assert {limit.kind for limit in each.time_limits} <= {"instant", "workdays"}, each.name


def test_channels_only_some_may_use_say_for_whom() -> None:
    channels = [(c.name, c.kind, c.applies_to) for c in guide("dazhou", "职工参保登记").channels]
    assert channels == [
        ("经办机构窗口", "counter", ""),
        ("乡镇（街道）医保服务窗口", "counter", ""),
        ("医保服务站", "counter", ""),
        ("四川医保公共服务网上服务大厅", "website", ""),
        ("四川省政务服务网", "website", ""),
        ("四川医保APP", "app", "灵活就业人员"),
        ("四川医保公共服务平台微信小程序", "mini_program", "灵活就业人员"),
        ("四川医保公共服务平台支付宝小程序", "mini_program", "灵活就业人员"),
    ]


@pytest.mark.parametrize("city", ["suining", "dazhou"])
def test_the_electronic_credential_can_be_had_in_many_ways(city: str) -> None:
    kinds = Counter(channel.kind for channel in guide(city, "医保电子凭证申领").channels)
    assert {"counter", "app", "mini_program", "bank", "kiosk"} == set(kinds)


@pytest.mark.parametrize("city", ["suining", "dazhou"])
def test_every_channel_has_a_known_kind(city: str) -> None:
    others = {c.name for guide in reading(city).guides for c in guide.channels if c.kind == "other"}
    assert others == ({"当地医保部门公布的其他办理渠道"} if city == "dazhou" else set())


def test_damaged_marks_are_understood() -> None:
    found = guide("suining", "生育津贴支付")
    assert [step.title for step in found.steps] == ["申请", "受理", "审核", "拨付", "办结"]
    assert found.evaluation == "通过经办窗口办理的现场评价，线上办理的通过线上进行评价。"
    assert len(found.notes) == 2


def test_spaces_inside_chinese_go() -> None:
    words = [
        text
        for guide in reading("dazhou").guides
        for text in (guide.audience, guide.channels_text, *guide.notes, *(m.text for m in guide.materials))
    ]
    assert not [text for text in words if " " in text]


def test_title_and_edition_are_read_where_printed() -> None:
    assert (reading("dazhou").title, reading("dazhou").edition) == (
        "达州市医疗保障经办政务服务事项办事指南",
        "2024年版",
    )
    assert (reading("suining").title, reading("suining").edition) == ("", "")


def test_artefacts_are_counted() -> None:
    assert reading("suining").artefacts == {"page_mark": 1, "bookmark": 2, "image": 11, "running_title": 34}
    assert reading("dazhou").artefacts == {"running_title": 34}
