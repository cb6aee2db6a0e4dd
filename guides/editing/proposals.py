"""Changes that wait for sign-off: proposing one, and deciding it line by line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from guides.access import NotAllowedError, may_edit, own_part, reach_of, without_others
from guides.models import Guide, Proposal, ProposalLine
from offices.models import County, Office

from .applying import Outcome, apply_guide, apply_office
from .documents import Document, check_guide
from .noting import note
from .proposal_lines import Line, lines_of, put
from .revisions import Change, Conflict, Subject, author_name, fresh


class Submission(NamedTuple):
    """What came of a county editor's save: what changed at once, and what waits.

    ``is_cut`` says that he also wanted something of other counties, which was left out.
    """

    outcome: Outcome
    proposal: Proposal | None
    is_cut: bool

    @property
    def waiting(self) -> int:
        """How many lines wait for sign-off."""
        return len(lines_of(self.proposal.before, self.proposal.after)) if self.proposal else 0


@transaction.atomic
def submit(guide: Guide, wanted: Document, change: Change) -> Submission:
    """Apply what the wanted document says of the author's counties, and propose the rest of it.

    Places of other counties stay as they are. Raises :class:`~.documents.DocumentError`, :class:`~.revisions.Conflict`
    when the guide is not at ``change.expected``, and ``NotAllowedError`` for an author without a county here.
    """
    Guide.objects.select_for_update().get(pk=guide.pk)
    now = fresh(guide)
    if change.expected is not None and now.version != change.expected:
        raise Conflict(now)
    before = now.document()
    mine = reach_of(change.author).counties(before["city"]) if change.author else set()
    if not mine:
        raise NotAllowedError(f"“{guide}”不归您管，没有保存。请联系市级管理员。")
    check_guide(wanted)
    rest = without_others(before, wanted, mine)
    _, outcome = apply_guide(own_part(before, wanted, mine), change)
    proposal = None
    if lines_of(fresh(guide).document(), rest):
        proposal = propose(
            guide, rest, change, County.objects.filter(city=now.city_id, slug__in=mine).first()
        )
    return Submission(outcome, proposal, rest != wanted)


def propose(subject: Subject, document: Document, change: Change, county: County | None = None) -> Proposal:
    """Put into the queue what somebody would have the subject say; ``change.source`` is a key of PROPOSAL_SOURCES.

    ``county`` is the one he answers for, None for the whole city. Nothing else is written.
    """
    now = fresh(subject)
    return Proposal.objects.create(
        kind="guide" if isinstance(now, Guide) else "office",
        guide=now if isinstance(now, Guide) else None,
        office=now if isinstance(now, Office) else None,
        city_id=now.city_id,
        county=county,
        title=now.name,
        author=change.author,
        author_name=author_name(change.author),
        source=change.source,
        reason=change.reason,
        public_note=change.public_note,
        base_version=now.version,
        before=now.document(),
        after=document,
    )


@dataclass(frozen=True)
class Verdict:
    """What is decided on one line: a key of LINE_VERDICTS, why, and for ``changed`` the value taken instead."""

    key: str
    reason: str = ""
    value: Any = None


class AlreadyDecidedError(Exception):
    """Somebody else has decided, or the author has taken it back, meanwhile; nothing was written."""


@transaction.atomic
def decide(proposal: Proposal, verdicts: Mapping[int, Verdict], change: Change) -> Outcome:
    """Decide these lines of a proposal, by their numbers in :func:`~.proposal_lines.lines_of`; the others go on waiting.

    What is accepted is applied to what stands now, by ``change.author``. Raises :class:`AlreadyDecidedError`,
    ``NotAllowedError`` for an author who may not change the subject himself, and what applying raises.
    """
    row = Proposal.objects.select_for_update(of=("self",)).get(pk=proposal.pk)
    lines = lines_of(row.before, row.after)
    known = {line.number: line.verdict for line in row.lines.all()}
    if row.state != "waiting" or known.keys() & verdicts.keys():
        raise AlreadyDecidedError
    if change.author is None or not may_edit(change.author, row.subject):
        raise NotAllowedError(f"“{row.title}”不归您管，没有保存。请联系市级管理员。")
    outcome = _apply(row, lines, verdicts, change)
    ProposalLine.objects.bulk_create(
        _decided(row, number, lines[number], verdict, change.author) for number, verdict in verdicts.items()
    )
    ends = [*known.values(), *(verdict.key for verdict in verdicts.values())]
    row.state = _state(ends) if len(ends) == len(lines) else "waiting"
    row.decided_at, row.decided_by, row.decided_name = (
        timezone.now(),
        change.author,
        author_name(change.author),
    )
    row.save(update_fields=["state", "decided_at", "decided_by", "decided_name"])
    said = {str(number): verdict.key for number, verdict in sorted(verdicts.items())}
    note("accept", change.author, row.title, row.city.slug, proposal=row.pk, verdicts=said)
    return outcome


def _apply(row: Proposal, lines: list[Line], verdicts: Mapping[int, Verdict], change: Change) -> Outcome:
    document = fresh(row.subject).document()
    taken = {number: verdict for number, verdict in sorted(verdicts.items()) if verdict.key != "declined"}
    for number, verdict in taken.items():
        wanted = verdict.value if verdict.key == "changed" else lines[number].wanted
        document = put(document, lines[number], wanted)
    if not taken:
        return Outcome("same")
    reason = f"采纳{row.author_name or row.get_source_display()}的修改建议" + (
        row.reason and f"：{row.reason}"
    )
    change = replace(change, source="proposal", reason=reason[:200])
    apply = apply_guide if row.kind == "guide" else apply_office
    return apply(document, change)[1]


def _decided(row: Proposal, number: int, line: Line, verdict: Verdict, author: User) -> ProposalLine:
    made = {"accepted": line.wanted, "changed": verdict.value, "declined": None}[verdict.key]
    return ProposalLine(
        proposal=row,
        number=number,
        label=line.label,
        was=line.in_words(line.was),
        wanted=line.in_words(line.wanted),
        made=line.in_words(made),
        verdict=verdict.key,
        reason=verdict.reason,
        decided_name=author_name(author),
    )


def _state(ends: list[str]) -> str:
    """The state of a proposal all of whose lines are decided."""
    if "declined" not in ends:
        return "accepted"
    return "declined" if set(ends) == {"declined"} else "partly"


@transaction.atomic
def withdraw(proposal: Proposal, author: User) -> None:
    """Take one's own proposal back; what was accepted of it stays. Raises :class:`AlreadyDecidedError`."""
    mine = Proposal.objects.filter(pk=proposal.pk, author=author, state="waiting")
    if mine.update(state="withdrawn", decided_at=timezone.now()) != 1:
        raise AlreadyDecidedError
    note("withdraw", author, f"修改建议：{proposal.title}", proposal.city.slug, proposal=proposal.pk)
