"""How fast a guide is beside the same guide in Wagtail, which a city would otherwise take: ``make bench-wagtail``.

Installs Wagtail into ``var/bench/wagtail`` (once; needs a package index), starts its own project template, adds a menu,
breadcrumbs, related pages and two page types: the parts of a guide as plain rich text, and as the blocks in which an
editor could change one phone. Fills both with Dazhou's 34 guides and serves them with granian as our site is served. wrk
asks each in turn; ratios are formed within a round.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

from tests.benchmark_server import GUIDE, Target, fetched, granian, measured, print_table

FOLDER = Path(__file__).resolve().parent.parent / "var" / "bench" / "wagtail"
VERSION = "8.0.1"
OURS, OURS_MADE, THEIRS = 21510, 21511, 21512
MODELS = """
from wagtail.blocks import CharBlock, ListBlock, StructBlock, TextBlock
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page


class HomePage(Page):
    pass


class GuidePage(Page):
    audience = RichTextField(blank=True)
    papers = RichTextField(blank=True)
    places = RichTextField(blank=True)
    steps = RichTextField(blank=True)
    notes = RichTextField(blank=True)

    class Meta:
        abstract = True

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        context["ancestors"] = self.get_ancestors().live()
        context["menu"] = self.get_site().root_page.get_children().live().in_menu()
        context["related"] = self.get_siblings(inclusive=False).live()[:6]
        return context


class TextGuidePage(GuidePage):
    pass


class PhoneBlock(StructBlock):
    purpose = CharBlock()
    number = CharBlock()

    class Meta:
        template = "blocks/phone.html"


class PlaceBlock(StructBlock):
    name = CharBlock()
    address = TextBlock()
    hours = TextBlock()
    phones = ListBlock(PhoneBlock())

    class Meta:
        template = "blocks/place.html"


class StepBlock(StructBlock):
    title = CharBlock()
    text = TextBlock()

    class Meta:
        template = "blocks/step.html"


class BlockGuidePage(GuidePage):
    papers = StreamField([("paper", TextBlock())], blank=True)
    places = StreamField([("place", PlaceBlock())], blank=True)
    steps = StreamField([("step", StepBlock())], blank=True)
    notes = StreamField([("note", TextBlock())], blank=True)
"""
PAGE = """{% extends "base.html" %}{% load wagtailcore_tags %}
{% block content %}
<nav>{% for page in menu %}<a href="{% pageurl page %}">{{ page.title }}</a>{% endfor %}</nav>
<ol>{% for page in ancestors %}<li><a href="{% pageurl page %}">{{ page.title }}</a></li>{% endfor %}</ol>
<h1>{{ page.title }}</h1>
<section>{{ page.audience|richtext }}</section>
PARTS
<ul>{% for page in related %}<li><a href="{% pageurl page %}">{{ page.title }}</a></li>{% endfor %}</ul>
{% endblock %}
"""
PARTS = ("papers", "places", "steps", "notes")
TEMPLATES = {
    "home/text_guide_page.html": PAGE.replace(
        "PARTS", "\n".join(f"<section>{{{{ page.{part}|richtext }}}}</section>" for part in PARTS)
    ),
    "home/block_guide_page.html": PAGE.replace(
        "PARTS", "\n".join(f"<section>{{% include_block page.{part} %}}</section>" for part in PARTS)
    ),
    "blocks/phone.html": '<a href="tel:{{ self.number }}">{{ self.purpose }} {{ self.number }}</a>',
    "blocks/place.html": "{% load wagtailcore_tags %}<h3>{{ self.name }}</h3><p>{{ self.address }}</p><p>{{ self.hours }}</p>"
    "<ul>{% for phone in self.phones %}<li>{% include_block phone %}</li>{% endfor %}</ul>",
    "blocks/step.html": "<h3>{{ self.title }}</h3><p>{{ self.text }}</p>",
}
SETTINGS = """
from .base import *

DEBUG = False
SECRET_KEY = "for the benchmark only, on the loopback interface"
ALLOWED_HOSTS = ["127.0.0.1"]
STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
"""
FILL = """
import json, sys
from html import escape
from home.models import BlockGuidePage, HomePage, TextGuidePage

def paragraphs(texts):
    return "".join(f"<p>{escape(text)}</p>" for text in texts)

def phones(place):
    return [*(("咨询", phone["number"]) for phone in place["consult_phones"]),
        *(("投诉", phone["number"]) for phone in place["complaint_phones"])]

home = HomePage.objects.first()
for number, guide in enumerate(json.load(open("guides.json"))):
    places = ("，".join([place["name"], place["address"], place["hours_text"], *(number for _, number in phones(place))])
        for place in guide["offices"])
    common = {"title": guide["name"], "audience": paragraphs([guide["audience"]])}
    notes = [*guide["notes"], guide["progress"], guide["evaluation"]]
    home.add_child(instance=TextGuidePage(
        **common, slug=guide["matter"], show_in_menus=number < 8,
        papers="<ol>" + "".join(f"<li>{escape(paper['text'])}</li>" for paper in guide["materials"]) + "</ol>",
        places=paragraphs(places),
        steps=paragraphs(step["title"] + step["text"] for step in guide["steps"]),
        notes=paragraphs(notes)))
    home.add_child(instance=BlockGuidePage(
        **common, slug=guide["matter"] + "-blocks",
        papers=[("paper", paper["text"]) for paper in guide["materials"]],
        places=[("place", {
            "name": place["name"], "address": place["address"], "hours": place["hours_text"],
            "phones": [{"purpose": purpose, "number": number} for purpose, number in phones(place)],
        }) for place in guide["offices"]],
        steps=[("step", {"title": step["title"], "text": step["text"]}) for step in guide["steps"]],
        notes=[("note", note) for note in notes]))
"""


def main() -> None:
    """Build the peer when it is not there, measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    workers = os.cpu_count() or 1
    with ExitStack() as servers:
        servers.enter_context(granian("config.wsgi:application", OURS, workers))
        servers.enter_context(granian("tests.made_each_time:application", OURS_MADE, workers))
        build()
        servers.enter_context(granian("peer.wsgi:application", THEIRS, workers, folder=FOLDER / "site"))
        coded = {"Accept-Encoding": "gzip"}
        page = GUIDE.removesuffix("xuanhan/")
        targets = [
            Target("Wagtail, a guide in blocks", THEIRS, "/zhuyuan-baoxiao-blocks/", {}),
            Target("Wagtail, a guide as rich text", THEIRS, "/zhuyuan-baoxiao/", {}),
            Target("ours, ready", OURS, page, coded),
            Target("ours, made each time", OURS_MADE, page, coded),
        ]
        for target in targets:
            print(f"{target.what}: {len(fetched(target)[1]):,} bytes", file=sys.stderr)
        print_table(targets, measured(targets, 16, options.rounds), "Wagtail")


def build() -> None:
    """Wagtail's own project template with one page type more, and Dazhou's guides in it."""
    site = FOLDER / "site"
    if (site / "filled").exists():
        return
    subprocess.run([sys.executable, "-m", "venv", FOLDER / "venv"], check=True)
    python = FOLDER / "venv/bin/python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", f"wagtail=={VERSION}", "granian"], check=True)
    site.mkdir()
    subprocess.run([FOLDER / "venv/bin/wagtail", "start", "peer", site], check=True)
    documents = json.loads(fetched(Target("", OURS, "/data/guides.json", {}))[1])
    ours = [guide for guide in documents if guide["city"] == "dazhou"]
    (site / "guides.json").write_text(json.dumps(ours, ensure_ascii=False))
    (site / "home/models.py").write_text(MODELS)
    for name, template in TEMPLATES.items():
        file = site / "home/templates" / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(template)
    (site / "peer/settings/production.py").write_text(SETTINGS)
    for command in (["makemigrations", "home"], ["migrate"], ["shell", "-c", FILL]):
        subprocess.run(
            [python, "manage.py", *command, "--settings", "peer.settings.production", "--verbosity", "0"],
            cwd=site,
            check=True,
        )
    (site / "filled").touch()


if __name__ == "__main__":
    main()
