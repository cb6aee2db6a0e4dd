"""Offices of a made-up city, and an editor at each: ``python -m tests.safety.desks NUMBER`` prints who they are as JSON.

Works on the migrated, empty database at ``DATABASE_URL``. Everybody is signed in already: signing in is not what is tried.
"""

from __future__ import annotations

import json
import sys

import django

if __name__ == "__main__":
    django.setup()

from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client

from guides.access import COUNTY_EDITOR
from guides.editing import rebuild_search
from guides.models import Category
from offices.models import City, Office
from tests import cast
from tests.admin.staff import member, url


def main(number: int) -> None:
    """Make them; 0 stands for an administrator at the first office there is."""
    if not number:
        boss = User.objects.create_superuser("系统", first_name="系统")
        sys.stdout.write(json.dumps([desk(boss, Office.objects.filter(county__isnull=False)[0], 1)]))
        return
    city = City.objects.create(slug="yunshan", name="云山市", area_code="0818", position=1)
    matter = cast.matter(
        "zhuyuan-baoxiao",
        "住院费用报销",
        Category.objects.create(slug="baoxiao", name="费用报销", position=1),
        1,
    )
    guide = cast.guide(city, matter, None)
    cast.write_inpatient(guide, "不超过30个工作日", 30)
    rebuild_search()
    desks = []
    for index in range(1, number + 1):
        county = cast.county(city, f"xian{index}", f"云{index}县")
        office = cast.counter(city, county, f"云{index}县医保窗口", f"云{index}县人民路{index}号")
        cast.handled_at(guide, office, consult=f"0818-{index}999999", complaint="0818-8888888")
        desks.append(desk(member(f"编辑{index}", COUNTY_EDITOR, county), office, index))
    sys.stdout.write(json.dumps(desks))


def desk(editor: User, office: Office, index: int) -> dict[str, str]:
    """A session of this editor, and the page of his office."""
    client = Client()
    client.force_login(editor)
    return {
        "number": str(index),
        "address": url(Office, "change", office.pk),
        "cookie": settings.SESSION_COOKIE_NAME,
        "session": client.cookies[settings.SESSION_COOKIE_NAME].value,
    }


if __name__ == "__main__":
    main(int(sys.argv[1]))
