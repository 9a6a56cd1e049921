"""A dataset to review, and what a browser would send."""

from __future__ import annotations

import json
import re
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import uvicorn
from starlette.testclient import TestClient

from ronten.review.app import listen, make_app
from ronten.review.desk import Desk
from ronten.review.texts import ReviewTexts
from ronten.run import run

HOST = "127.0.0.1:8430"
ATTACK = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'"
ROWS = [
    {
        "id": "../<a>&\"'",
        "title": ATTACK,
        "published": "2025-03-01",
        "text": f"大原<b>誠</b>「規制は産業を弱める{ATTACK}」と述べた。\n雨が𠮷野で降る。",
    },
    {
        "id": "two",
        "title": "需要の見通し",
        "published": "2025-04-10",
        "text": "# 見出し\n\n大原誠「規制は産業を弱める」と述べた。\n"
        "リタ・モーガン「規制は安全を守る」と述べた。\n"
        "深星「来年の需要は増える」と述べた。\nおそらく雨だ。",
    },
    {
        "id": "three",
        "title": "続報",
        "published": "2025-06-20",
        "text": "大原誠「規制は産業を弱める」と述べた。\nリタ・モーガン「電力は足りる」と述べた。",
    },
]  # fmt: skip


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def annotation(out: Path, article: str = "two") -> dict[str, Any]:
    return next(a for a in lines(out / "annotations.jsonl") if a["id"] == article)


def contents(record: dict[str, Any]) -> list[str]:
    """The words of the claims of an article."""
    return [record["text"][slice(*c["content"][0])] for c in record["claims"]]


_MADE: dict[str, Path] = {}


@pytest.fixture
def made(tmp_path_factory: pytest.TempPathFactory, extraction: ModuleType) -> Path:
    """The rows and the output folder of a run over them, made once and to be copied."""
    if "made" not in _MADE:
        folder = tmp_path_factory.mktemp("review")
        (folder / "in").mkdir()
        rows = "".join(json.dumps(row) + "\n" for row in ROWS)
        (folder / "in" / "rows.jsonl").write_text(rows, "utf-8")
        run([folder / "in"], folder / "out")
        _MADE["made"] = folder
    return _MADE["made"]


@pytest.fixture
def source(made: Path, tmp_path: Path) -> Path:
    return shutil.copytree(made / "in", tmp_path / "in")


@pytest.fixture
def out(made: Path, tmp_path: Path) -> Path:
    return shutil.copytree(made / "out", tmp_path / "out")


@pytest.fixture
def desk(out: Path) -> Desk:
    return Desk(out, "花子")


class Client:
    """A browser that has opened a page."""

    def __init__(self, desk: Desk, *, token: str | None = None, host: str = "127.0.0.1") -> None:
        self.app = make_app(desk, ReviewTexts("en"), host=host, port=8430, token=token)
        self.http = TestClient(self.app, base_url=f"http://{HOST}", follow_redirects=False)

    def get(self, path: str, **headers: str) -> Any:
        return self.http.get(path, headers=headers)

    @property
    def csrf(self) -> str:
        found = re.search(r'data-csrf="(\w*)"', self.get("/review.html").text)
        assert found
        return found[1]

    def post(self, path: str, content: Any, **headers: str) -> Any:
        own = {"x-ronten-csrf": self.csrf, "origin": f"http://{HOST}"}
        return self.http.post(path, json=content, headers=own | headers)


@pytest.fixture
def client(desk: Desk) -> Client:
    return Client(desk)


@dataclass
class Running:
    """A server that runs in a thread."""

    url: str
    desk: Desk


@pytest.fixture
def running(desk: Desk) -> Iterator[Running]:
    listening = listen("127.0.0.1", 0)
    listening.listen()  # as the command does: whoever comes early waits
    port = listening.getsockname()[1]
    app = make_app(desk, ReviewTexts("ja"), host="127.0.0.1", port=port, token=None)
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="on"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    yield Running(f"http://127.0.0.1:{port}", desk)
    server.should_exit = True
    thread.join(30)
    listening.close()
    assert not thread.is_alive()


@pytest.fixture
def new_client() -> type[Client]:
    return Client
