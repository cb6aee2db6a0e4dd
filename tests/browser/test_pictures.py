"""The pictures of docs/editors.md: made-up people do the real jobs on the real books, and the screen is kept.

``make pictures`` takes them anew; nothing else runs this file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO, StringIO
from pathlib import Path

import openpyxl
import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from guides.access import CITY_ADMIN, COUNTY_EDITOR
from guides.models import Guide
from offices.models import City, County, Office
from tests.admin.staff import member, role
from tests.books import load_real_books

pytestmark = pytest.mark.pictures
FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
WIDTH, LARGEST = 1100, 80_000  # CSS pixels, bytes
PASSWORD = "guanzi-6-zhuozi"
CHEN, ZHOU, LI, HE = "陈市级", "周县区", "李县区", "何系统"
SignIn = Callable[[str], Page]


@pytest.fixture
def staff(transactional_db: None) -> None:
    """The real books, and made-up people who can log in."""
    load_real_books()
    call_command("seed_workdays", stdout=StringIO())
    dazhou = City.objects.get(slug="dazhou")
    xuanhan = County.objects.get(city=dazhou, slug="xuanhan")
    for user in (
        member(CHEN, CITY_ADMIN, dazhou),
        member(ZHOU, COUNTY_EDITOR, xuanhan),
        member(LI, COUNTY_EDITOR, xuanhan),
        User.objects.create_superuser(HE, first_name=HE),
    ):
        user.set_password(PASSWORD)
        user.save()


@pytest.fixture
def sign_in(browser: Browser, live_server: LiveServer, staff: None) -> Iterator[SignIn]:
    """Somebody's own browser, after he has logged in through the form."""
    contexts: list[BrowserContext] = []

    def signed_in(name: str) -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            viewport={"width": WIDTH, "height": 800},
        )
        context.add_init_script("localStorage.setItem('django.admin.navSidebarIsOpen', 'false')")
        contexts.append(context)
        page = context.new_page()
        page.goto("/admin/")
        page.get_by_label("用户名").fill(name)
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_role("button", name="登录").click()
        expect(page.locator("#user-tools")).to_contain_text(name)
        return page

    yield signed_in
    for context in contexts:
        context.close()


def test_every_picture_of_the_handbook_for_editors(sign_in: SignIn, tmp_path: Path) -> None:
    zhou, chen = sign_in(ZHOU), sign_in(CHEN)
    guide = Guide.objects.get(city__slug="dazhou", matter__slug="zhuyuan-baoxiao")
    one_phone(zhou)
    a_county_editors_guide(zhou, guide)
    what_waits(chen)
    sign_off(chen)
    many_phones(zhou)
    two_at_once(zhou, sign_in(LI), guide)
    history(chen, guide)
    a_draft(chen, guide)
    health(chen)
    table(chen, tmp_path)
    an_account(sign_in(HE))


def one_phone(page: Page) -> None:
    office = Office.objects.get(city__slug="dazhou", county__slug="xuanhan")
    page.goto(f"/admin/offices/office/{office.pk}/change/")
    number = page.locator("#phones-group input[value='0818-5201826']")
    number.fill("0818-5201800")
    take(page, "phone", 700, of=page.locator("#phones-group"), point=number)


def a_county_editors_guide(page: Page, guide: Guide) -> None:
    page.goto(f"/admin/guides/guide/{guide.pk}/change/")
    page.locator("[name=materials-0-text]").fill("身份证、医保电子凭证或社会保障卡（原件，当场退还）")
    page.locator("[name=guide_offices-0-consult_phones]").fill("0818-5201800")
    page.get_by_label("修改原因").fill("窗口来电核对")
    take(page, "county-guide", 640, of=page.get_by_role("heading", name="怎么改"))
    save(page)
    expect(page.locator(".messagelist")).to_contain_text("已送市级管理员审核")


def what_waits(page: Page) -> None:
    page.goto("/admin/")
    take(page, "start", 720, point=page.get_by_role("link", name="等我审核的修改建议"))


def sign_off(page: Page) -> None:
    page.locator(".pile").first.get_by_role("link", name="住院费用报销").click()
    page.get_by_label("采纳", exact=True).check()
    take(page, "proposal", 800, point=page.get_by_role("button", name="保存审核结果"))
    page.get_by_role("button", name="保存审核结果").click()
    expect(page.locator(".messagelist")).to_be_visible()


def many_phones(page: Page) -> None:
    page.goto("/admin/bulk/phone/?number=0818-5211625")
    page.locator("[name=new]").fill("0818-5211600")
    page.get_by_role("button", name="预览（还不保存）").click()
    take(page, "bulk-preview", 560)
    page.get_by_label("修改原因").fill("监督电话换号")
    page.get_by_role("button", name="确认，改这").click()
    undo = page.get_by_role("button", name="撤销本次批量修改")
    take(page, "bulk-undo", 430, of=page.get_by_role("heading", name="全部撤销"), point=undo)


def two_at_once(first: Page, second: Page, guide: Guide) -> None:
    for page in (first, second):
        page.goto(f"/admin/guides/guide/{guide.pk}/change/")
    phones = "[name=guide_offices-0-consult_phones]"
    second.locator(phones).fill("0818-5201811")
    save(second)
    first.locator(phones).fill("0818-5201822")
    save(first)
    take(first, "conflict", 440)


def history(page: Page, guide: Guide) -> None:
    page.goto(f"/admin/guides/guide/{guide.pk}/history/")
    take(page, "history", 620, point=page.get_by_role("button", name="比较"))


def a_draft(page: Page, guide: Guide) -> None:
    """A new guide, of a matter that no city has yet."""
    matter = guide.matter
    matter.pk, matter.slug, matter.name = None, "lingshi-baoxiao", "临时外出费用报销"
    matter.save()
    page.goto("/admin/guides/guide/add/")
    page.get_by_label("城市").select_option(label="达州市")
    page.locator("#id_matter + .select2").click()
    page.locator(".select2-search__field").fill("临时外出")
    page.get_by_role("option", name="临时外出费用报销").click()
    page.get_by_label("事项名称").fill("临时外出费用报销")
    page.get_by_label("服务对象").fill("临时外出的参保人员。")
    page.get_by_role("button", name="保存并继续编辑").first.click()
    expect(page.locator(".about-document")).to_contain_text("发布前还要补")
    take(page, "draft", 800, point=page.get_by_label("状态"))


def health(page: Page) -> None:
    page.goto("/admin/health/?county=dachuan")
    take(page, "health", 760, point=page.get_by_role("button", name="处理好了").first)


def table(page: Page, folder: Path) -> None:
    page.goto("/admin/export/")
    with page.expect_download() as download:
        page.get_by_role("link", name="办理点和电话.xlsx").click()
    path = folder / "办理点和电话.xlsx"
    download.value.save_as(path)
    book = openpyxl.load_workbook(path)
    sheet = next(each for each in book if each.title == "电话")
    number = next(cell for row in sheet.iter_rows() for cell in row if cell.value == "0818-5232567")
    number.value = "0818-5232500"
    book.save(path)
    page.goto("/admin/import/")
    page.set_input_files("[type=file]", path)
    page.get_by_role("button", name="试算（还不提交）").click()
    take(page, "import", 660, point=page.get_by_role("button", name="提交审核"))


def an_account(page: Page) -> None:
    role(COUNTY_EDITOR)
    page.goto("/admin/auth/user/add/")
    page.get_by_label("用户名").fill("zhaoxq")
    page.get_by_label("姓名").fill("赵小青")
    page.get_by_label(COUNTY_EDITOR).check()
    page.locator("#id_duties-0-city").select_option(label="达州市")
    page.locator("#id_duties-0-county").select_option(label="达州市宣汉县")
    take(page, "account", 520, of=page.get_by_role("heading", name="能做什么"))


def save(page: Page) -> None:
    page.get_by_role("button", name="保存", exact=True).first.click()


def take(
    page: Page, name: str, height: int, *, of: Locator | None = None, point: Locator | None = None
) -> None:
    """Keep what the screen shows from ``of`` down, with a red line around what the text tells to click."""
    if point:
        point.evaluate("it => { it.style.outline = '3px solid #d92d20'; it.style.outlineOffset = '3px' }")
    top = of.evaluate("it => it.getBoundingClientRect().top + scrollY - 12") if of else 0
    end = page.evaluate("document.documentElement.scrollHeight")
    seen = {"x": 0, "y": top, "width": WIDTH, "height": min(height, end - top)}
    shot = Image.open(BytesIO(page.screenshot(full_page=True, clip=seen)))  # type: ignore[arg-type]
    FOLDER.mkdir(exist_ok=True)
    path = FOLDER / f"{name}.png"
    shot.convert("RGB").quantize(64).save(path, optimize=True)
    assert path.stat().st_size <= LARGEST, path
