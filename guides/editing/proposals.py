"""Changes that wait for sign-off: proposing one."""

from __future__ import annotations

from guides.models import Guide, Proposal
from offices.models import County, Office

from .documents import Document
from .revisions import Change, Subject, author_name, fresh


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
