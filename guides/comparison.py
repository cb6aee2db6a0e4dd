"""One matter in several cities: for each question the different answers, and who gives which."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from offices.models import City

from .models import Guide
from .reading import NO_MATERIALS_LISTED, limits

Lines = tuple[str, ...]


@dataclass(frozen=True)
class Line:
    """One line of an answer, and whether every city says it."""

    text: str
    everywhere: bool


@dataclass(frozen=True)
class Answer:
    """What some cities say, word for word the same."""

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


QUESTIONS: tuple[tuple[str, Callable[[Guide], Lines]], ...] = (
    ("多久办好", time_lines),
    ("要带什么", material_lines),
    ("怎么办理", channel_lines),
    ("给谁办", audience_lines),
    ("分几步", step_lines),
)


def with_case(case: str, text: str) -> str:
    """The text, led by the case it applies to."""
    return f"{case}：{text}" if case else text


def compare(guides: Sequence[Guide]) -> list[Question]:
    """Ask every question of every guide and join the cities that answer alike."""
    return [Question(title, answers(guides, ask)) for title, ask in QUESTIONS]


def answers(guides: Sequence[Guide], ask: Callable[[Guide], Lines]) -> tuple[Answer, ...]:
    """The different answers to one question, in the order of the cities."""
    by_answer: dict[Lines, list[City]] = {}
    for guide in guides:
        by_answer.setdefault(ask(guide), []).append(guide.city)
    said_by_all = set.intersection(*(set(said) for said in by_answer)) if by_answer else set()
    return tuple(
        Answer(tuple(cities), tuple(Line(text, text in said_by_all) for text in said))
        for said, cities in by_answer.items()
    )
