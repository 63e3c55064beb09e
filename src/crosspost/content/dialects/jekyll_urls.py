"""Jekyll's addresses: what a post or a page is called on a site that Jekyll made.

The rules are those of Jekyll 4: `permalink` in the settings names a style or is a pattern; a post's
`:title` is its file's name with only what an address cannot hold turned into hyphens, its case
kept; its categories are lower case, each a folder. Where Jekyll's address has neither an ending nor
a last slash (`/:title`), which some servers answer and some do not, a slash is added.
"""

from __future__ import annotations

import posixpath
import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from crosspost import permalinks

DATED_NAME = re.compile(r"(\d{2,4})-(\d{1,2})-(\d{1,2})-([^/]*)\.[^./]+")
_PRETTY = set("._~!$&'()+,;=@")
_SAFE = "/!$&'()*+,;=:@~"
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September"),
    *("October", "November", "December"),
)


@dataclass(frozen=True, slots=True)
class Post:
    """What a post's address is made of. `slug` is the front matter's, else the file's."""

    path: str
    slug: str
    date: datetime
    categories: tuple[str, ...]


def post_address(pattern: str, post: Post) -> str:
    """Return the address of a post, percent-encoded; `pattern` may be a style's name."""
    date = post.date
    name = posixpath.basename(post.path).rpartition(".")[0]
    calendar = date.isocalendar()
    day, month = _DAYS[date.weekday()], _MONTHS[date.month - 1]
    values = {
        "title": slugify(post.slug, pretty=True),
        "slug": slugify(post.slug).lower(),
        "name": slugify(name).lower(),
        "basename": name,
        "path": _within(post.path),
        "categories": "/".join(dict.fromkeys(one.lower() for one in post.categories)),
        "slugified_categories": "/".join(
            dict.fromkeys(slugify(one).lower() for one in post.categories)
        ),
        "collection": "posts",
        "output_ext": ".html",
        "year": f"{date.year:04}",
        "short_year": f"{date.year % 100:02}",
        "month": f"{date.month:02}",
        "i_month": str(date.month),
        "short_month": month[:3],
        "long_month": month,
        "day": f"{date.day:02}",
        "i_day": str(date.day),
        "y_day": f"{date.timetuple().tm_yday:03}",
        "w_year": str(calendar.year),
        "week": f"{calendar.week:02}",
        "w_day": str(calendar.weekday),
        "short_day": day[:3],
        "long_day": day,
        "hour": f"{date.hour:02}",
        "minute": f"{date.minute:02}",
        "second": f"{date.second:02}",
    }
    return _address(permalinks.JEKYLL_STYLES.get(pattern, pattern), values)


def page_address(pattern: str, path: str, own: str = "") -> str:
    """Return the address of a page: its own pattern, else its path, ending as posts' do."""
    folder, file = posixpath.split(path)
    name = file.rpartition(".")[0].rstrip(".")
    values = {"path": folder, "basename": name, "output_ext": ".html"}
    pattern = permalinks.JEKYLL_STYLES.get(pattern, pattern)
    if own and own not in permalinks.JEKYLL_STYLES:
        return _address(own, values)
    pattern = permalinks.JEKYLL_STYLES.get(own, pattern)
    if name == "index":
        return _address("/:path/", values)
    ending = "/" if pattern.endswith("/") else ":output_ext" if "output_ext" in pattern else ""
    return _address(f"/:path/:basename{ending}", values)


def slugify(text: str, *, pretty: bool = False) -> str:
    """Keep letters, marks and digits (with `pretty` also `._~!$&'()+,;=@`), the case as it is."""
    kept = _PRETTY if pretty else set()
    spaced = "".join(
        char if char in kept or unicodedata.category(char)[0] in "ML" or char.isdecimal() else " "
        for char in text
    )
    slug = re.sub(r" +", "-", spaced)
    return slug.removeprefix("-").removesuffix("-")


def _address(pattern: str, values: dict[str, str]) -> str:
    encoded = {name: quote(value, safe=_SAFE) for name, value in values.items()}
    url = permalinks.fill(pattern, encoded, "jekyll")
    url = f"/{url}".replace("..", "/").replace("./", "")
    url = re.sub(r"/{2,}", "/", url)
    return url if url.endswith("/") or re.search(r"\.[A-Za-z]{2,5}$", url) else f"{url}/"


def _within(path: str) -> str:
    """Return a post's path below its _posts/, without its ending."""
    return path.partition("_posts/")[2].rpartition(".")[0].rstrip(".")
