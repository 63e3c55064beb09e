"""Files below content/: which are documents, which are copied, and which are passed over."""

from __future__ import annotations

import os
from pathlib import Path

from crosspost.content.document import Kind
from crosspost.settings_file import load_settings
from crosspost.site.content import Content
from crosspost.site.loading import read_content


def read(root: Path, files: dict[str, str], settings: str = "") -> Content:
    text = f"site: {{title: V, url: https://v.example}}\n{settings}"
    (root / "crosspost.yaml").write_text(text, encoding="utf-8")
    for name, data in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(data, encoding="utf-8")
    return read_content(load_settings(root))


POST = "---\ntitle: A\ndate: 2026-11-02\n---\n"
PAGE = "---\ntitle: A\n---\n"


def test_what_a_file_is(tmp_path: Path) -> None:
    edition = "---\ntitle: A\ndate: 2026-11-02\nposts: [posts/a.md]\n---\n"
    content = read(
        tmp_path,
        {
            "content/posts/b.md": POST,
            "content/posts/2026/a/index.md": POST,
            "content/posts/2026/a/map.txt": "x",
            "content/pages/contact.md": PAGE,
            "content/newsletters/1.md": edition,
            "content/files/notes.md": "copied as it is",
            "content/robots.txt": "x",
            "content/.hidden/x.txt": "x",
            "content/posts/.draft.md": "x",
            "content/posts/b.md~": "x",
            "content/posts/b.md.swp": "x",
        },
    )
    assert content.problems == ()
    assert [(d.path, d.kind) for d in content.documents] == [
        ("newsletters/1.md", Kind.EDITION),
        ("pages/contact.md", Kind.PAGE),
        ("posts/2026/a/index.md", Kind.POST),
        ("posts/b.md", Kind.POST),
    ]
    assert sorted(content.assets) == ["files/notes.md", "posts/2026/a/map.txt", "robots.txt"]
    assert content.assets["posts/2026/a/map.txt"].file == "content/posts/2026/a/map.txt"


def test_no_content_is_an_empty_site(tmp_path: Path) -> None:
    content = read(tmp_path, {})
    assert (content.documents, content.assets, content.problems) == ((), {}, ())


def test_static_folders_are_copied_beside_content_which_wins(tmp_path: Path) -> None:
    content = read(
        tmp_path,
        {"img/a.txt": "static", "img/b.txt": "static", "content/img/a.txt": "content"},
        "static: img\n",
    )
    assert content.assets["img/a.txt"].location.read_text(encoding="utf-8") == "content"
    assert content.assets["img/b.txt"].location.read_text(encoding="utf-8") == "static"


def test_documents_are_in_path_order_whatever_the_disk_says(tmp_path: Path) -> None:
    names = [f"content/posts/{name}.md" for name in ("z", "a", "m/x", "m", "B", "é")]
    content = read(tmp_path, dict.fromkeys(names, POST))
    paths = [document.path for document in content.documents]
    assert paths == sorted(paths)


def test_what_could_not_be_read_is_known(tmp_path: Path) -> None:
    content = read(tmp_path, {"content/posts/a.md": "no front matter", "content/posts/b.md": POST})
    assert content.unread == {"posts/a.md"}
    assert [document.path for document in content.documents] == ["posts/b.md"]
    assert len(content.problems) == 1


def test_special_files_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "content/posts").mkdir(parents=True)
    os.mkfifo(tmp_path / "content/posts/pipe.md")
    content = read(tmp_path, {"content/posts/a.md": POST})
    assert [document.path for document in content.documents] == ["posts/a.md"]
    assert not content.assets
