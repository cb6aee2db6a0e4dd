"""Addresses of matters and guides."""

from django.urls import path

from . import views

app_name = "guides"

urlpatterns = [
    path("", views.home, name="home"),
    path("display/", views.display, name="display"),
    path("style/", views.style, name="style"),
    path("robots.txt", views.robots, name="robots"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("apple-touch-icon.png", views.apple_touch_icon, name="apple_touch_icon"),
    path("manifest.webmanifest", views.manifest, name="manifest"),
    path("sitemap/", views.site_map, name="site_map"),
    path("sitemap.xml", views.sitemap, name="sitemap"),
    path("sitemap-general.xml", views.sitemap_general, name="sitemap_general"),
    path("sitemaps/<slug:city>.xml", views.sitemap_city, name="sitemap_city"),
    path("data/guides.json", views.guides_json, name="data"),
    path("data/<slug:city>.json", views.city_json, name="city_data"),
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
    path("guides/<slug:city>/<slug:matter>/print/", views.sheet_print, name="print"),
    path("guides/<slug:city>/<slug:matter>/sheet.pdf", views.sheet_pdf, name="sheet"),
    path("guides/<slug:city>/<slug:matter>/source/", views.source, name="source"),
    path("guides/<slug:city>/<slug:matter>/text/", views.guide_text, name="text"),
    path("guides/<slug:city>/<slug:matter>/deadline/", views.deadline, name="deadline"),
    path("guides/<slug:city>/<slug:matter>/notice/", views.guide_notice, name="notice"),
    path("guides/<slug:city>/<slug:matter>/<slug:county>/", views.county_guide, name="county_guide"),
    path("guides/<slug:city>/<slug:matter>/<slug:county>/print/", views.sheet_print, name="county_print"),
    path("guides/<slug:city>/<slug:matter>/<slug:county>/sheet.pdf", views.sheet_pdf, name="county_sheet"),
    path("guides/<slug:city>/<slug:matter>/<slug:county>/text/", views.guide_text, name="county_text"),
    path("guides/<slug:city>/<slug:matter>/<slug:county>/notice/", views.county_notice, name="county_notice"),
    path("offices/<slug:city>/<slug:county>/counter/", views.counter, name="counter"),
    path("offices/<slug:city>/<slug:county>/booklet/", views.booklet_choice, name="booklet_choice"),
    path("offices/<slug:city>/<slug:county>/booklet.pdf", views.booklet, name="booklet"),
    path("offices/<slug:city>/<slug:county>/poster.pdf", views.poster, name="poster"),
]
