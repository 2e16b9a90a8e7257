from django.http import HttpRequest, HttpResponse


def form(request: HttpRequest, slug: str) -> HttpResponse:
    return HttpResponse()


def check(request: HttpRequest, slug: str) -> HttpResponse:
    return HttpResponse()


def sent(request: HttpRequest, slug: str) -> HttpResponse:
    return HttpResponse()


def own_page(request: HttpRequest, token: str) -> HttpResponse:
    return HttpResponse()


def take(request: HttpRequest, token: str) -> HttpResponse:
    return HttpResponse()
