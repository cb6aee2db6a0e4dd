"""Addresses of the form (我为本页找错)."""

from django.urls import path

from . import views

app_name = "reports"

urlpatterns = [
    path("report/", views.report, name="report"),
    path("report/<slug:receipt>/", views.thanks, name="thanks"),
]
