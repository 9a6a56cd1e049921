"""Which files are found, in which order, and what is listed instead."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from ronten.errors import Exit, UsageError
from ronten.read.discover import Source, discover
from ronten.types import Rejected


def listing(*paths: Path | str) -> list[tuple[str, str]]:
    """Origins with "" for a source, the reason and the first word of the detail otherwise."""
    return [
        (item.origin, "" if isinstance(item, Source) else f"{item.reason}: {item.detail}")
        for item in discover(paths)
    ]


def fill(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("本文", encoding="utf-8")


def test_a_folder_is_read_sorted_and_what_is_no_article_is_skipped(tmp_path: Path) -> None:
    fill(tmp_path, "b.txt", "a/z.MD", "a/b/c.jsonl", "B.csv", "d.ndjson", "e.htm", "a-1.txt")
    fill(tmp_path, "README", "a/README.md", "LICENSE.txt", ".hidden.txt", ".git/x.txt")
    fill(tmp_path, "b.txt.meta.json", "readme.md")
    assert [origin for origin, _ in listing(tmp_path)] == [
        *("B.csv", "a/b/c.jsonl", "a/z.MD", "a-1.txt"),
        *("b.txt", "d.ndjson", "e.htm", "readme.md"),
    ]


def test_a_file_given_directly_goes_by_its_name(tmp_path: Path) -> None:
    fill(tmp_path, "x/README.md", ".y.txt")
    assert listing(tmp_path / "x/README.md", str(tmp_path / ".y.txt"), "-") == [
        ("README.md", ""),
        (".y.txt", ""),
        ("-", ""),
    ]


def test_unknown_kinds_are_listed(tmp_path: Path) -> None:
    fill(tmp_path, "a.pdf", "noending", "c.txt.gz")
    for origin, why in listing(tmp_path, tmp_path / "a.pdf"):
        assert why.startswith("unreadable: unknown kind '"), origin
        assert ".txt" in why
    assert len(listing(tmp_path)) == 3


def test_a_missing_path_stops_before_anything_is_read(tmp_path: Path) -> None:
    fill(tmp_path, "a.txt")
    (tmp_path / "dangling.txt").symlink_to("nowhere")
    for missing in ("no/such.txt", "dangling.txt"):
        with pytest.raises(UsageError, match=missing) as error:
            discover([tmp_path / "a.txt", tmp_path / missing])
        assert error.value.exit_code == Exit.USAGE


def test_what_is_no_regular_file_is_listed_and_never_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "dangling.txt").symlink_to("nowhere")
    (tmp_path / "loop1.txt").symlink_to("loop2.txt")
    (tmp_path / "loop2.txt").symlink_to("loop1.txt")
    (tmp_path / "folder.txt").mkdir()
    (tmp_path / "empty.txt").touch()
    fill(tmp_path, "good.txt", "named.html/page.html")
    (tmp_path / "link.txt").symlink_to("good.txt")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "socket.txt"))
        found = dict(listing(tmp_path))
        piped = listing(tmp_path / "pipe.txt")
    assert found == {
        "dangling.txt": "unreadable: No such file or directory",
        "empty.txt": "empty: 0 bytes",
        "folder.txt": "unreadable: an empty folder with the name of a file",
        "good.txt": "",
        "loop1.txt": "unreadable: Too many levels of symbolic links",
        "loop2.txt": "unreadable: Too many levels of symbolic links",
        "named.html/page.html": "",
        "pipe.txt": "unreadable: not a regular file; pipe its content to '-' instead",
        "socket.txt": "unreadable: not a regular file; pipe its content to '-' instead",
    }
    assert piped == [("pipe.txt", found["pipe.txt"])]


def test_linked_folders_are_followed_once(tmp_path: Path) -> None:
    fill(tmp_path, "in/a/x.txt", "out/y.txt")
    (tmp_path / "in/a/up").symlink_to("..")
    (tmp_path / "in/a/self").symlink_to(".")
    (tmp_path / "in/other").symlink_to(tmp_path / "out")
    (tmp_path / "in/twice").symlink_to(tmp_path / "out")
    (tmp_path / "out/back").symlink_to(tmp_path / "in/a")
    found = listing(tmp_path / "in")
    assert [(origin, why.split(":")[0]) for origin, why in found] == [
        ("a/self", "unreadable"),
        ("a/up", "unreadable"),
        ("a/x.txt", ""),
        ("other/back", "duplicate"),
        ("other/y.txt", ""),
        ("twice", "duplicate"),
    ]
    assert "loop" in found[0][1]


def test_the_same_origin_from_two_places(tmp_path: Path) -> None:
    fill(tmp_path, "jan/x.txt", "feb/x.txt")
    first, second = discover([tmp_path / "jan", tmp_path / "feb/x.txt"])
    assert isinstance(first, Source)
    assert isinstance(second, Rejected)
    assert second.reason == "id_conflict"
    assert second.origin.endswith("feb/x.txt")
    assert "jan/x.txt" in second.detail
    assert len(listing(tmp_path / "jan", tmp_path / "jan/x.txt", "-", "-")) == 2


def test_a_link_to_a_folder_may_be_the_path_itself(tmp_path: Path) -> None:
    fill(tmp_path, "a/x.txt")
    (tmp_path / "a/up").symlink_to("..")
    (tmp_path / "link").symlink_to("a")
    assert [origin for origin, why in listing(tmp_path / "link") if not why] == ["x.txt"]
    assert ("a/x.txt", "") in listing(tmp_path / "a/up")


def test_names_that_are_no_utf8_can_be_written(tmp_path: Path) -> None:
    name = os.fsencode(tmp_path) + b"/\x93\xfa\x96{.txt"
    Path(os.fsdecode(name)).write_text("本文", encoding="utf-8")
    ((origin, why),) = listing(tmp_path)
    assert (origin, why) == (r"\x93\xfa\x96{.txt", "")


def test_a_file_reached_by_two_paths_is_listed_once(tmp_path: Path) -> None:
    fill(tmp_path, "a.txt", "sub/a.txt", "sub/b.pdf")
    (tmp_path / "z.txt").symlink_to("a.txt")
    found = listing(tmp_path, tmp_path / "sub" / "a.txt", tmp_path / "sub")
    assert [origin for origin, _ in found] == ["a.txt", "sub/a.txt", "sub/b.pdf"]
