from django.urls import path

from gardens import views

urlpatterns = [
    path("", views.gardens, name="gardens"),
    path("gardens/<int:pk>/", views.garden, name="garden"),
    path("gardens/<int:pk>/wish/", views.wish, name="wish"),
    path("gardens/<int:pk>/waiting/", views.waiting, name="waiting"),
    path("plots/search/", views.search, name="plot-search"),
]
