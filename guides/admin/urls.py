"""Addresses of the desk's own pages, beside those of the models; every one is for staff."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.urls import path

from . import batches, bulk, exports, health, imports

app_name = "admin_pages"
staff: Callable[[Any], Any] = admin.site.admin_view

urlpatterns = [
    path("bulk/", staff(batches.bulk_start), name="bulk"),
    path("bulk/phone/", staff(bulk.bulk_phone), name="bulk_phone"),
    path("bulk/phone/preview/", staff(bulk.bulk_phone_preview), name="bulk_phone_preview"),
    path("bulk/hours/", staff(bulk.bulk_hours), name="bulk_hours"),
    path("bulk/hours/preview/", staff(bulk.bulk_hours_preview), name="bulk_hours_preview"),
    path("bulk/confirm/", staff(batches.bulk_confirm), name="bulk_confirm"),
    path("bulk/<uuid:batch>/", staff(batches.batch), name="batch"),
    path("bulk/<uuid:batch>/restore/", staff(batches.batch_restore), name="batch_restore"),
    path("export/", staff(exports.export), name="export"),
    path("export/<slug:table>.<slug:form>", staff(exports.export_file), name="export_file"),
    path("import/", staff(imports.import_table), name="import"),
    path("import/check/", staff(imports.import_check), name="import_check"),
    path("import/propose/", staff(imports.import_propose), name="import_propose"),
    path("health/", staff(health.health), name="health"),
    path("health/<int:pk>/settle/", staff(health.settle), name="settle"),
    path("health/<int:pk>/reopen/", staff(health.reopen), name="reopen"),
    path("health/<slug:kind>/<int:pk>/settle/", staff(health.settle_advice), name="settle_advice"),
    path("health/advice/<int:pk>/reopen/", staff(health.reopen_advice), name="reopen_advice"),
]
