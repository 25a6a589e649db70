from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from app import Site
from local_stack.functions import FunctionRunner
from local_stack.gateway import Gateway
from local_stack.server_thread import ServerThread
from local_stack.serverless import Application
from tests.conftest import REPOSITORY


@pytest.fixture
def frontend(tmp_path: Path) -> Path:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<title>page</title>")
    (tmp_path / "healthz").write_text("not this file")
    (tmp_path / "assets" / "a.js").write_text("script")
    return tmp_path


@pytest.fixture
def site(frontend: Path) -> Iterator[httpx.Client]:
    application = Application.read(REPOSITORY / "template.yaml")
    runner = FunctionRunner(application.functions())
    server = ServerThread(Site(Gateway(application, runner), frontend), name="site")
    with httpx.Client(base_url=server.url, trust_env=False) as client:
        yield client
    server.stop()


def test_the_page_and_its_files_are_served(site: httpx.Client) -> None:
    assert site.get("/").text == "<title>page</title>"
    assert site.get("/assets/a.js").text == "script"
    assert site.head("/").status_code == 200


def test_routes_of_the_api_win(site: httpx.Client) -> None:
    assert site.get("/healthz").json() == {
        "ok": True,
        "service": "iris-oculus-api",
        "version": "1.0.0",
    }


@pytest.mark.parametrize("path", ["/nothing", "/assets/b.js", "/%2e%2e/app.py", "/assets"])
def test_what_neither_has_is_the_apis_error(site: httpx.Client, path: str) -> None:
    response = site.get(path)

    assert response.status_code == 404
    assert response.json()["error"]["code"] == "route_not_found"


def test_the_api_works_without_a_page(site: httpx.Client, frontend: Path) -> None:
    (frontend / "index.html").unlink()

    assert site.get("/").status_code == 404
    assert site.get("/healthz").status_code == 200
