"""The chain of the audit trail: what an entry's hash is made of, and what is wrong with a row of entries.

Plain functions, the same for rows of the database and lines of an archive. An entry names the hash of the one before it, so
nobody changes, takes out or swaps one without a break; only the end can be cut off unnoticed, unless its number and hash (an
:class:`Anchor`) were kept somewhere else: the site's log has those of every entry.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

NOTHING_BEFORE = "0" * 64
"""What the very first entry names as the hash before it."""


@dataclass(frozen=True)
class Link:
    """One entry as it was written. ``detail`` is canonical JSON; ``is_keyed`` says that its hash needs the key to be made."""

    number: int
    at: datetime
    actor_id: str
    actor_name: str
    action: str
    object: str
    place: str
    detail: str
    request_id: str
    network: str
    is_keyed: bool
    previous: str
    hash: str = ""

    def as_json(self) -> dict[str, Any]:
        """Every field, the time in UTC, ``detail`` as the text it is."""
        return {**vars(self), "at": self.at.astimezone(UTC).isoformat(timespec="microseconds")}


FIELDS = tuple(Link.__dataclass_fields__)


def link_of(record: dict[str, Any]) -> Link:
    """The entry of one line of an archive. Raises ``ValueError``, ``KeyError`` or ``TypeError`` for something else."""
    return Link(**{**{name: record[name] for name in FIELDS}, "at": datetime.fromisoformat(record["at"])})


def canonical(value: Any) -> str:
    """The one way a value is written as JSON. Half a character (a lone surrogate) is written as its code."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return text.encode("utf-8", "backslashreplace").decode()


def digest(link: Link, key: str = "") -> str:
    """The hash an entry must have: SHA-256 of everything else in it, with the key HMAC-SHA-256."""
    record = link.as_json()
    del record["hash"]
    words = canonical(record).encode()
    if link.is_keyed:
        return hmac.new(key.encode(), words, hashlib.sha256).hexdigest()
    return hashlib.sha256(words).hexdigest()


def is_genuine(link: Link, keys: Sequence[str]) -> bool:
    """Whether the entry's hash is its own. A keyed one needs one of the keys; without any nobody can tell, so it is not."""
    made = [digest(link, key) for key in keys] if link.is_keyed else [digest(link)]
    return any(hmac.compare_digest(one, link.hash) for one in made)


@dataclass(frozen=True, order=True)
class Anchor:
    """The number and hash of an entry, kept where the writer of the database cannot reach it."""

    number: int
    hash: str

    def __str__(self) -> str:
        return f"{self.number}:{self.hash}"

    @classmethod
    def read(cls, text: str) -> Anchor:
        """``120:9f2c…``. Raises ``ValueError`` for anything else."""
        number, _, known = text.strip().partition(":")
        if not number.isdecimal() or len(known) != 64:
            raise ValueError(f"“{text.strip()[:80]}”不是“号码:校验值”。")
        return cls(int(number), known)

    @property
    def logged(self) -> str:
        """``120:nyxm…``: the hash in Base64, in which no run of digits looks like a phone, which the log would take out."""
        return f"{self.number}:{base64.b64encode(bytes.fromhex(self.hash)).decode()}"

    @classmethod
    def read_logged(cls, text: str) -> Anchor:
        """What ``logged`` wrote. Raises ``ValueError`` for anything else."""
        number, _, known = text.partition(":")
        return cls.read(f"{number}:{base64.b64decode(known, validate=True).hex()}")


@dataclass
class Findings:
    """What came of looking through a chain."""

    count: int = 0
    first: Anchor | None = None
    last: Anchor | None = None
    problems: list[str] = field(default_factory=list)
    unkeyed: int = 0
    """How many entries were written without a key."""

    @property
    def is_whole(self) -> bool:
        """Nothing is wrong."""
        return not self.problems


def look_through(
    links: Iterable[Link],
    *,
    keys: Sequence[str] = (),
    start: Anchor | None = None,
    anchors: Iterable[Anchor] = (),
) -> Findings:
    """Everything that is wrong with these entries, each problem a sentence.

    ``start`` is what stood before the first of them (the archive's last entry); without it the first must be number 1, or
    the caller looks himself. ``anchors`` must be found, unless they are older than the first entry.
    """
    found, before = Findings(), start
    kept = {anchor.number: anchor.hash for anchor in anchors}
    for link in links:
        found.problems += _problems(link, before, keys, is_unkeyed_late=found.unkeyed < found.count)
        known = kept.pop(link.number, link.hash)
        if known != link.hash:
            found.problems.append(f"第 {link.number} 条不是当初存证的那一条：它或它前面的记录被重写过。")
        before = Anchor(link.number, link.hash)
        found.first = found.first or before
        found.last, found.count = before, found.count + 1
        found.unkeyed += not link.is_keyed
    first = found.first.number if found.first else 1
    found.problems += [
        f"第 {number} 条存过证，现在不见了：最后面的记录被删掉了。"
        for number in sorted(kept)
        if number >= first
    ]
    return found


def _problems(
    link: Link, before: Anchor | None, keys: Sequence[str], *, is_unkeyed_late: bool
) -> Iterator[str]:
    if before and link.number != before.number + 1:
        yield _gap(before.number + 1, link.number - 1)
    elif before and link.previous != before.hash:
        yield f"第 {link.number} 条和第 {before.number} 条接不上：其中一条被换过或被重写过。"
    elif before is None and link.number == 1 and link.previous != NOTHING_BEFORE:
        yield "第 1 条的开头不对：被重写过。"
    if not is_genuine(link, keys):
        no_key = link.is_keyed and not keys
        yield f"第 {link.number} 条" + ("要用 AUDIT_KEY 才能核对。" if no_key else "的内容被改过。")
    if not link.is_keyed and is_unkeyed_late:
        yield f"第 {link.number} 条没有用密钥，前面的却用了：可能是伪造的。"


def _gap(first: int, last: int) -> str:
    if first > last:
        return f"第 {last + 1} 条的号码重复或倒退：顺序被换过。"
    return f"缺第 {first} 条。" if first == last else f"缺第 {first} 到第 {last} 条。"
