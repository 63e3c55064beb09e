"""`import wordpress`: posts and pages of WordPress's export file, and its uploads from a folder."""

from __future__ import annotations

import html
import re
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

from crosspost import schema
from crosspost.build.watch import Watch
from crosspost.content.document import Kind
from crosspost.content.frontmatter import FrontMatter, Image
from crosspost.content.slugs import slugify
from crosspost.errors import UsageError
from crosspost.imports.archive import file_inside
from crosspost.imports.found import Found, Harvest, OldSite, Wishes, merged, require, zone_named
from crosspost.imports.wordpress_text import readable_html
from crosspost.imports.words import html_to_markdown, html_to_text
from crosspost.imports.wxr import Head, Item, head_of, items_of

_KINDS = {"post": Kind.POST, "page": Kind.PAGE}
_NO_CATEGORY = {"uncategorized", "non-classe", "sans-categorie"}
_UPLOADS = re.compile(r"(?:https?:)?//[^\s\"'<>()\[\]]*?/wp-content/uploads/[^\s\"'<>()\[\]?#]+")
_SIZE = re.compile(r"-\d+x\d+(?=\.[A-Za-z]+$)")
_LONGEST = 300


@dataclass(slots=True)
class _Blog:
    """The blog as a whole: what texts refer to, whatever order they stand in."""

    harvest: Harvest
    zone: ZoneInfo
    file: str
    head: Head
    uploads: Path | None
    attachments: dict[str, Item] = field(default_factory=dict)

    def picture(self, number: str) -> str:
        """Return an attachment's picture as HTML, empty where it is not in the export."""
        item = self.attachments.get(number)
        if item is None:
            return ""
        alt = item.meta.get("_wp_attachment_image_alt", "")
        address = html.escape(self.local(item.get("wp:attachment_url")))
        return f'<img src="{address}" alt="{html.escape(alt)}">'

    def local(self, address: str) -> str:
        """Return where an upload is on the new site; its old address where it is not at hand."""
        if self.uploads is None:
            return address
        name = unquote(address.partition("/wp-content/uploads/")[2])
        for one in dict.fromkeys((name, _SIZE.sub("", name))):
            path = file_inside(self.uploads, one)
            if path is not None:
                target = f"wp-content/uploads/{one}"
                self.harvest.add_media(target, f"{self.uploads.name}/{one}", path, always=False)
                return f"/{target}"
        return address


def read(source: Path, wishes: Wishes, watch: Watch, stack: ExitStack) -> Harvest:
    """Read an export file. Raises `UsageError` where it is none."""
    del stack
    require(source, "the export file of WordPress, as wordpress.xml")
    if source.is_dir():
        raise UsageError(f"{source} is a folder: give the export file, as wordpress.xml.")
    if wishes.uploads is not None and not wishes.uploads.is_dir():
        raise UsageError(f"--uploads: there is no folder {wishes.uploads}.")
    head = head_of(source)
    harvest = Harvest("wordpress", _old_site(head))
    known = merged(wishes.site, harvest.site, wishes.fallback)
    blog = _Blog(harvest, zone_named(known.timezone), source.name, head, wishes.uploads)
    count = 0
    for item in items_of(source):
        count += 1
        if item.get("wp:post_type") == "attachment":
            blog.attachments[item.get("wp:post_id")] = item
    with watch.phase("read", count) as done:
        for item in items_of(source):
            _take(item, blog)
            done(1)
    harvest.lose_feed("/feed/", "/rss.xml")
    if blog.attachments and wishes.uploads is None:
        message = "pictures and files stay on the old site: give their folder with --uploads."
        harvest.lose("uploads", message, source.name)
    return harvest


def _old_site(head: Head) -> OldSite:
    texts = head.texts
    if "wp:wxr_version" not in texts:
        raise UsageError("this is XML, but no export of WordPress: choose Tools, Export there.")
    return OldSite(
        title=html.unescape(" ".join(texts.get("title", "").split())),
        url=(texts.get("wp:base_blog_url") or texts.get("link", "")).strip().rstrip("/"),
        language=texts.get("language", "").strip().partition("-")[0],
        description=html.unescape(" ".join(texts.get("description", "").split())),
    )


def _take(item: Item, blog: _Blog) -> None:
    """Take one item over, or count it as left out."""
    harvest, status, type_ = blog.harvest, item.get("wp:status"), item.get("wp:post_type")
    if item.comments:
        harvest.leave_out("comments", item.comments)
    if type_ == "attachment":
        return
    if type_ not in _KINDS:
        harvest.leave_out(f"items of the type {type_ or '?'}")
        return
    if status in ("trash", "auto-draft", "inherit"):
        harvest.leave_out("items in the trash or never saved")
        return
    lost: list[tuple[str, str]] = []
    front = _front_matter(item, blog, lost)
    text = _UPLOADS.sub(lambda match: blog.local(match[0]), item.get("content"))
    body = html_to_markdown(readable_html(text, blog.picture, lost), lost)
    year = f"{front.date.astimezone(blog.zone):%Y}" if front.date else ""
    found = Found(
        kind=_KINDS[type_],
        identity=item.get("guid") or f"{harvest.site.url}/?p={item.get('wp:post_id')}",
        folder="pages" if type_ == "page" else f"posts/{year}",
        name=slugify(unquote(item.get("wp:post_name")) or front.title),
        front_matter=front,
        body=body,
        source=blog.file,
        line=item.line,
        origin=f"?p={item.get('wp:post_id')}",
    )
    harvest.documents.append(found)
    harvest.losses += [found.loss(code, message) for code, message in dict.fromkeys(lost)]


def _front_matter(item: Item, blog: _Blog, lost: list[tuple[str, str]]) -> FrontMatter:
    status = item.get("wp:status")
    title = html_to_text(item.get("title"))[:_LONGEST]
    if not title:
        title = unquote(item.get("wp:post_name")) or f"Sans titre {item.get('wp:post_id')}"
        lost.append(("title", f"this has no title: it is called '{title}'."))
    if status == "private":
        lost.append(("private", "this was private: it is a draft."))
    if item.get("wp:post_password"):
        lost.append(("private", "this had a password: it is a draft."))
    if item.get("wp:is_sticky") == "1":
        lost.append(("sticky", "this was pinned to the top: it stands at its date."))
    date = _date(item, blog, lost) if item.get("wp:post_type") == "post" else None
    changed = _moment(item.get("wp:post_modified_gmt"), UTC)
    later = changed is not None and date is not None and changed > date + timedelta(days=1)
    categories = _labels(item, "category")
    tags = [*categories[1:], *_labels(item, "post_tag")]
    login = item.get("creator")
    return FrontMatter(
        title=title,
        date=date,
        updated=changed if later else None,
        draft=status not in ("publish", "future") or bool(item.get("wp:post_password")),
        category=categories[0] if categories and item.get("wp:post_type") == "post" else None,
        tags=tuple(dict.fromkeys(tags)),
        summary=html_to_text(item.get("excerpt"))[:2000] or None,
        image=_image(item, blog, lost),
        author=blog.head.authors.get(login, login) or None,
        permalink=_permalink(item, blog, lost),
    )


def _date(item: Item, blog: _Blog, lost: list[tuple[str, str]]) -> datetime:
    """Return when a post appears; a draft may have been without a date."""
    for name, zone in (("wp:post_date_gmt", UTC), ("wp:post_date", blog.zone)):
        found = _moment(item.get(name), zone)
        if found is not None:
            return found
    lost.append(("date", "this has no date that can be read: it is of the year 2000."))
    return datetime(2000, 1, 1, tzinfo=blog.zone)


def _moment(text: str, zone: object) -> datetime | None:
    try:
        return schema.moment(text, zone)  # type: ignore[arg-type]
    except schema.Invalid:
        return None


def _labels(item: Item, domain: str) -> list[str]:
    found = (
        " ".join(html.unescape(label).split())[:100]
        for kind, nicename, label in item.terms
        if kind == domain and nicename not in _NO_CATEGORY
    )
    return [label for label in dict.fromkeys(found) if label]


def _image(item: Item, blog: _Blog, lost: list[tuple[str, str]]) -> Image | None:
    """Return the featured picture, where it is at hand."""
    attachment = blog.attachments.get(item.meta.get("_thumbnail_id", ""))
    if attachment is None:
        return None
    src = blog.local(attachment.get("wp:attachment_url"))
    if not src.startswith("/"):
        lost.append(("lost-picture", f"its picture {src} is not at hand."))
        return None
    alt = " ".join(attachment.meta.get("_wp_attachment_image_alt", "").split())
    return Image(src, alt or None)


def _permalink(item: Item, blog: _Blog, lost: list[tuple[str, str]]) -> str | None:
    """Return the address that the item had, below the address of the blog."""
    parts = urlsplit(item.get("link").strip())
    base = urlsplit(blog.harvest.site.url).path.rstrip("/")
    path = parts.path.removeprefix(base)
    if parts.query or path in ("", "/"):
        if item.get("wp:status") in ("publish", "private"):
            message = f"its address {item.get('link')} cannot be kept: it has a new one."
            lost.append(("address", message))
        return None
    return path if path.startswith("/") else f"/{path}"
