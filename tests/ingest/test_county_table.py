"""Cells of a county's row: which line belongs to which column."""

from __future__ import annotations

import pytest

from guides.ingest import read_handbook
from tests.books import NOWHERE_TOML, SECTIONS, description

HEADER = "办理地点\n办理时间\n\n（工作日）\n咨询电话 投诉电话\n\n"
ONE, TWO, THREE = "0799-8100001", "0799-8100002", "0799-8100003"


def columns(cells: str) -> tuple[list[str], list[str]]:
    """Consult and complaint numbers of a one-row table whose hours and phones read like this."""
    book = (
        SECTIONS.format(name="住院费用报销")
        + HEADER
        + f"北\n河\n区\n\n北河区人民路 20 号\n2 楼医保窗口\n\n{cells}\n"
    )
    reading = read_handbook(book.encode(), handbook="yunshan", city=description("yunshan", NOWHERE_TOML))
    assert reading.problems == ()
    assert reading.unclassified == ()
    place = reading.guides[0].places[0]
    assert place.address == "北河区人民路20号2楼医保窗口"
    return (
        [phone.number + phone.for_whom for phone in place.consult_phones],
        [phone.number + phone.for_whom for phone in place.complaint_phones],
    )


@pytest.mark.parametrize(
    ("cells", "consult", "complaint"),
    [
        (f"9:00-12:00\n13:00-17:00\n\n{ONE} {TWO}", [ONE], [TWO]),
        (f"9:00-12:00\n13:00-17:00 {ONE} {TWO}", [ONE], [TWO]),
        (f"9:00-12:00\n13:00-17:00\n\n{ONE}\n{TWO}\n\n{THREE}", [ONE, TWO], [THREE]),
        (f"9:00-12:00\n13:00-17:00\n\n{ONE}\n{TWO} {THREE}", [ONE, TWO], [THREE]),
        (f"9:00-17:00 {ONE} {TWO}\n{THREE}", [ONE], [TWO, THREE]),
        (f"9:00-17:00 {ONE}\n{TWO}\n{THREE}", [ONE], [TWO, THREE]),
        (
            f"9:00-12:00\n\n{ONE}\n（居民）\n\n{TWO}\n（职工）\n\n{THREE}",
            [f"{ONE}居民", f"{TWO}职工"],
            [THREE],
        ),
    ],
)
def test_numbers_fall_into_their_columns(cells: str, consult: list[str], complaint: list[str]) -> None:
    assert columns(cells) == (consult, complaint)
