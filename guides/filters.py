"""The list's filters: the address is the state, a wrong value is a message, and facets count what is left."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import django_filters
from django import forms
from django.utils.functional import cached_property

from guides import vocabulary
from guides.search.finding import Finding, find
from offices.models import City, County

from .models import Audience, Category, Guide, GuideQuerySet, Matter
from .outline import GuidePages, Outline

LONGEST_QUESTION = 60
"""Characters of a search; the longest name in the handbooks has 32."""


class SlugChoiceFilter(django_filters.ModelChoiceFilter):
    """One row by its slug; an unknown slug gets a sentence that names it."""

    def __init__(self, unknown: str, **options: Any) -> None:
        super().__init__(to_field_name="slug", error_messages={"invalid_choice": unknown}, **options)


class GuideFilterForm(forms.Form):
    """Finds the county inside its city: a county's slug says nothing without one."""

    named_so: Sequence[County] = ()
    """Counties of the slug that was asked for, wherever they are: the ways on from a wrong county."""

    def clean(self) -> dict[str, Any]:
        """Put the ``County`` in place of its slug, and its city in when only one city has such a county."""
        chosen: dict[str, Any] = super().clean() or self.cleaned_data
        slug = chosen.get("county")
        if not slug or "city" in self.errors:
            chosen["county"] = None
            return chosen
        city: City | None = chosen.get("city")
        self.named_so = list(County.objects.called(slug))
        found = [county for county in self.named_so if city in (None, county.city)]
        if len(found) == 1:
            chosen["county"], chosen["city"] = found[0], found[0].city
        else:
            self.add_error("county", self.what_is_wrong(slug, city))
        return chosen

    def what_is_wrong(self, slug: str, city: City | None) -> str:
        """The sentence for a county that is unknown, lies in another city, or could be in several."""
        if not self.named_so:
            return f"{city.name if city else '本站'}没有“{slug}”这个县（市、区）。"
        name = self.named_so[0].name
        cities = "、".join(county.city.name for county in self.named_so)
        if city is None:
            return f"{cities}都有“{name}”，请选择是哪个城市的。"
        return f"{name}不在{city.name}，它属于{cities}。"


class GuideFilterSet(django_filters.FilterSet):
    """Filters of ``/guides/``: what the address may say, and what it says."""

    q = django_filters.CharFilter(
        label="事项名称",
        method="keep",
        max_length=LONGEST_QUESTION,
        error_messages={
            "max_length": f"搜索词太长，请控制在 {LONGEST_QUESTION} 个字以内。",
            "null_characters_not_allowed": "搜索词里有无法识别的字符。",
        },
    )
    city = SlugChoiceFilter(
        "本站没有“%(value)s”这个城市。", label="城市", queryset=City.objects.all(), method="keep"
    )
    county = django_filters.CharFilter(
        label="县（市、区）",
        method="keep",
        error_messages={"null_characters_not_allowed": "县（市、区）里有无法识别的字符。"},
    )
    channel = django_filters.ChoiceFilter(
        label="办理渠道",
        choices=vocabulary.channel_kinds,
        method="keep",
        error_messages={"invalid_choice": "没有“%(value)s”这种办理渠道。"},
    )
    limit = django_filters.ChoiceFilter(
        label="办理快慢",
        choices=vocabulary.speeds,
        method="keep",
        error_messages={"invalid_choice": "没有“%(value)s”这种时限，可选即时办结或需审核。"},
    )
    audience = SlugChoiceFilter(
        "没有“%(value)s”这类办事主体。", label="谁来办", queryset=Audience.objects.all(), method="keep"
    )
    category = SlugChoiceFilter(
        "没有“%(value)s”这个事项类别。", label="事项类别", queryset=Category.objects.all(), method="keep"
    )

    sort = django_filters.ChoiceFilter(
        label="排序",
        choices=vocabulary.list_orders,
        method="keep",
        error_messages={"invalid_choice": "没有“%(value)s”这种排序。"},
    )
    literal = django_filters.ChoiceFilter(
        label="按原字查找",
        choices=[("1", "只找名称或别名里有这几个字的")],
        method="keep",
        error_messages={"invalid_choice": "literal 只能是 1。"},
    )

    class Meta:
        model = Guide
        fields: tuple[str, ...] = ()
        form = GuideFilterForm

    def keep(self, guides: GuideQuerySet, name: str, value: Any) -> GuideQuerySet:
        """A filter is applied by the outline, which knows what each would leave; the form only says what is chosen."""
        return guides

    @cached_property
    def found(self) -> Finding | None:
        """What the search words led to; None without words, or when they are to be taken literally."""
        chosen = self.chosen()
        return find(chosen["q"]) if "q" in chosen and "literal" not in chosen else None

    @cached_property
    def sought(self) -> set[int] | None:
        """The matters (keys) that the words led to, or that are called just so; None without words."""
        chosen = self.chosen()
        if "q" not in chosen:
            return None
        if self.found:
            return {matter.pk for matter in self.found.matters} if self.found.sure else set()
        return set(Matter.objects.named(chosen["q"]).values_list("pk", flat=True))

    @property
    def order(self) -> str:
        """The order asked for: by how well they match (``rank``) when words were typed, else as in the handbook."""
        return self.chosen().get("sort", "") or ("rank" if self.found else "handbook")

    @cached_property
    def outline(self) -> Outline:
        """How many guides each choice leaves, and which."""
        return Outline(self.chosen(), self.sought)

    def pages(self, guides: GuideQuerySet, size: int, shown: str) -> GuidePages:
        """Those of the guides that meet every valid choice, ordered, in pages; ``shown`` as in :class:`GuidePages`."""
        order = self.outline.order(self.order, self.found.matters if self.found else ())
        return GuidePages(guides, size, self.outline, order, shown)

    def chosen(self) -> dict[str, Any]:
        """The filters that hold, in the order of the address; wrong values are left out."""
        self.is_valid()
        return {
            name: self.form.cleaned_data[name] for name in self.filters if self.form.cleaned_data.get(name)
        }
