"""The glossary: words of the handbooks that a resident may not know, each with one plain sentence."""

from __future__ import annotations

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models

SHORTEST = 2
"""Characters of a term: one character alone would be found in other words."""


class TermManager(models.Manager["Term"]):
    """Finds a term by its word."""

    def get_by_natural_key(self, word: str) -> Term:
        return self.get(word=word)


class Term(models.Model):
    """A word and what it means, for somebody who never dealt with 医保."""

    word = models.CharField(
        "词语",
        max_length=20,
        unique=True,
        help_text="照手册里的写法，例如 趸缴。页面上第一次出现的地方会加上解释。",
    )
    meaning = models.CharField(
        "解释", max_length=120, help_text="一句大白话，说明它是什么意思；不写各地不同的数字和政策。"
    )

    objects = TermManager()

    class Meta:
        verbose_name = verbose_name_plural = "词语解释"
        ordering: ClassVar[list[str]] = ["word"]

    def __str__(self) -> str:
        return self.word

    def clean(self) -> None:
        """Refuse a word of one character."""
        if len(self.word) < SHORTEST:
            raise ValidationError({"word": f"词语至少 {SHORTEST} 个字，一个字会在别的词里被误认。"})

    def natural_key(self) -> tuple[str]:
        return (self.word,)
