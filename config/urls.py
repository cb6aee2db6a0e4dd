"""Every address of the site: the admin here, the public pages in their own rooms."""

from django.contrib import admin
from django.urls import include, path

handler404 = "guides.views.page_not_found"
handler500 = "guides.views.server_error"

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("guides.urls")),
    path("", include("offices.urls")),
]
