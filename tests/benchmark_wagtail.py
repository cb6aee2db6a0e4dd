"""How fast a guide is beside the same guide in Wagtail, which a city would otherwise take: ``make bench-wagtail``.

Installs Wagtail into ``var/bench/wagtail`` (once; needs a package index), starts its own project template, adds one page
type with the parts of a guide as rich text, a menu, breadcrumbs and related pages, fills it with Dazhou's 34 guides, and
serves it with granian as our site is served. wrk asks each in turn; ratios are formed within a round.
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
from wagtail.fields import RichTextField
from wagtail.models import Page


class HomePage(Page):
    pass


class GuidePage(Page):
    audience = RichTextField(blank=True)
    papers = RichTextField(blank=True)
    places = RichTextField(blank=True)
    steps = RichTextField(blank=True)
    notes = RichTextField(blank=True)

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        context["ancestors"] = self.get_ancestors().live()
        context["menu"] = self.get_site().root_page.get_children().live().in_menu()
        context["related"] = self.get_siblings(inclusive=False).live()[:6]
        return context
"""
TEMPLATE = """{% extends "base.html" %}{% load wagtailcore_tags %}
{% block content %}
<nav>{% for page in menu %}<a href="{% pageurl page %}">{{ page.title }}</a>{% endfor %}</nav>
<ol>{% for page in ancestors %}<li><a href="{% pageurl page %}">{{ page.title }}</a></li>{% endfor %}</ol>
<h1>{{ page.title }}</h1>
<section>{{ page.audience|richtext }}</section>
<section>{{ page.papers|richtext }}</section>
<section>{{ page.places|richtext }}</section>
<section>{{ page.steps|richtext }}</section>
<section>{{ page.notes|richtext }}</section>
<ul>{% for page in related %}<li><a href="{% pageurl page %}">{{ page.title }}</a></li>{% endfor %}</ul>
{% endblock %}
"""
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
from home.models import GuidePage, HomePage

def paragraphs(texts):
    return "".join(f"<p>{escape(text)}</p>" for text in texts)

home = HomePage.objects.first()
for number, guide in enumerate(json.load(open("guides.json"))):
    places = ("，".join([place["name"], place["address"], place["hours_text"],
        *(phone["number"] for phone in place["consult_phones"] + place["complaint_phones"])]) for place in guide["offices"])
    home.add_child(instance=GuidePage(
        title=guide["name"], slug=guide["matter"], show_in_menus=number < 8,
        audience=paragraphs([guide["audience"]]),
        papers="<ol>" + "".join(f"<li>{escape(paper['text'])}</li>" for paper in guide["materials"]) + "</ol>",
        places=paragraphs(places),
        steps=paragraphs(step["title"] + step["text"] for step in guide["steps"]),
        notes=paragraphs([*guide["notes"], guide["progress"], guide["evaluation"]])))
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
        theirs = Target("Wagtail", THEIRS, "/zhuyuan-baoxiao/", {})
        coded = {"Accept-Encoding": "gzip"}
        page = GUIDE.removesuffix("xuanhan/")
        targets = [
            theirs,
            Target("ours, ready", OURS, page, coded),
            Target("ours, made each time", OURS_MADE, page, coded),
        ]
        for target in targets:
            print(f"{target.what}: {len(fetched(target)[1]):,} bytes", file=sys.stderr)
        print_table(measured(targets, 16, options.rounds), "Wagtail")


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
    (site / "home/templates/home/guide_page.html").write_text(TEMPLATE)
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
