"""A small fixed cast for page tests: two cities, three counties, four guides, in the handbooks' own words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time
from html import unescape

from django.http import HttpResponse
from django.http.response import HttpResponseBase

from guides.editing import rebuild_search
from guides.models import (
    Alias,
    Audience,
    Category,
    Channel,
    Correction,
    Guide,
    GuideOffice,
    GuidePhone,
    Handbook,
    LifeEvent,
    Material,
    Matter,
    Note,
    Step,
    TimeLimit,
)
from offices.models import City, County, Office, OpeningHours, Phone

NOTE_WITH_POINTS = (
    "特殊人群还需提供：①外国人参加职工医保的，需提供就业证件；②在职转退休的，需提供退休审批手续。"
)


@dataclass
class Cast:
    """The people and places of the tests, by name."""

    dazhou: City
    suining: City
    xuanhan: County
    dazhu: County
    shehong: County
    inpatient: Guide
    enrolment: Guide
    inpatient_in_suining: Guide
    credential_in_suining: Guide


def assemble() -> Cast:
    """Put the cast into an empty database."""
    dazhou = City.objects.create(
        slug="dazhou", name="达州市", province="四川省", area_code="0818", position=2
    )
    suining = City.objects.create(
        slug="suining", name="遂宁市", province="四川省", area_code="0825", position=1
    )
    dazhou_itself = county(dazhou, "shibenji", "市本级", "city_level")
    xuanhan, dazhu = county(dazhou, "xuanhan", "宣汉县"), county(dazhou, "dazhu", "大竹县")
    suining_itself = county(suining, "shibenji", "市本级", "city_level")
    shehong = county(suining, "shehong", "射洪市", "county_level_city")

    handbook = Handbook.objects.create(
        slug="dazhou-2024",
        city=dazhou,
        title="达州市医疗保障经办政务服务事项办事指南",
        edition="2024年版",
        file_name="dazhou-2024.txt",
        sha256="0" * 64,
        line_count=5,
        text="一、事项名称\n住院费用报销\n\n办结：将报销结果果划入\n以上线为准\n",
    )
    Correction.objects.create(
        handbook=handbook, line=4, found="结果果", replacement="结果", reason="多印一个“果”字"
    )
    unprinted = Handbook.objects.create(
        slug="suining",
        city=suining,
        file_name="suining.txt",
        sha256="1" * 64,
        line_count=1,
        text="住院费用报销\n",
    )

    person = Audience.objects.create(slug="geren", name="个人", position=1)
    unit = Audience.objects.create(slug="danwei", name="单位", position=2)
    refunds = Category.objects.create(slug="baoxiao", name="费用报销", summary="先垫付、再报销", position=2)
    registers = Category.objects.create(slug="canbao", name="参保登记", summary="参加医保", position=1)
    inpatient = matter("zhuyuan-baoxiao", "住院费用报销", refunds, 2, person)
    enrolment = matter("zhigong-canbao", "职工参保登记", registers, 1, unit, person)
    credential = matter("dianzi-pingzheng", "医保电子凭证申领", registers, 3, person)
    Alias.objects.create(matter=inpatient, text="住院报销")
    illness = LifeEvent.objects.create(
        slug="shengbing-zhuyuan",
        name="生病住院了",
        summary="没有联网结算的，先办住院费用报销。还没有参保的，再办参保登记。",
        position=1,
    )
    illness.steps.create(matter=inpatient, position=1, advice="没有联网结算的，办这一项。")
    illness.steps.create(matter=enrolment, position=2)

    at_home = counter(dazhou, dazhou_itself, "达州市医保窗口", "通川区马踏洞新区市政务服务中心一楼")
    at_xuanhan = counter(dazhou, xuanhan, "宣汉县医保窗口", "宣汉县东乡街道解放中路591号4楼医保窗口")
    at_dazhu = counter(
        dazhou, dazhu, "大竹县医保窗口", "大竹县竹阳街道北城大道一段2001号行政审批局3楼医保窗口"
    )
    at_suining = counter(suining, suining_itself, "医保服务大厅综合窗口", "船山区燕山街46号人社大楼2楼")
    townships = Office.objects.create(
        city=suining,
        key="各乡镇（街道）便民服务中心",
        name="各乡镇（街道）便民服务中心",
        kind="network",
        position=9,
    )

    rebuild_search()
    cast = Cast(
        dazhou,
        suining,
        xuanhan,
        dazhu,
        shehong,
        inpatient=guide(dazhou, inpatient, handbook),
        enrolment=guide(dazhou, enrolment, handbook),
        inpatient_in_suining=guide(suining, inpatient, unprinted),
        credential_in_suining=guide(suining, credential, unprinted),
    )
    write_inpatient(cast.inpatient, "不超过30个工作日", 30)
    write_inpatient(cast.inpatient_in_suining, "不超过25个工作日", 25)
    write_enrolment(cast.enrolment)
    write_credential(cast.credential_in_suining)
    for of_dazhou in (cast.inpatient, cast.enrolment):
        handled_at(of_dazhou, at_home, consult="0818-3091543", complaint="0818-3091553")
        handled_at(of_dazhou, at_xuanhan, consult="0818-5872688", complaint="0818-5211625")
        handled_at(of_dazhou, at_dazhu, consult="0818-6221190", complaint="0818-6239935")
    for of_suining in (cast.inpatient_in_suining, cast.credential_in_suining):
        handled_at(of_suining, at_suining, consult="0825-5182512", complaint="0825-5182506")
        handled_at(of_suining, townships, scope="资料初审")
    return cast


def county(city: City, slug: str, name: str, kind: str = "county") -> County:
    return County.objects.create(city=city, slug=slug, name=name, kind=kind, position=city.counties.count())


def matter(slug: str, name: str, category: Category, position: int, *audiences: Audience) -> Matter:
    created = Matter.objects.create(slug=slug, name=name, category=category, position=position)
    created.audiences.set(audiences)
    return created


def counter(city: City, of_county: County, name: str, address: str) -> Office:
    """A counter that is open on workdays, 8:30 to 12:00 and 14:30 to 18:00."""
    office = Office.objects.create(
        city=city,
        county=of_county,
        key=name,
        name=name,
        kind="counter",
        address=address,
        position=city.offices.count(),
    )
    sessions = [(time(8, 30), time(12, 0)), (time(14, 30), time(18, 0))]
    for position, (opens, closes) in enumerate(sessions):
        OpeningHours.objects.create(
            office=office, days="workdays", opens=opens, closes=closes, position=position
        )
    return office


def guide(city: City, of_matter: Matter, handbook: Handbook | None) -> Guide:
    last = handbook.line_count if handbook else None
    return Guide.objects.create(
        city=city,
        matter=of_matter,
        name=of_matter.name,
        handbook=handbook,
        first_line=last and 1,
        last_line=last,
    )


def handled_at(
    of_guide: Guide, office: Office, *, consult: str = "", complaint: str = "", scope: str = ""
) -> None:
    """Handle the guide at this office, with its numbers."""
    position = of_guide.guide_offices.count()
    place = GuideOffice.objects.create(guide=of_guide, office=office, scope=scope, position=position)
    numbers = [("consult", consult), ("complaint", complaint)]
    for position, (purpose, number) in enumerate(numbers):
        if number:
            phone, _ = Phone.objects.get_or_create(office=office, purpose=purpose, number=number)
            GuidePhone.objects.create(guide_office=place, phone=phone, position=position)


def write_inpatient(of_guide: Guide, limit: str, days: int) -> None:
    """The words of 住院费用报销."""
    of_guide.audience = "住院费用在定点医疗机构未联网结算的基本医疗保险参保人员。"
    of_guide.progress = "可向经办窗口查询办理进度和结果，还可通过拨打咨询电话查询办理结果。"
    of_guide.evaluation = "现场评价。"
    of_guide.save()
    Channel.objects.create(guide=of_guide, name="经办机构窗口", kind="counter")
    papers = [
        "有效身份证件或医保电子凭证或社会保障卡",
        "医院收费票据",
        "住院费用清单",
        "出院记录",
        "参保人银行账户信息",
    ]
    for position, text in enumerate(papers):
        Material.objects.create(guide=of_guide, text=text, position=position)
    TimeLimit.objects.create(guide=of_guide, kind="workdays", days=days, text=limit)
    steps = [
        ("申请", "参保人提交申请材料；"),
        ("受理", "经办人员确认申请材料是否符合要求，不符合要求的一次性告知；"),
        ("审核", "依据相关政策、法规进行审核；"),
        ("拨付", "审核完成后进行拨付；"),
        ("办结", "将报销费用划入参保人提供的银行账户。"),
    ]
    for position, (title, text) in enumerate(steps):
        Step.objects.create(guide=of_guide, title=title, text=text, position=position)
    notes = [
        "急诊可要求提供急诊诊断证明；",
        "意外伤害就医的可要求提供门（急）诊病历/入院记录。无第三方责任人的应填写《外伤无第三方责任承诺书》。",
    ]
    for position, text in enumerate(notes):
        Note.objects.create(guide=of_guide, text=text, position=position)


def write_enrolment(of_guide: Guide) -> None:
    """The words of 职工参保登记: two cases, two time limits, channels for some people only."""
    of_guide.audience = "参保单位及灵活就业人员。"
    of_guide.save()
    Channel.objects.create(guide=of_guide, name="经办机构窗口", kind="counter", position=0)
    Channel.objects.create(guide=of_guide, name="四川省政务服务网", kind="website", position=1)
    Channel.objects.create(
        guide=of_guide, name="四川医保APP", kind="app", applies_to="灵活就业人员", position=2
    )
    form = "职工基本医疗保险参保登记表"
    papers = [
        ("在职职工", "有效身份证件复印件", "", False),
        ("在职职工", f"《{form}》（加盖单位公章）", form, True),
        ("灵活就业人员", "有效身份证件", "", False),
        ("灵活就业人员", f"《{form}》", form, False),
    ]
    for position, (case, text, name, stamp) in enumerate(papers):
        Material.objects.create(
            guide=of_guide, applies_to=case, text=text, form=name, needs_stamp=stamp, position=position
        )
    TimeLimit.objects.create(
        guide=of_guide, applies_to="单位职工", kind="workdays", days=3, text="不超过3个工作日", position=0
    )
    TimeLimit.objects.create(
        guide=of_guide, applies_to="灵活就业人员", kind="instant", text="即时办结", position=1
    )
    Step.objects.create(guide=of_guide, title="申请", text="参保单位（或灵活就业人员）提交申请材料；")
    Note.objects.create(guide=of_guide, text=NOTE_WITH_POINTS)


def write_credential(of_guide: Guide) -> None:
    """The words of 医保电子凭证申领: no papers, at once."""
    of_guide.audience = "基本医疗保险参保人员。"
    of_guide.materials_state = "none"
    of_guide.save()
    Channel.objects.create(guide=of_guide, name="四川医保APP", kind="app")
    TimeLimit.objects.create(guide=of_guide, kind="instant", text="即时办结")


def content_of(response: HttpResponseBase) -> str:
    """What was sent: pages are never streamed."""
    assert isinstance(response, HttpResponse)
    return response.content.decode()


def text_of(response: HttpResponseBase) -> str:
    """What a visitor reads on a page: no tags, runs of blanks as one."""
    body = re.sub(r"<(head|script)\b.*?</\1>", "", content_of(response), flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", body))).strip()


def html_of(response: HttpResponseBase) -> str:
    """The page's HTML, runs of blanks as one."""
    return re.sub(r"\s+", " ", content_of(response))
