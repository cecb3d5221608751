from django.urls import path

from people import views

urlpatterns = [
    path("", views.me, name="me"),
    path("data/", views.export, name="my-data"),
    path("consents/", views.consents, name="my-consents"),
    path("leave/", views.leave, name="leave"),
]
