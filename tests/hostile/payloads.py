"""Words that would run as a program, a formula or a command wherever somebody forgets that they are words."""

from __future__ import annotations

SCRIPTS = (
    "<svg/onload=h({n})>",
    "<script>h({n})</script>",
    "</script><script>h({n})</script>",
    "</title><script>h({n})</script>",
    "</textarea><script>h({n})</script>",
    "</style><script>h({n})</script>",
    "</noscript><script>h({n})</script>",
    "--><script>h({n})</script><!--",
    "<!--><script>h({n})</script>",
    "]]><script>h({n})</script>",
    "<ScRiPt>h({n})</sCrIpT>",
    "<script/x>h({n})</script>",
    "<script\n>h({n})</script\t>",
    "<<script>h({n})//<</script>",
    "<script src=data:,h({n})></script>",
    "<img src=x onerror=h({n})>",
    "<img src=x onerror='h({n})'",
    '"><img src=x onerror=h({n})>',
    "'><img src=x onerror=h({n})>",
    '" onmouseover=h({n}) autofocus onfocus=h({n}) x="',
    "' onmouseover=h({n}) autofocus onfocus=h({n}) x='",
    " onfocus=h({n}) autofocus tabindex=1 ",
    "`onload=h({n})`",
    "<body onload=h({n})>",
    "<details open ontoggle=h({n})>",
    "<input autofocus onfocus=h({n})>",
    "<video><source onerror=h({n})></video>",
    "<audio src=x onerror=h({n})>",
    "<object data=javascript:h({n})>",
    "<embed src=javascript:h({n})>",
    "<iframe src=javascript:parent.h({n})>",
    '<iframe srcdoc="<script>parent.h({n})</script>">',
    "<math><mtext><style><img src=x onerror=h({n})>",
    "<svg><style><img src=x onerror=h({n})></style>",
    "<svg><animate onbegin=h({n}) attributeName=x dur=1s>",
    "<form><button formaction=javascript:h({n})>x</button>",
    "<a href=javascript:h({n})>x</a>",
    "javascript:h({n})",
    "jAvAsCrIpT&colon;h({n})",
    "java\tscript:h({n})",
    "data:text/html,<script>h({n})</script>",
    '<meta http-equiv=refresh content="0;url=javascript:h({n})">',
    "<base href=//evil.example/>",
    "<link rel=stylesheet href=//evil.example/{n}>",
    "<style>*{{background:url(//evil.example/{n})}}</style>",
    "\\u003cscript\\u003eh({n})\\u003c/script\\u003e",
    "&lt;script&gt;h({n})&lt;/script&gt;",
    "&#60;script&#62;h({n})&#60;/script&#62;",
    "%3Cscript%3Eh({n})%3C/script%3E",
    "＜script＞h({n})＜/script＞",
    '\\";h({n});//',
    "';h({n});//",
    "</script><svg onload=h({n})>",
    "${{h({n})}}",
    "{{{{constructor.constructor('h({n})')()}}}}",
    "{{% now 'Y' %}}{{{{ settings.SECRET_KEY }}}}",
    "<x onclick=h({n}) style=animation-name:x onanimationstart=h({n})>",
    "\u202e<script>h({n})</script>\u2066",
    "<marquee onstart=h({n})>",
    "<template shadowrootmode=open><img src=x onerror=h({n})></template>",
)
"""``{n}`` is the number of the place that the words stand in; ``h`` is the function that a test listens for."""
FORMULAS = (
    '=HYPERLINK("http://evil.example","x")',
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "＝1+1",
    "＋1+1",
    "－1+1",
    "＠SUM(A1)",
    "'=1+1",
    "=cmd|'/c calc'!A1",
)
TYPESETTING = (
    '#read("/etc/passwd")',
    '#eval("1+1")',
    '#include "data.typ"',
    '#import "@preview/cetz:0.3.1"',
    "#sys.inputs",
    "#panic()",
    "$x^2$",
    "*粗*_斜_",
    "`raw`",
    "@ref<label>",
    "\\u{41}\\#",
    "= 标题",
    "//注释/*也是*/",
    "]}[{#let x=1;",
)


LONG = 300
"""Characters for a field of any length: a handful of scripts each, so that pages stay small; rounds do the rest."""


def words(number: int, first: int = 0, longest: int | None = None) -> str:
    """Hostile words for the place of this number, cut where its field ends; ``first`` is the number of the round.

    However short the field, in ``len(SCRIPTS)`` rounds each script stands at its beginning once.
    """
    begin = (number + first) % len(SCRIPTS)
    turned = (*SCRIPTS[begin:], *SCRIPTS[:begin])
    return " ".join(script.format(n=number) for script in turned)[: min(longest or LONG, LONG)].strip()


def harmless(text: str) -> str:
    """As many characters of which none means anything: the page that a hostile one must not differ from."""
    return "".join(character if character.isalnum() else "词" for character in text)
