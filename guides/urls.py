"""Addresses of matters and guides."""

from django.urls import path

from . import views

app_name = "guides"

urlpatterns = [
    path("", views.home, name="home"),
    path("robots.txt", views.robots, name="robots"),
    path("data/guides.json", views.guides_json, name="data"),
    path("matters/<slug:matter>/", views.matter, name="matter"),
    path("guides/", views.guide_list, name="list"),
    path("guides/<slug:city>/<slug:matter>/", views.guide, name="guide"),
    path("guides/<slug:city>/<slug:matter>/print/", views.guide_print, name="print"),
    path("guides/<slug:city>/<slug:matter>/source/", views.source, name="source"),
    path("guides/<slug:city>/<slug:matter>/<slug:county>/", views.county_guide, name="county_guide"),
    path("guides/<slug:city>/<slug:matter>/<slug:county>/print/", views.county_print, name="county_print"),
]
