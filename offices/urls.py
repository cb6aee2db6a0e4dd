"""Addresses of places."""

from django.urls import path

from . import views

app_name = "offices"

urlpatterns = [
    path("offices/", views.index, name="index"),
    path("offices/<slug:city>/", views.city, name="city"),
    path("offices/<slug:city>/<slug:county>/", views.county, name="county"),
]
