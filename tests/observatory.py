"""The points that Mozilla's HTTP Observatory gives, from the headers and cookies of one answer.

Its rules by their names (mozilla/http-observatory, httpobs/docs/scoring.md, and SCORE_TABLE in mdn/mdn-http-observatory):
everybody begins with 100; what is wrong takes points away; what is more than needed adds some, if 90 are left without.

- content-security-policy: csp-implemented-with-no-unsafe-default-src-none +10, csp-implemented-with-no-unsafe +5,
  csp-implemented-with-unsafe-inline-in-style-src-only 0, csp-implemented-with-unsafe-eval -10,
  csp-implemented-with-unsafe-inline -20, csp-implemented-with-insecure-scheme -20, csp-not-implemented -25
- cookies: cookies-secure-with-httponly-sessions-and-samesite +5, cookies-secure-with-httponly-sessions 0,
  cookies-without-secure-flag-but-protected-by-hsts -5, cookies-session-without-httponly-flag -30
- cross-origin-resource-policy: corp-implemented-with-same-origin +10, corp-implemented-with-same-site +10, else 0
- cross-origin-resource-sharing: …-implemented-with-universal-access -50
- referrer-policy: referrer-policy-private +5, referrer-policy-unsafe -5
- strict-transport-security: hsts-implemented-max-age-at-least-six-months 0, …-less-than-six-months -10,
  hsts-not-implemented -20 (hsts-preloaded +5 needs the browsers' own list, so it is never given here)
- x-content-type-options: x-content-type-options-nosniff 0, …-not-implemented -5
- x-frame-options: x-frame-options-implemented-via-csp +5, x-frame-options-sameorigin-or-deny 0, …-not-implemented -20

Redirection and scripts from other hosts are matters of a whole site; other tests hold that there are no such scripts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

ENOUGH_FOR_EXTRA = 90
SIX_MONTHS = 15_768_000
UNSAFE = {"'unsafe-inline'", "data:", "*", "http:", "https:", "ftp:"}
PRIVATE = {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"}


def points(headers: Mapping[str, str], cookies: Iterable[str] = ()) -> int:
    """The score of an answer; ``cookies`` are its Set-Cookie headers."""
    said = {name.lower(): value for name, value in headers.items()}
    policy = parsed(said.get("content-security-policy", ""))
    given = [
        of_policy(policy),
        of_cookies(list(cookies)),
        10 * (said.get("cross-origin-resource-policy", "") in {"same-origin", "same-site"}),
        -50 * (said.get("access-control-allow-origin", "") == "*"),
        of_referrer(said.get("referrer-policy", "")),
        of_hsts(said.get("strict-transport-security", "")),
        0 if said.get("x-content-type-options", "") == "nosniff" else -5,
        of_frames(policy, said.get("x-frame-options", "")),
    ]
    without_extra = 100 + sum(each for each in given if each < 0)
    extra = sum(each for each in given if each > 0)
    return without_extra + (extra if without_extra >= ENOUGH_FOR_EXTRA else 0)


def parsed(policy: str) -> dict[str, set[str]]:
    """Sources by directive; of a directive that is named twice the first counts."""
    found: dict[str, set[str]] = {}
    for part in policy.split(";"):
        name, *sources = part.split() or [""]
        found.setdefault(name.lower(), set(sources))
    return {name: sources for name, sources in found.items() if name}


def of_policy(policy: dict[str, set[str]]) -> int:
    if not policy:
        return -25
    otherwise = policy.get("default-src", {"*"})
    scripts, styles = policy.get("script-src", otherwise), policy.get("style-src", otherwise)
    if any(source.startswith(("http:", "ftp:")) for sources in policy.values() for source in sources):
        return -20
    if scripts & UNSAFE or policy.get("object-src", otherwise) & (UNSAFE - {"'unsafe-inline'", "data:"}):
        return -20
    if "'unsafe-eval'" in scripts | styles:
        return -10
    if styles & UNSAFE:
        return 0
    return 10 if otherwise == {"'none'"} else 5


def of_cookies(cookies: list[str]) -> int:
    if not cookies:
        return 0
    flags = [{part.strip().lower().partition("=")[0] for part in cookie.split(";")[1:]} for cookie in cookies]
    sessions = [
        flag for flag, cookie in zip(flags, cookies, strict=True) if re.match(r"[^=]*sess", cookie, re.I)
    ]
    if any("httponly" not in flag for flag in sessions):
        return -30
    if any("secure" not in flag for flag in flags):
        return -5
    return 5 if all("samesite" in flag for flag in flags) else 0


def of_referrer(policy: str) -> int:
    if not policy:
        return 0
    return 5 if policy.rsplit(",", maxsplit=1)[-1].strip() in PRIVATE else -5


def of_hsts(header: str) -> int:
    age = re.search(r"max-age=(\d+)", header)
    if not age:
        return -20
    return 0 if int(age[1]) >= SIX_MONTHS else -10


def of_frames(policy: dict[str, set[str]], header: str) -> int:
    if "frame-ancestors" in policy and not policy["frame-ancestors"] & UNSAFE:
        return 5
    return 0 if header.upper() in {"DENY", "SAMEORIGIN"} else -20
