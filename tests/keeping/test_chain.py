"""The chain of the audit trail: nothing in it is changed, taken out or swapped unnoticed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from keeping.chain import FIELDS, NOTHING_BEFORE, Anchor, Link, canonical, digest, link_of, look_through

BEGAN = datetime(2026, 11, 22, 9, tzinfo=UTC)


def chain(count: int, key: str = "", before: Link | None = None) -> list[Link]:
    """So many entries, as they are written."""
    links = [before] if before else []
    for _ in range(count):
        last = links[-1] if links else None
        link = Link(
            number=last.number + 1 if last else 1,
            at=BEGAN + timedelta(minutes=len(links)),
            actor_id="7",
            actor_name="陈市级",
            action="publish",
            object="住院费用报销",
            place="dazhou",
            detail=canonical({"number": len(links)}),
            request_id="0123abcd",
            network="203.0.113.0/24",
            is_keyed=bool(key),
            previous=last.hash if last else NOTHING_BEFORE,
        )
        links.append(replace(link, hash=digest(link, key)))
    return links[1:] if before else links


def problems(links: list[Link], **options: object) -> list[str]:
    return look_through(links, **options).problems  # type: ignore[arg-type]


def test_a_chain_as_written_is_whole() -> None:
    found = look_through(chain(5))
    assert found.is_whole
    assert found.count == 5
    assert found.last == Anchor(5, chain(5)[-1].hash)


@pytest.mark.parametrize(
    "field", [name for name in FIELDS if name not in ("number", "at", "hash", "is_keyed")]
)
def test_every_changed_field_is_found(field: str) -> None:
    links = chain(5)
    changed: dict[str, Any] = {field: "别的"}
    links[2] = replace(links[2], **changed)
    assert any("第 3 条" in problem for problem in problems(links))


def test_a_changed_time_number_or_key_mark_is_found() -> None:
    changes: list[dict[str, Any]] = [{"at": BEGAN}, {"number": 9}, {"is_keyed": True}]
    for changed in changes:
        links = chain(5)
        links[2] = replace(links[2], **changed)
        assert problems(links), changed


def test_every_tampered_row_is_named_and_no_other() -> None:
    links = chain(9)
    for place in (1, 6):
        links[place] = replace(links[place], actor_name="别人")
    assert problems(links) == ["第 2 条的内容被改过。", "第 7 条的内容被改过。"]


def test_a_tampered_row_with_a_new_hash_no_longer_fits_the_next() -> None:
    links = chain(5)
    forged = replace(links[2], actor_name="别人")
    links[2] = replace(forged, hash=digest(forged))
    assert problems(links) == ["第 4 条和第 3 条接不上：其中一条被换过或被重写过。"]


def test_deleted_rows_are_named() -> None:
    links = chain(9)
    assert problems([link for link in links if link.number not in (3, 6, 7)]) == [
        "缺第 3 条。",
        "缺第 6 到第 7 条。",
    ]


def test_swapped_rows_are_found_whichever_way_they_were_swapped() -> None:
    links = chain(5)
    assert problems([links[0], links[2], links[1], *links[3:]])
    contents_swapped = list(links)
    contents_swapped[1] = replace(links[2], number=2)
    contents_swapped[2] = replace(links[1], number=3)
    assert len(problems(contents_swapped)) >= 2


def test_rows_cut_off_at_the_end_are_found_by_an_anchor_alone() -> None:
    links = chain(9)
    anchor = Anchor(9, links[-1].hash)
    assert problems(links[:6]) == []
    assert problems(links[:6], anchors=[anchor]) == ["第 9 条存过证，现在不见了：最后面的记录被删掉了。"]
    assert problems([], anchors=[anchor])


def test_a_chain_that_was_written_anew_does_not_meet_its_anchor() -> None:
    anchor = Anchor(6, chain(9)[5].hash)
    anew = chain(2)
    forged = chain(
        7, before=replace(anew[-1], actor_name="别人", hash=digest(replace(anew[-1], actor_name="别人")))
    )
    found = problems(
        [anew[0], replace(anew[1], actor_name="别人", hash=forged[0].previous), *forged], anchors=[anchor]
    )
    assert any("不是当初存证的那一条" in problem for problem in found)


def test_anchors_older_than_what_is_kept_are_passed_over() -> None:
    links = chain(9)
    start = Anchor(4, links[3].hash)
    assert problems(links[4:], start=start, anchors=[Anchor(2, links[1].hash)]) == []


def test_with_a_key_nobody_makes_a_chain_that_is_whole() -> None:
    links = chain(5, key="k" * 32)
    assert problems(links, keys=["n" * 32, "k" * 32]) == []
    forged = replace(links[4], actor_name="别人")
    links[4] = replace(forged, hash=digest(forged, "x" * 32))
    assert problems(links, keys=["k" * 32]) == ["第 5 条的内容被改过。"]
    assert problems(chain(1, key="k" * 32)) == ["第 1 条要用 AUDIT_KEY 才能核对。"]


def test_entries_without_a_key_after_entries_with_one_are_found() -> None:
    links = chain(3, key="k" * 32)
    links += chain(2, before=links[-1])
    assert problems(links, keys=["k" * 32]) == [
        f"第 {number} 条没有用密钥，前面的却用了：可能是伪造的。" for number in (4, 5)
    ]


def test_entries_from_before_the_key_was_set_are_counted() -> None:
    links = chain(3)
    links += chain(2, key="k" * 32, before=links[-1])
    found = look_through(links, keys=["k" * 32])
    assert found.is_whole
    assert found.unkeyed == 3


def test_a_line_of_an_archive_is_the_same_entry() -> None:
    link = chain(1)[0]
    assert link_of(link.as_json()) == link


def test_half_a_character_is_written_and_hashed() -> None:
    assert canonical({"a": "\ud83d"}) == '{"a":"\\ud83d"}'


@pytest.mark.parametrize("text", ["", "12", "x:" + "0" * 64, "12:abc"])
def test_what_is_no_anchor_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="不是“号码:校验值”"):
        Anchor.read(text)
