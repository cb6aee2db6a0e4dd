"""Working days on the real calendar: which day is one, and the last of a number of them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offices.arrangements import arranged_years, arrangement
from offices.workdays import Calendar, Rest, date_in_words, ending, latest_finish, read_date

DAYS = [day for _, days in arranged_years(2024) for day in days]
CALENDAR = Calendar(
    years=frozenset({2024, 2025, 2026}),
    days_off={day.date: day.name for day in DAYS if not day.is_workday},
    make_up_days={day.date: day.name for day in DAYS if day.is_workday},
)
KNOWN = st.dates(date(2024, 1, 1), date(2026, 12, 31))
NUMBERS = st.integers(0, 70)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 2, 10), True),
        (date(2026, 2, 14), True),  # a Saturday that is worked
        (date(2026, 2, 16), False),  # Spring Festival, a Monday
        (date(2026, 2, 21), False),  # a Saturday inside the holiday
        (date(2026, 3, 7), False),
        (date(2026, 10, 10), True),
        (date(2026, 12, 31), True),
        (date(2027, 1, 1), None),
        (date(2023, 12, 31), None),
        (date.max, None),
        (date.min, None),
    ],
)
def test_a_day_is_worked_or_not_or_not_known(day: date, expected: bool | None) -> None:
    assert CALENDAR.is_workday(day) is expected


@pytest.mark.parametrize(
    ("accepted", "working_days", "last_day"),
    [
        (date(2026, 2, 10), 0, date(2026, 2, 10)),
        (date(2026, 2, 10), 1, date(2026, 2, 11)),
        (date(2026, 2, 10), 4, date(2026, 2, 14)),  # the make-up Saturday counts
        (date(2026, 2, 10), 5, date(2026, 2, 24)),  # nine days of Spring Festival do not
        (date(2026, 2, 10), 10, date(2026, 3, 2)),  # nor an ordinary Sunday, but Saturday 28 February does
        (date(2026, 2, 18), 1, date(2026, 2, 24)),  # accepted on a holiday
        (date(2026, 2, 21), 0, date(2026, 2, 21)),
        (date(2025, 12, 30), 3, date(2026, 1, 5)),  # New Year, and Sunday 4 January that is worked: 31, 4, 5
        (date(2026, 9, 15), 60, date(2026, 12, 14)),
        (date(2026, 12, 16), 11, date(2026, 12, 31)),
    ],
)
def test_the_last_of_so_many_working_days(accepted: date, working_days: int, last_day: date) -> None:
    assert latest_finish(accepted, working_days, CALENDAR).last_day == last_day


def test_the_skipped_days_are_named_in_their_order() -> None:
    deadline = latest_finish(date(2026, 2, 10), 10, CALENDAR)
    assert deadline.skipped == (
        Rest("春节", date(2026, 2, 15), date(2026, 2, 23)),
        Rest("周末", date(2026, 3, 1), date(2026, 3, 1)),
    )
    assert deadline.worked == (date(2026, 2, 14), date(2026, 2, 28))
    assert deadline.reasons == [("春节", 9), ("周末", 1)]
    assert deadline.days_skipped == 10
    assert [str(rest) for rest in deadline.skipped] == [
        "2026年2月15日（星期日）至2月23日（星期一）",
        "2026年3月1日（星期日）",
    ]


def test_acceptance_on_a_day_off_is_said() -> None:
    assert latest_finish(date(2026, 10, 1), 0, CALENDAR).rest_on_acceptance == "国庆节"
    assert latest_finish(date(2026, 11, 21), 3, CALENDAR).rest_on_acceptance == "周末"
    assert latest_finish(date(2026, 10, 10), 3, CALENDAR).rest_on_acceptance == ""


@pytest.mark.parametrize(
    ("accepted", "working_days", "counted", "unknown"),
    [
        (date(2026, 12, 16), 12, 11, "2027年放假安排尚未公布"),
        (date(2026, 12, 31), 1, 0, "2027年放假安排尚未公布"),
        (date(2027, 3, 1), 5, 0, "2027年放假安排尚未公布"),
        (date.max, 60, 0, "9999年放假安排尚未公布"),
        (date(2023, 12, 29), 3, 0, "本站没有2023年的放假安排"),
        (date.min, 3, 0, "本站没有1年的放假安排"),
    ],
)
def test_beyond_the_calendar_nothing_is_guessed(
    accepted: date, working_days: int, counted: int, unknown: str
) -> None:
    deadline = latest_finish(accepted, working_days, CALENDAR)
    assert (deadline.last_day, deadline.counted, deadline.unknown) == (None, counted, unknown)
    assert deadline.missing == working_days - counted


def test_of_no_working_days_the_day_itself_is_known_in_any_year() -> None:
    assert latest_finish(date(2031, 5, 1), 0, CALENDAR).last_day == date(2031, 5, 1)
    assert latest_finish(date(2031, 5, 1), 0, Calendar()).unknown == ""


def test_an_empty_calendar_knows_nothing() -> None:
    deadline = latest_finish(date(2026, 2, 10), 1, Calendar())
    assert (deadline.last_day, deadline.unknown) == (None, "本站没有2026年的放假安排")
    assert Calendar().data() == {"years": [], "off": {}, "on": []}


def test_a_calendar_to_the_end_of_time_does_not_run_over() -> None:
    forever = Calendar(frozenset({9999}), {}, {})
    assert latest_finish(date(9999, 12, 30), 1, forever).last_day == date.max
    assert latest_finish(date(9999, 12, 30), 2, forever).last_day is None


def test_a_negative_number_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        latest_finish(date(2026, 2, 10), -1, CALENDAR)


@given(KNOWN, NUMBERS)
def test_a_last_day_is_a_working_day_and_all_in_between_are_counted_or_skipped(
    accepted: date, working_days: int
) -> None:
    deadline = latest_finish(accepted, working_days, CALENDAR)
    if deadline.last_day is None:
        assert deadline.counted < working_days
        return
    assert (deadline.last_day - accepted).days == working_days + deadline.days_skipped
    assert working_days == 0 or CALENDAR.is_workday(deadline.last_day)
    for rest in deadline.skipped:
        days = [rest.first + timedelta(days=number) for number in range(rest.days)]
        assert all(CALENDAR.is_workday(day) is False for day in days)


@given(KNOWN, NUMBERS)
def test_one_more_working_day_ends_later(accepted: date, working_days: int) -> None:
    one, more = (latest_finish(accepted, number, CALENDAR) for number in (working_days, working_days + 1))
    if one.last_day is None:
        assert more.last_day is None
    elif more.last_day:
        assert one.last_day < more.last_day


@given(KNOWN, NUMBERS)
def test_a_later_acceptance_never_ends_earlier(accepted: date, working_days: int) -> None:
    today, tomorrow = (
        latest_finish(day, working_days, CALENDAR) for day in (accepted, accepted + timedelta(days=1))
    )
    if working_days and today.last_day and tomorrow.last_day:
        assert today.last_day <= tomorrow.last_day


@given(st.dates(), st.integers(0, 40000))
def test_any_day_has_an_answer(accepted: date, working_days: int) -> None:
    deadline = latest_finish(accepted, working_days, CALENDAR)
    assert (deadline.last_day is None) == bool(deadline.unknown)


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("2026-02-10", date(2026, 2, 10)),
        ("2026/2/10", date(2026, 2, 10)),
        ("2026年2月10日", date(2026, 2, 10)),
        ("２０２６．２．１０", date(2026, 2, 10)),
        ("9999-12-31", date.max),
        ("0000-00-00", None),
        ("2026-02-30", None),
        ("1e9", None),
        ("20260210", None),
        ("二月十日", None),
        ("٢٠٢٦-٠٢-١٠", None),
        ("", None),
    ],
)
def test_a_date_is_read_in_the_ways_people_write_it(words: str, day: date | None) -> None:
    assert read_date(words) == day


@given(st.text(max_size=60))
def test_no_words_break_the_reading_of_a_date(words: str) -> None:
    read_date(words)


def test_a_date_is_said_with_its_weekday() -> None:
    assert date_in_words(date(2026, 3, 2)) == "2026年3月2日，星期一"


@pytest.mark.parametrize(
    ("today", "words"),
    [
        (date(2026, 10, 31), ""),
        (date(2026, 11, 1), "工作日历只到2026年12月31日，还剩 60 天"),
        (date(2026, 11, 2), "工作日历只到2026年12月31日，还剩 59 天"),
        (date(2026, 11, 22), "工作日历只到2026年12月31日，还剩 39 天"),
        (date(2025, 12, 31), ""),
        (date(2027, 1, 1), "工作日历里没有2027年的放假安排"),
    ],
)
def test_editors_are_told_when_the_calendar_ends(today: date, words: str) -> None:
    assert ending(CALENDAR, today)[: len(words) or None] == words


def test_a_gap_ends_the_calendar() -> None:
    with_a_gap = Calendar(frozenset({2024, 2026}))
    assert with_a_gap.covered_until(date(2024, 5, 1)) == date(2024, 12, 31)
    assert "只到2024年12月31日" in ending(with_a_gap, date(2024, 12, 1))


def test_the_package_gives_holidays_with_their_weekends_and_make_up_days() -> None:
    days = {day.date: (day.is_workday, day.name) for day in arrangement(2026)}
    assert days[date(2026, 2, 15)] == (False, "春节")
    assert days[date(2026, 2, 28)] == (True, "春节")
    assert days[date(2026, 9, 27)] == (False, "中秋节")
    assert date(2026, 11, 22) not in days
    assert sorted(day for day, (is_workday, _) in days.items() if is_workday) == [
        date(2026, 1, 4),
        date(2026, 2, 14),
        date(2026, 2, 28),
        date(2026, 5, 9),
        date(2026, 9, 20),
        date(2026, 10, 10),
    ]


def test_a_year_the_package_does_not_know_is_empty() -> None:
    assert arrangement(1999) == []
    assert list(arranged_years(1999)) == []


def test_pages_get_the_last_two_years() -> None:
    data = CALENDAR.data()
    assert data["years"] == [2025, 2026]
    assert data["off"]["国庆节"][-1] == "2026-10-07"
    assert data["on"][-1] == "2026-10-10"
    assert not any(day.startswith("2024") for days in data["off"].values() for day in days)
