"""Guided paths: a few plain questions that lead to one of several matters that are easily confused.

A path is plain data and knows no cities: whom a matter is for, in the handbook's words, is read from the guides.
The answers given so far are one word of the address (``?a=changzhu-zhigong``), so that every question has its
own page and the browser's back button goes one question back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

MOST_QUESTIONS = 4
"""Nobody has to answer more."""
JOIN = "-"
"""Between the answers in an address."""


@dataclass(frozen=True)
class Answer:
    """One answer as it is offered and as it is summed up, and what it leads to: a question, or a matter's slug."""

    slug: str
    label: str
    said: str
    leads_to: Question | str
    hint: str = ""


@dataclass(frozen=True)
class Question:
    """One question with the answers to choose from."""

    text: str
    answers: tuple[Answer, ...]
    hint: str = ""

    def outcomes(self) -> Iterator[str]:
        """The matters that the answers lead to in the end."""
        for answer in self.answers:
            if isinstance(answer.leads_to, str):
                yield answer.leads_to
            else:
                yield from answer.leads_to.outcomes()


@dataclass(frozen=True)
class Taken:
    """A question that has been answered, and the answers given before it."""

    question: Question
    answer: Answer
    before: str


@dataclass(frozen=True)
class Position:
    """How far somebody has come: the questions answered, then the next question or the matter found."""

    taken: tuple[Taken, ...]
    here: Question | str

    @property
    def given(self) -> str:
        """The answers so far, as they stand in the address."""
        return JOIN.join(turn.answer.slug for turn in self.taken)

    @property
    def question(self) -> Question | None:
        """The question to answer next; nothing at the end of the path."""
        return None if isinstance(self.here, str) else self.here

    @property
    def matter(self) -> str:
        """The slug of the matter found; empty while there is a question left."""
        return self.here if isinstance(self.here, str) else ""

    @property
    def said(self) -> str:
        """The answers so far in words."""
        return "，".join(turn.answer.said for turn in self.taken)

    def after(self, answer: Answer) -> Position:
        """The position after one more answer."""
        if self.question is None:
            raise ValueError("the path has ended")
        return Position((*self.taken, Taken(self.question, answer, self.given)), answer.leads_to)


class WrongTurn(ValueError):
    """An answer that the question does not offer; ``position`` is how far the answers before it lead."""

    def __init__(self, answer: str, position: Position) -> None:
        super().__init__(f"no answer {answer!r} after {position.given!r}")
        self.answer = answer
        self.position = position


@dataclass(frozen=True)
class GuidedPath:
    """The questions to one group of matters; ``category`` is the shelf they stand on."""

    slug: str
    name: str
    title: str
    category: str
    first: Question

    @property
    def matters(self) -> tuple[str, ...]:
        """The slugs of the matters it can lead to, each once."""
        return tuple(dict.fromkeys(self.first.outcomes()))

    def follow(self, given: str) -> Position:
        """Where these answers lead; raises ``WrongTurn`` at the first one that is not offered."""
        position = Position((), self.first)
        for slug in given.split(JOIN) if given else []:
            offered = (
                {answer.slug: answer for answer in position.question.answers} if position.question else {}
            )
            if slug not in offered:
                raise WrongTurn(slug, position)
            position = position.after(offered[slug])
        return position


YIDI = GuidedPath(
    slug="yidi",
    name="异地就医备案",
    title="异地就医备案，该办哪一种？",
    category="yidi",
    first=Question(
        "您为什么会在外地看病？",
        answers=(
            Answer(
                "changzhu",
                "我平时就住在外地",
                "平时住在外地",
                hint="例如在外地养老、工作，或者跟家人住在外地。",
                leads_to=Question(
                    "您参加的是哪一种医保？",
                    hint="由单位办理，或者按灵活就业人员自己办理的，是职工医保；没有参加职工医保的，是城乡居民医保。",
                    answers=(
                        Answer(
                            "zhigong",
                            "职工医保",
                            "参加职工医保",
                            leads_to=Question(
                                "您住在外地是哪一种情况？",
                                answers=(
                                    Answer(
                                        "tuixiu", "我退休了，安置到外地", "退休后安置到外地", "yidi-anzhi"
                                    ),
                                    Answer(
                                        "gongzuo",
                                        "我常驻外地工作",
                                        "常驻外地工作",
                                        "yidi-gongzuo",
                                        hint="例如由参保地的单位派出，或者签了异地工作的劳动合同。",
                                    ),
                                    Answer(
                                        "juzhu",
                                        "以上两种都不是，我长期住在外地",
                                        "长期住在外地",
                                        "yidi-changju",
                                        hint="例如跟子女住在一起。",
                                    ),
                                ),
                            ),
                        ),
                        Answer("jumin", "城乡居民医保", "参加城乡居民医保", "yidi-changju"),
                    ),
                ),
            ),
            Answer(
                "zhuanzhen",
                "我住在参保的地方，要专门去外地看病",
                "住在参保地，专门去外地看病",
                hint="例如本地的医院建议转到外地的医院。",
                leads_to=Question(
                    "参保地的医院给您开转诊转院单了吗？",
                    hint="要由参保地规定的定点医疗机构开具。",
                    answers=(
                        Answer("you", "开了，或者医院同意开", "有转诊转院单", "yidi-zhuanzhen"),
                        Answer("meiyou", "没有", "没有转诊转院单", "linshi-waichu"),
                    ),
                ),
            ),
            Answer(
                "linshi",
                "我住在参保的地方，临时外出时要看病",
                "住在参保地，临时外出时看病",
                "linshi-waichu",
                hint="例如出差、旅游、探亲时生了病。",
            ),
        ),
    ),
)
PATHS = {path.slug: path for path in (YIDI,)}


def path_to(matter: str) -> GuidedPath | None:
    """The path that can lead to this matter, if there is one."""
    return next((path for path in PATHS.values() if matter in path.matters), None)


def path_among(matters: Iterable[str]) -> GuidedPath | None:
    """The path that helps to choose among these matters: at least two of them are its outcomes."""
    named = set(matters)
    return next((path for path in PATHS.values() if len(named & set(path.matters)) > 1), None)


def path_of_category(category: str) -> GuidedPath | None:
    """The path to the matters of this category, if there is one."""
    return next((path for path in PATHS.values() if path.category == category), None)
