from django.urls import path

from courses import views

app_name = "courses"
urlpatterns = [
    path("", views.course_page, name="course"),
    path("classes/", views.class_list, name="classes"),
    path("classes.ics", views.feed, name="feed"),
    path("classes/<slug:slug>/", views.class_page, name="class"),
    path("classes/<slug:slug>/calendar.ics", views.class_calendar, name="class_calendar"),
]
