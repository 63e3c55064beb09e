"""Every link that leads nowhere has its exact place, however it and its file are written."""

from __future__ import annotations

import re

import pytest

# Each name that begins with `no` leads nowhere; `fine` is in code, or no link at all.
BODY = """\
[a](no1.md) and ![alt](no2.png)

- item [b](no3.md)
    - nested ![x](no4.png) `[code](fine.md)`

| a | b |
|---|---|
| x | [c](no5.md) \\| [d](no6.md) |

Note[^1], [ref][r], [short][] and [again](no1.md).

> quote [e](no7.md)
> second line [f](../no8.md)

Term
:   definition [g](no9.md)

!!! note "Title"
    text [h](no10.md)

```
[code](fine.md)
```

<div markdown="1">
[i](no11.md)
</div>

1. é à « » 😀 [j](no12.md "title") <A HREF="no13.md">k</A> <a href=no14.md>l</a>

[several
lines](no15.md) [m](<no 16.md>) [n](no%2017.md) <a class="x" href = 'no18.md'>o</a>

<object data="no19.pdf" type="application/pdf"></object>

<video src="no20.mp4" poster="no21.jpg"><track src="no22.vtt"></video>

## Heading [p](no23.md)

[^1]: The note [q](no24.md)
    goes on [s](no25.md)

[r]: no26.md
[short]: <no27.md> "title"
[mail](mailto:a@b.example) [call](tel:+33) [top](#top) \\[not](fine.md)
"""


GFM = "site: {title: V, url: https://v.example}\nmarkdown: {flavour: gfm}\n"
GFM_BODY = (
    BODY.replace('<div markdown="1">', "<div>\n").replace("\n</div>", "\n\n</div>")
    + """
- [ ] a task [a](no40.md)
- [x] ticked ![x](no41.png)

> [!WARNING]
> An alert [a](<no 42.md>) and ~~crossed [out](no43.md)~~

https://fine.example www.fine.example [a](no%2044.md) [bé](no45.md)
"""
)


@pytest.mark.parametrize("flavour", ["markdown", "gfm"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
@pytest.mark.parametrize("start", ["", "\ufeff"], ids=["plain", "BOM"])
def test_each_broken_link_is_where_it_is_said(
    site, post, newline: str, start: str, flavour: str
) -> None:
    text = post("", GFM_BODY if flavour == "gfm" else BODY)
    files = {"content/posts/a.md": (start + text).replace("\n", newline)}
    if flavour == "gfm":
        files["crosspost.yaml"] = GFM
    result = site(files).build()
    lines = text.split("\n")
    told = []
    for problem in result.problems:
        place = re.match(r"content/posts/a\.md:(\d+):(\d+): error: '([^']+)'", problem)
        assert place, problem
        line, column, target = int(place[1]), int(place[2]), place[3]
        assert lines[line - 1][column - 1 :].startswith(target), problem
        told.append((line, target.removeprefix("../")))
    written = [
        (number, target)
        for number, line in enumerate(lines, start=1)
        for target in re.findall(r"no[ \d%]+\.\w+", line)
    ]
    assert sorted(told) == sorted(written)
    assert result.status == 1
