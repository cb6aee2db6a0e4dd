"""Every address of the site: the admin here, the public pages in their own rooms."""

from django.contrib import admin
from django.urls import include, path

from guides.admin.guarded import on_site

handler400 = "guides.views.bad_request"
handler403 = "guides.views.forbidden"
handler404 = "guides.views.page_not_found"
handler500 = "guides.views.server_error"

urlpatterns = [
    path("admin/r/<int:content_type_id>/<path:object_id>/", admin.site.admin_view(on_site)),
    path("admin/second-factor/", include("staff.urls")),
    path("admin/", include("guides.admin.urls")),
    path("admin/", admin.site.urls),
    path("", include("guides.urls")),
    path("", include("offices.urls")),
    path("", include("reports.urls")),
]
