import pytest
from django.test import Client


@pytest.mark.parametrize("light", ["device", "light", "dim", "dark"])
@pytest.mark.parametrize("text", ["normal", "larger"])
def test_a_choice_is_kept_for_a_year(client: Client, light: str, text: str):
    response = client.post("/display/", {"light": light, "text": text, "next": "/classes/"})
    assert (response.status_code, response.headers["location"]) == (302, "/classes/")
    cookie = response.cookies["display"]
    assert cookie.value == f"{light}.{text}"
    assert cookie["max-age"] == 365 * 24 * 3600
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


def test_one_choice_leaves_the_other_as_it_was(client: Client):
    client.cookies["display"] = "dim.normal"
    response = client.post("/display/", {"text": "larger"})
    assert response.cookies["display"].value == "dim.larger"


@pytest.mark.parametrize("choice", [{"light": "blue"}, {"text": "huge"}, {"light": "dark.x"}])
def test_a_choice_that_is_not_offered_is_not_kept(client: Client, choice: dict[str, str]):
    response = client.post("/display/", choice)
    assert response.status_code == 302
    assert "display" not in response.cookies


@pytest.mark.parametrize("cookie", ["blue.huge", "", "...", "dark"])
def test_nonsense_in_the_cookie_counts_as_no_choice(client: Client, cookie: str):
    client.cookies["display"] = cookie
    response = client.post("/display/", {"text": "larger"})
    light = "dark" if cookie == "dark" else "device"
    assert response.cookies["display"].value == f"{light}.larger"


@pytest.mark.parametrize(
    "way_back", ["https://elsewhere.test/", "//elsewhere.test", "javascript:alert(1)", ""]
)
def test_the_way_back_never_leads_elsewhere(client: Client, way_back: str):
    response = client.post("/display/", {"light": "dark", "next": way_back})
    assert response.headers["location"] == "/"


def test_a_link_chooses_nothing(client: Client):
    response = client.get("/display/", {"light": "dark"})
    assert response.status_code == 405
    assert "display" not in response.cookies
