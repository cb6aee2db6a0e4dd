"""One matter in several cities: for each question the different answers, and who gives which."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from offices.models import City

from .models import Guide, Matter
from .reading import NO_MATERIALS_LISTED, limits, whereabouts
from .word_marks import Run, mark, words

Lines = tuple[str, ...]


@dataclass(frozen=True)
class Line:
    """One line of an answer, in runs: what every city says, and what at least one other city does not say."""

    runs: tuple[Run, ...]

    @property
    def text(self) -> str:
        """The line as the handbook has it."""
        return "".join(run.text for run in self.runs)

    @property
    def everywhere(self) -> bool:
        """Whether nothing in it is marked."""
        return not any(run.differs for run in self.runs)


@dataclass(frozen=True)
class Answer:
    """What some cities say, word for word the same; where only the stops differ, as the first of them has it."""

    cities: tuple[City, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Question:
    """One question and its answers; a single answer means that all cities agree."""

    title: str
    answers: tuple[Answer, ...]

    @property
    def agreed(self) -> bool:
        """Whether all cities say the same."""
        return len(self.answers) == 1


def time_lines(guide: Guide) -> Lines:
    """How long it takes, as printed."""
    return tuple(with_case(limit.case, limit.words) for limit in limits(guide))


def material_lines(guide: Guide) -> Lines:
    """What to bring, one paper a line."""
    listed = tuple(with_case(material.applies_to, material.text) for material in guide.materials.all())
    return listed or (NO_MATERIALS_LISTED.get(guide.materials_state, ""),)


def channel_lines(guide: Guide) -> Lines:
    """The ways to apply, one a line."""
    return tuple(with_case(channel.applies_to, channel.name) for channel in guide.channels.all())


def audience_lines(guide: Guide) -> Lines:
    """Whom the matter is for."""
    return (guide.audience,) if guide.audience else ()


def step_lines(guide: Guide) -> Lines:
    """The steps, one a line."""
    return tuple(with_case(step.title, step.text) for step in guide.steps.all())


def note_lines(guide: Guide) -> Lines:
    """The remarks, one a line."""
    return tuple(note.text for note in guide.notes.all())


def place_lines(guide: Guide) -> Lines:
    """How many counters and how many kinds of city-wide places handle it."""
    where = whereabouts(guide)
    counters = f"窗口 {len(where.others)} 处" if where.others else ""
    return tuple(
        filter(None, [counters, f"全市通用网点 {len(where.city_wide)} 类" if where.city_wide else ""])
    )


Questions = tuple[tuple[str, Callable[[Guide], Lines]], ...]
QUESTIONS: Questions = (
    ("多久办好", time_lines),
    ("要带什么", material_lines),
    ("怎么办理", channel_lines),
    ("给谁办", audience_lines),
    ("分几步", step_lines),
    ("备注", note_lines),
    ("去哪里办", place_lines),
)
BETWEEN_CITIES = QUESTIONS[:-1]
"""The questions that set two cities apart: everywhere the offices are others, which says nothing about a matter."""


def with_case(case: str, text: str) -> str:
    """The text, led by the case it applies to."""
    return f"{case}：{text}" if case else text


def compare(guides: Sequence[Guide], questions: Questions = QUESTIONS) -> list[Question]:
    """Ask every question of every guide and join the cities that answer alike."""
    return [Question(title, answers(guides, ask)) for title, ask in questions]


def answers(guides: Sequence[Guide], ask: Callable[[Guide], Lines]) -> tuple[Answer, ...]:
    """The different answers to one question, in the order of the cities; stops and blanks make no difference."""
    by_answer: dict[Lines, list[City]] = {}
    as_said_first: dict[tuple[tuple[str, ...], ...], Lines] = {}
    for guide in guides:
        said = ask(guide)
        said = as_said_first.setdefault(tuple(words(line) for line in said), said)
        by_answer.setdefault(said, []).append(guide.city)
    return tuple(
        Answer(
            tuple(cities),
            tuple(Line(mark(text, [other for other in by_answer if other != said])) for text in said),
        )
        for said, cities in by_answer.items()
    )


@dataclass(frozen=True)
class MatterComparison:
    """One matter in two cities, with the questions they answer differently."""

    matter: Matter
    differing: tuple[Question, ...]


@dataclass(frozen=True)
class CityComparison:
    """Two cities matter by matter."""

    differing: tuple[MatterComparison, ...]
    alike: tuple[Matter, ...]
    only: tuple[tuple[City, tuple[Guide, ...]], ...]
    """Guides to matters that the other city has none for."""


def compare_cities(cities: tuple[City, City], guides: Sequence[Guide]) -> CityComparison:
    """What differs between two cities; ``guides`` are those of both, in reading order."""
    by_matter: dict[Matter, list[Guide]] = {}
    for guide in guides:
        by_matter.setdefault(guide.matter, []).append(guide)
    in_both = {matter: pair for matter, pair in by_matter.items() if len(pair) == 2}
    compared = [
        MatterComparison(
            matter,
            tuple(
                question
                for question in compare(
                    sorted(pair, key=lambda guide: cities.index(guide.city)), BETWEEN_CITIES
                )
                if not question.agreed
            ),
        )
        for matter, pair in in_both.items()
    ]
    alone = [guide for guide in guides if guide.matter not in in_both]
    return CityComparison(
        differing=tuple(one for one in compared if one.differing),
        alike=tuple(one.matter for one in compared if not one.differing),
        only=tuple((city, tuple(guide for guide in alone if guide.city == city)) for city in cities),
    )
