"""Addresses of the second factor, below the desk's."""

from django.urls import path

from . import views

app_name = "staff"

urlpatterns = [
    path("", views.entrance, name="second_factor"),
    path("enrol/", views.enrol, name="enrol"),
    path("enrol/qr.svg", views.picture, name="picture"),
    path("codes/", views.codes, name="codes"),
]
