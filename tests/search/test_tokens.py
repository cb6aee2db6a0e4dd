"""Words become tokens the same way for what is indexed and what is typed."""

from __future__ import annotations

import pytest

from guides.search.reasons import marked, reason
from guides.search.tokens import fold, index_tokens, plain, query_tokens, spelled


def test_words_are_made_plain() -> None:
    assert plain("ＡＰＰ醫療１２") == "app医疗12"


@pytest.mark.parametrize(
    ("one", "other"), [("zhong", "zong"), ("chang", "can"), ("sheng", "sen"), ("niu", "liu"), ("bing", "bin")]
)
def test_sichuan_ears_hear_no_difference(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_different_syllables_stay_different() -> None:
    assert len({fold(syllable) for syllable in ("zhu", "yuan", "bao", "xiao", "yi", "di", "jiu")}) == 7


@pytest.mark.parametrize(
    ("latin", "syllables"),
    [
        ("zhuyuanbaoxiao", ["zhu", "yuan", "bao", "xiao"]),
        ("zuyuan", ["zu", "yuan"]),
        ("zybx", None),
        ("app", None),
    ],
)
def test_pinyin_is_spelled_out(latin: str, syllables: list[str] | None) -> None:
    assert spelled(latin) == syllables


def test_a_name_is_found_by_characters_sounds_and_initials() -> None:
    tokens = index_tokens("住院报销")
    assert {"c住院", "c院报", "c报销", "pzu yuan", "pbao xiao", "izy", "izybx"} <= set(tokens)


def test_typed_sounds_meet_indexed_sounds() -> None:
    assert set(query_tokens("zuyuan baoxiao")) & set(index_tokens("住院报销")) >= {"pzu yuan", "pbao xiao"}


def test_words_of_asking_are_left_out() -> None:
    assert set(query_tokens("住院怎么报销")) == set(query_tokens("住院 报销"))


def test_a_match_is_marked() -> None:
    assert marked("门诊费用报销", ["报销"]) == (("门诊费用", False), ("报销", True))


def test_the_reason_is_the_text_that_shares_most() -> None:
    found = reason(
        "出院记录", [("name", "住院费用报销"), ("materials", "出院记录"), ("notes", "提供出院记录")]
    )
    assert found is not None
    assert (found.label, found.pieces) == ("材料", (("出院记录", True),))


def test_without_a_shared_pair_there_is_no_reason() -> None:
    assert reason("zybx", [("name", "住院费用报销")]) is None
