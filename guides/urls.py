"""Addresses of matters and guides."""

from django.urls import path

from . import views

app_name = "guides"

urlpatterns = [
    path("", views.home, name="home"),
    path("robots.txt", views.robots, name="robots"),
    path("data/guides.json", views.guides_json, name="data"),
    path("materials/", views.materials, name="materials"),
    path("matters/<slug:matter>/", views.matter, name="matter"),
    path("life-events/<slug:event>/", views.life_event, name="life_event"),
    path("paths/<slug:path>/", views.guided_path, name="path"),
    path("compare/<slug:one>/<slug:other>/", views.compare_two, name="compare"),
    path("plan/<slug:city>/<slug:county>/", views.plan, name="plan"),
    path("plan/<slug:city>/<slug:county>/print/", views.plan_print, name="plan_print"),
    path("guides/", views.guide_list, name="list"),
    path("search/suggest/", views.suggestions, name="suggestions"),
    path("search/unfound/", views.unfound, name="unfound"),
    path("guides/<slug:city>/", views.city_list, name="city_list"),
    path("guides/<slug:city>/<slug:matter>/", views.guide, name="guide"),
    path("guides/<slug:city>/<slug:matter>/print/", views.guide_print, name="print"),
    path("guides/<slug:city>/<slug:matter>/source/", views.source, name="source"),
    path("guides/<slug:city>/<slug:matter>/<slug:county>/", views.county_guide, name="county_guide"),
    path("guides/<slug:city>/<slug:matter>/<slug:county>/print/", views.county_print, name="county_print"),
]
