"""The static mirror: every public page as a file, one state of the content, switched in one step."""

from __future__ import annotations

import fcntl
import gzip
import json
import os
import signal
from io import StringIO
from multiprocessing import current_process
from pathlib import Path

import brotli
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.test import Client, override_settings

from guides.editing import apply_guide, rename_county, rename_matter
from guides.mirror import MirrorStopped, Wish, making, press
from guides.mirror.press import Press, Result, Task
from guides.mirror.withdrawn import FOLDER
from guides.models import Guide, Stamp
from guides.ready.watching import Seen, Watch
from tests.cast import Cast
from tests.mirror.conftest import Listener, Mirror, Written

GUIDE = "guides/dazhou/zhuyuan-baoxiao/xuanhan/index.html"
OTHER = "guides/dazhou/zhigong-canbao/xuanhan/index.html"


def edit(guide: Guide, audience: str = "换成了新的服务对象。") -> None:
    document = Guide.objects.with_details().get(pk=guide.pk).document()
    apply_guide({**document, "audience": audience})


def withdraw(guide: Guide) -> None:
    apply_guide(Guide.objects.with_details().get(pk=guide.pk).document(), status="withdrawn")


def publish(guide: Guide) -> None:
    apply_guide(Guide.objects.with_details().get(pk=guide.pk).document(), status="published")


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("/", "index.html"),
        ("/?city=dazhou", "_q/city=dazhou.html"),
        ("/guides/?city=dazhou&county=xuanhan", "guides/_q/city=dazhou&county=xuanhan.html"),
        (
            "/guides/?city=dazhou&county=xuanhan&channel=counter",
            "guides/_q/city=dazhou&county=xuanhan&channel=counter.html",
        ),
        ("/guides/dazhou/zhuyuan-baoxiao/xuanhan/", GUIDE),
        (
            "/guides/dazhou/zhuyuan-baoxiao/xuanhan/print/",
            "guides/dazhou/zhuyuan-baoxiao/xuanhan/print/index.html",
        ),
        ("/guides/dazhou/zhuyuan-baoxiao/text/", "guides/dazhou/zhuyuan-baoxiao/text/index.txt"),
        ("/data/guides.json", "data/guides.json"),
        ("/sitemaps/dazhou.xml", "sitemaps/dazhou.xml"),
        ("/robots.txt", "robots.txt"),
        ("/manifest.webmanifest", "manifest.webmanifest"),
    ],
)
def test_a_file_has_the_bytes_of_its_address_and_of_both_twins(
    client: Client, mirror: Mirror, address: str, name: str
) -> None:
    expected = client.get(address, SERVER_NAME="127.0.0.1", SERVER_PORT="8000").content
    file = mirror.current / name
    assert file.read_bytes() == expected
    assert brotli.decompress((mirror.current / f"{name}.br").read_bytes()) == expected
    assert gzip.decompress((mirror.current / f"{name}.gz").read_bytes()) == expected


def test_every_mode_has_its_tree_of_pages_and_of_nothing_else(mirror: Mirror) -> None:
    files = mirror.files()
    pages = {name for name in files if name.endswith(".html") and not name.startswith("_mode/")}
    for mode in ("large", "contrast", "large-contrast"):
        tree = {name.removeprefix(f"_mode/{mode}/") for name in files if name.startswith(f"_mode/{mode}/")}
        assert {name for name in tree if name.endswith(".html")} == pages
        assert {name.rsplit(".", 1)[1] for name in tree} == {"html", "br", "gz"}
    assert 'data-size="large" data-contrast="more"' in mirror.read(f"_mode/large-contrast/{GUIDE}")


def test_paper_errors_icons_and_a_city_named_in_the_path_are_there(mirror: Mirror) -> None:
    assert (
        (mirror.current / "guides/dazhou/zhuyuan-baoxiao/xuanhan/sheet.pdf").read_bytes().startswith(b"%PDF")
    )
    assert (mirror.current / "offices/dazhou/xuanhan/booklet.pdf").read_bytes().startswith(b"%PDF")
    assert "没有找到这一页" in mirror.read("_errors/404.html")
    assert "网站暂时出了问题" in mirror.read("_mode/large/_errors/500.html")
    assert (mirror.current / "favicon.ico").stat().st_size > 0
    assert mirror.read("guides/dazhou/index.html") == mirror.read("guides/_q/city=dazhou.html")


def test_nothing_is_written_when_nothing_has_changed(mirror: Mirror) -> None:
    before = mirror.current
    outcome = mirror.update()
    assert (outcome.is_new, outcome.made) == (False, 0)
    assert mirror.current == before


def test_the_timer_learns_that_nothing_has_changed_without_naming_every_address(
    mirror: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "public_addresses", lambda: pytest.fail("they were named"))
    assert mirror.update().addresses > 10


def test_an_edit_makes_anew_what_depends_on_it_and_shares_the_rest(mirror: Mirror, cast: Cast) -> None:
    before, version = mirror.files(), mirror.current
    edit(cast.inpatient)
    outcome = mirror.update()
    after = mirror.files()
    assert "换成了新的服务对象。" in mirror.read(GUIDE)
    assert "换成了新的服务对象。" in mirror.read(f"_mode/large/{GUIDE}")
    assert "换成了新的服务对象。" not in (version / GUIDE).read_text("utf-8")
    changed = {name for name in after if before.get(name) != after[name] and not name.startswith("static/")}
    assert {GUIDE, f"{GUIDE}.br", f"_mode/contrast/{GUIDE}.gz", "data/guides.json"} <= changed
    assert not {name for name in changed if "zhigong-canbao" in name and "/guides/" in f"/{name}"}
    assert "index.html" not in changed  # it was made again, and says the same
    assert outcome.written < outcome.made < outcome.addresses
    assert after.keys() == before.keys()


def test_a_withdrawn_guide_leaves_with_all_its_pages(mirror: Mirror, cast: Cast) -> None:
    withdraw(cast.inpatient)
    outcome = mirror.update()
    left = [name for name in mirror.files() if "dazhou/zhuyuan-baoxiao" in name]
    assert left == []
    assert outcome.gone == 8
    assert "/guides/dazhou/zhuyuan-baoxiao/" not in mirror.read("guides/_q/city=dazhou.html")


def test_a_renamed_page_stands_at_its_former_addresses_too(mirror: Mirror, cast: Cast) -> None:
    rename_matter(cast.inpatient.matter, "zhuyuan")
    rename_county(cast.xuanhan, "xuanhan-xian")
    mirror.update()
    for former in ("zhuyuan-baoxiao/xuanhan", "zhuyuan/xuanhan", "zhuyuan-baoxiao/xuanhan-xian"):
        for name in ("index.html", "index.html.br", "print/index.html", "sheet.pdf"):
            files = mirror.files()
            here = f"guides/dazhou/{former}/{name}"
            assert files[here] == files[f"guides/dazhou/zhuyuan/xuanhan-xian/{name}"]
    assert "_mode/large/guides/dazhou/zhuyuan-baoxiao/xuanhan/index.html" in mirror.files()
    assert "guides/_q/city=dazhou&county=xuanhan.html" in mirror.files()


def test_nginx_is_told_what_was_withdrawn_under_every_name_until_it_is_published_again(
    mirror: Mirror, cast: Cast
) -> None:
    cast.inpatient.matter.former_slugs.create(slug="baoxiao")
    withdraw(cast.inpatient)
    at_first: list[set[str]] = []
    mirror.update(Listener(1, lambda: at_first.append(noted(mirror))))
    assert at_first == [{"dazhou/zhuyuan-baoxiao", "dazhou/baoxiao"}]
    assert f"%{{mirror}}/{FOLDER}/" in (settings.BASE_DIR / "deploy/nginx/site.conf").read_text("utf-8")
    publish(cast.inpatient)
    mirror.update()
    assert noted(mirror) == set()


def noted(mirror: Mirror) -> set[str]:
    folder = mirror.folder / FOLDER
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_an_edit_while_pages_are_made_shows_on_all_of_them(mirror: Mirror, cast: Cast) -> None:
    edit(cast.inpatient, "第一次改动。")
    listener = Listener(5, lambda: edit(cast.inpatient, "写到一半又改。"))
    mirror.update(listener)
    assert "写的时候内容又有改动，受影响的页重新写。" in listener.said
    told = {name: mirror.read(name) for name in mirror.files() if name.endswith(("html", "json", "txt"))}
    assert [name for name, text in told.items() if "第一次改动" in text] == []
    assert "写到一半又改。" in told[GUIDE]
    assert "写到一半又改。" in told["data/guides.json"]


def test_a_guide_withdrawn_while_pages_are_made_is_in_no_file(mirror: Mirror, cast: Cast) -> None:
    edit(cast.inpatient)
    mirror.update(Listener(8, lambda: withdraw(cast.inpatient)))
    assert [name for name in mirror.files() if "dazhou/zhuyuan-baoxiao" in name] == []
    assert noted(mirror) == {"dazhou/zhuyuan-baoxiao"}


def test_edits_that_never_end_leave_the_version_there_was(
    mirror: Mirror, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = mirror.current
    numbers = iter(range(100))

    def edited_again(run: making.Run, seen: Seen) -> list[Result]:
        edit(cast.inpatient, f"第 {next(numbers)} 次。")
        return []

    edit(cast.inpatient)
    monkeypatch.setattr(making.Run, "round", edited_again)
    with pytest.raises(MirrorStopped, match="内容一直在改动"):
        mirror.update()
    assert mirror.current == before


def test_a_run_that_dies_leaves_the_version_there_was_and_the_next_tidies_up(
    mirror: Mirror, cast: Cast
) -> None:
    before = mirror.current
    edit(cast.inpatient)

    def die() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        mirror.update(Listener(5, die))
    assert mirror.current == before
    (mirror.folder / ".making" / "guides").mkdir(parents=True)  # what a SIGKILL leaves
    (mirror.folder / "20200101T000000Z").mkdir()
    mirror.update()
    assert sorted(path.name for path in mirror.folder.iterdir()) == sorted(
        [
            ".lock",
            "current",
            before.name,
            f"{before.name}.json",
            mirror.current.name,
            f"{mirror.current.name}.json",
        ]
    )


def test_the_last_two_versions_are_kept(mirror: Mirror, cast: Cast) -> None:
    names = [mirror.current.name]
    for words in ("甲。", "乙。"):
        edit(cast.inpatient, words)
        names.append(mirror.update().version)
    assert (
        sorted(path.name for path in mirror.folder.iterdir() if path.is_dir() and not path.is_symlink())
        == names[1:]
    )


def test_a_second_maker_says_so_and_stops(mirror: Mirror) -> None:
    with (mirror.folder / ".lock").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(CommandError, match="另一个 mirror 命令正在写"):
            call_command("mirror", str(mirror.folder), verbosity=0)


def test_an_address_without_a_page_stops_it_and_is_named(
    mirror: Mirror, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = mirror.current
    edit(cast.inpatient)
    monkeypatch.setattr(making, "public_addresses", lambda: ["/", "/guides/dazhou/nothing/"])
    with pytest.raises(MirrorStopped, match="/guides/dazhou/nothing/ 的回答是 404"):
        mirror.update()
    assert mirror.current == before


def test_a_host_that_is_not_allowed_stops_it_at_the_first_page(mirror: Mirror, cast: Cast) -> None:
    edit(cast.inpatient)
    elsewhere = override_settings(ALLOWED_HOSTS=["elsewhere.example"])
    with elsewhere, pytest.raises(MirrorStopped, match=r"的回答是 400.*ALLOWED_HOSTS"):
        mirror.update()


def test_other_code_makes_everything_anew(
    mirror: Mirror, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "public_addresses", lambda: ["/", "/guides/"])
    monkeypatch.setattr(making, "program", lambda *_: "another")
    outcome = mirror.update()
    assert outcome.written == outcome.addresses == outcome.made >= 2


def test_a_file_that_somebody_took_away_is_made_again(mirror: Mirror, cast: Cast) -> None:
    (mirror.current / f"{OTHER}.br").unlink()
    edit(cast.inpatient)
    mirror.update()
    assert (
        brotli.decompress((mirror.current / f"{OTHER}.br").read_bytes())
        == (mirror.current / OTHER).read_bytes()
    )


def test_the_command_says_what_it_did_and_nothing_when_it_is_to_be_quiet(mirror: Mirror, cast: Cast) -> None:
    edit(cast.inpatient)
    out = StringIO()
    call_command("mirror", str(mirror.folder), quality=0, stdout=out, verbosity=0)
    assert out.getvalue() == ""
    call_command("mirror", str(mirror.folder), quality=0, stdout=out)
    assert "没有改动，仍用版本" in out.getvalue()
    with pytest.raises(CommandError, match="0 到 11"):
        call_command("mirror", str(mirror.folder), "--quality", "12")


def test_told_to_wait_it_writes_what_is_edited_meanwhile(
    mirror: Mirror, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "sleep", lambda _: edit(cast.inpatient))
    out = StringIO()
    call_command("mirror", str(mirror.folder), quality=0, wait=60, stdout=out)
    nothing_yet, *rest = out.getvalue().splitlines()
    assert nothing_yet.startswith("没有改动")
    assert rest[-1].startswith("已换上版本")
    assert "换成了新的服务对象。" in mirror.read(GUIDE)


def test_it_waits_no_longer_than_told_and_not_after_a_new_version(
    mirror: Mirror, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[float] = []
    monkeypatch.setattr(making, "sleep", looks.append)
    monkeypatch.setattr(making, "monotonic", lambda: float(len(looks)))
    assert not making.has_changed(Stamp.objects.newest(), seconds=3)
    assert looks == [1.0] * 3
    edit(cast.inpatient)
    call_command("mirror", str(mirror.folder), quality=0, wait=60, verbosity=0)
    assert len(looks) == 3


def test_a_database_that_does_not_answer_is_said_in_a_sentence(
    mirror: Mirror, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(_: object) -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr(Watch, "look", away)
    with pytest.raises(CommandError, match=r"数据库没有应答.*仍是上一版.*connection refused"):
        call_command("mirror", str(mirror.folder))


def test_the_first_run_counted_every_address(written: Written) -> None:
    record = json.loads((written.folder / f"{written.outcome.version}.json").read_text("utf-8"))
    assert len(record["pages"]) == written.outcome.addresses == written.outcome.written
    assert record["pages"].keys() >= {"/", "/guides/", "/_errors/404.html"}


class Elsewhere(Press):
    """Says in which process it was asked."""

    def make(self, task: Task) -> Result:
        return Result(f"{task.address} in {current_process().name}", 404)


class Dying(Press):
    """Ends its process, as the system does when there is no memory left."""

    def make(self, task: Task) -> Result:
        os.kill(os.getpid(), signal.SIGKILL)
        return Result(task.address, 404)


def test_a_process_that_dies_stops_the_run(
    cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(press, "leave_databases", lambda: None)
    tasks = [Task(f"/{number}/", 1) for number in range(100)]
    with pytest.raises(MirrorStopped, match="意外结束"):
        list(press.make_all(Dying(Wish(workers=2), tmp_path, frozenset()), tasks))


def test_several_processes_share_the_work_and_none_is_lost(
    cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left: list[bool] = []
    monkeypatch.setattr(press, "leave_databases", lambda: left.append(True))
    tasks = [Task(f"/{number}/", 1) for number in range(100)]
    results = list(press.make_all(Elsewhere(Wish(workers=2), tmp_path, frozenset()), tasks))
    assert {result.address.split()[0] for result in results} == {task.address for task in tasks}
    assert all("ForkProcess" in result.address for result in results)
    assert left == [True]
