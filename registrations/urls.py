from django.urls import path

from registrations import views

app_name = "registrations"
urlpatterns = [
    path("classes/<slug:slug>/register/", views.form, name="register"),
    path("classes/<slug:slug>/register/check/", views.check, name="check"),
    path("classes/<slug:slug>/register/sent/", views.sent, name="sent"),
    path("certificates/", views.certificates, name="certificates"),
    path("certificates/<str:number>/", views.certificate, name="certificate"),
    path("interest/", views.interest, name="interest"),
    path("interest/sent/", views.interest_sent, name="interest_sent"),
    path("interest/confirm/<str:token>/", views.interest_confirm, name="interest_confirm"),
    path("interest/leave/<str:token>/", views.interest_leave, name="interest_leave"),
    path("registrations/link/", views.ask_for_link, name="link"),
    path("registrations/link/sent/", views.link_sent, name="link_sent"),
    path("registrations/address/<str:token>/", views.new_address, name="new_address"),
    path("registrations/<str:token>/", views.own_page, name="own_page"),
    path("registrations/<str:token>/renew/", views.renew, name="renew"),
    path("registrations/<str:token>/details/", views.details, name="details"),
    path("registrations/<str:token>/address/", views.change_address, name="change_address"),
    path("registrations/<str:token>/move/", views.move, name="move"),
    path("registrations/<str:token>/share/", views.share, name="share"),
    path("registrations/<str:token>/data/", views.data, name="data"),
    path("registrations/<str:token>/data/download/", views.download, name="download"),
    path("registrations/<str:token>/data/erase/", views.erase, name="erase"),
    path("registrations/<str:token>/certificate/", views.own_certificate, name="own_certificate"),
    path("registrations/<str:token>/evaluate/", views.evaluate, name="evaluate"),
    path(
        "registrations/<str:token>/evaluate/objectives/",
        views.evaluate_objectives,
        name="evaluate_objectives",
    ),
    path("registrations/<str:token>/evaluate/class/", views.evaluate_class, name="evaluate_class"),
    path("registrations/<str:token>/evaluate/words/", views.evaluate_words, name="evaluate_words"),
    path("registrations/<str:token>/evaluate/check/", views.evaluate_check, name="evaluate_check"),
    path("registrations/<str:token>/calendar.ics", views.calendar, name="calendar"),
    path("registrations/<str:token>/take/", views.take, name="take"),
    path("registrations/<str:token>/pass/", views.pass_on, name="pass"),
    path("registrations/<str:token>/leave/", views.give_up, name="leave"),
    path("registrations/<str:token>/cancel/", views.give_up, name="cancel"),
    path("registrations/<str:token>/rejoin/", views.rejoin, name="rejoin"),
]
