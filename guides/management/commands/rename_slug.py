"""Give a matter, a county or a city another slug: ``manage.py rename_slug matter|county|city OLD NEW``."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.core.management.base import BaseCommand, CommandError

from guides import editing

IN_CATALOGUE = {"matter": "matters 和 life_events", "county": "counties", "city": "cities"}


class Command(BaseCommand):
    """Rename a slug; the old addresses lead to the new ones for ever."""

    help = "改网址名：事项、县（市、区）或城市。旧网址永远转到新网址，旧网址名不再给别人用。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", choices=list(IN_CATALOGUE))
        parser.add_argument("old", help="现在的网址名；县（市、区）写成 城市/县，例如 dazhou/xuanhan")
        parser.add_argument("new", help="新的网址名，例如 xuanhan-xian")

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises ``CommandError`` when there is no such slug or the new one may not be had; nothing is written then."""
        kind, old, new = options["kind"], options["old"], options["new"]
        try:
            name = _rename(kind, old, new)
        except ObjectDoesNotExist as error:
            hint = "县（市、区）要写成 城市/县，例如 dazhou/xuanhan。" if kind == "county" else ""
            raise CommandError(f"没有网址名“{old}”。{hint}") from error
        except ValidationError as error:
            raise CommandError(f"不能改成“{new}”：{'；'.join(error.messages)}") from error
        self.stdout.write(f"“{name}”的网址名已改为 {new}，旧网址会转到新网址。")
        self.stdout.write(
            f"请把 fixtures/catalogue.toml 的 {IN_CATALOGUE[kind]} 里的 {old.split('/')[-1]} 也改成 {new}"
            "（不改也不会改回去，载入目录时按旧名找到它）"
            + ("；guides/paths.py 提到它的，也请一起改。" if kind == "matter" else "。")
        )


def _rename(kind: str, old: str, new: str) -> str:
    """Rename, and give the row's name."""
    if kind == "matter":
        matter = editing.matter_called(old)
        editing.rename_matter(matter, new)
        return matter.name
    if kind == "city":
        city = editing.city_called(old)
        editing.rename_city(city, new)
        return city.name
    of_city, _, slug = old.partition("/")
    county = editing.county_called(editing.city_called(of_city), slug)
    editing.rename_county(county, new)
    return county.full_name
