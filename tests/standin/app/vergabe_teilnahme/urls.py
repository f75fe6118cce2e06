"""Addresses."""

from ausschreibungen import views
from django.contrib import admin
from django.urls import path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("health/", views.health),
    path("", views.dashboard),
    path("ausschreibungen/", views.List.as_view(), name="liste"),
    path("ausschreibungen/neu/", views.Create.as_view(), name="neu"),
    path("unterlagen/neu/", views.Upload.as_view()),
    path("ausschreibungen/<int:pk>/", views.Detail.as_view(), name="ausschreibung"),
    path("ausschreibungen/<int:pk>/loeschen/", views.Delete.as_view(), name="loeschen"),
]
