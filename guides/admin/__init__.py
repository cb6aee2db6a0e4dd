"""The admin for editors: every model, in Chinese, each save through ``guides.editing``.

Offices are registered here too: their saving goes through ``guides.editing``, and ``offices`` may not know ``guides``.
"""

from django.contrib import admin

from . import catalogue, guide, handbook, office, people, proposals, revision, trail, workdays

__all__ = ["catalogue", "guide", "handbook", "office", "people", "proposals", "revision", "trail", "workdays"]

admin.site.site_header = "医保办事指南 · 内容管理"
admin.site.site_title = "医保办事指南"
admin.site.index_title = "内容管理"
