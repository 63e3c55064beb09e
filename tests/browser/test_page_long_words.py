"""Words that no line can hold: addresses in titles, names of committees, wide things in a post."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from crosspost.cli import main

pytestmark = pytest.mark.browser

WORD = "Anticonstitutionnellement" + "donaudampfschiff" * 5
BODY = f"""\
# {WORD}

{WORD} `{WORD}` https://example.org/{"x" * 200}

> {WORD}

| a | b |
|---|---|
| {WORD} | x |

```
{WORD}{WORD}
```

<iframe width="900" height="300" src="/robots.txt" title="Map"></iframe>

<object width="900" height="300" data="/robots.txt"></object>

## {WORD}

### B

## C
"""
WIDTH = "document.documentElement.scrollWidth"


@pytest.fixture(scope="module")
def address(site, tmp_path_factory):
    """Put a site in which every text is a long word beside the example site, on its server."""
    root = tmp_path_factory.mktemp("words")
    front = f"title: {WORD}\nsummary: {WORD}\nauthor: {WORD}\ncategory: {WORD[:60]}\ntags: [{WORD}]"
    period = f"title: {WORD}\nperiod: {{from: 2026-11-01, to: 2026-11-04}}"
    files = {
        "crosspost.yaml": f"site: {{title: {WORD}, url: https://org.github.io/words/}}\n"
        "lists: {per_page: 1}\n",
        "content/newsletters/n.md": f"---\ndate: 2026-11-05\n{period}\n---\n{BODY}",
        **{
            f"content/posts/p{day}.md": f"---\ndate: 2026-11-0{day}\n{front}\n---\n{BODY}"
            for day in (1, 2, 3)
        },
    }
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")
    output = str(site.folder.parent / "words")
    arguments = ["-C", str(root), "build", "--output", output, "--now", "2026-11-23"]
    result = CliRunner().invoke(main, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.stderr
    return f"{site.origin}/words/"


PAGES = ["", "2026/11/p2/", "archives/", "page/2/", "newsletter/", "404.html"]
EDITION = ["newsletter/n/", "newsletter/n/email.html"]


@pytest.mark.parametrize("path", [*PAGES, *EDITION])
def test_no_word_is_wider_than_the_page(address, visit, path):
    for width in (320, 360, 1280):
        with visit(address + path, width=width) as seen:
            assert seen.page.evaluate(WIDTH) == width, f"{width} px"
