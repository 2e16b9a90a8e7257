from django.urls import path

from registrations import views

app_name = "registrations"
urlpatterns = [
    path("classes/<slug:slug>/register/", views.form, name="register"),
    path("classes/<slug:slug>/register/check/", views.check, name="check"),
    path("classes/<slug:slug>/register/sent/", views.sent, name="sent"),
    path("registrations/<str:token>/", views.own_page, name="own_page"),
    path("registrations/<str:token>/take/", views.take, name="take"),
    path("registrations/<str:token>/pass/", views.pass_on, name="pass"),
    path("registrations/<str:token>/leave/", views.leave_line, name="leave"),
    path("registrations/<str:token>/cancel/", views.cancel_seat, name="cancel"),
    path("registrations/<str:token>/rejoin/", views.rejoin, name="rejoin"),
]
