"""The settings of a site: `crosspost.yaml`, typed.

Every key is documented beside its attribute; the reference page and the JSON Schema are made from
these texts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from crosspost import permalinks, schema
from crosspost.errors import Problem
from crosspost.schema import Invalid, Node, Reported, Schema, Source, key
from crosspost.setting_values import (
    CREATOR,
    DURATION,
    FOLDERS,
    GIT_NAME,
    HANDLE,
    LANGUAGE,
    LANGUAGES,
    SECRET,
    SOME,
    TEXT,
    WEB_ADDRESS,
    at_least,
    creator,
    environment_reference,
    folder_list,
    git_name,
    handle,
    language,
    languages,
    line,
    one_line,
    some,
    time_zone,
    wait,
    web_address,
    written,
)

SETTINGS_FILE = "crosspost.yaml"
_EMPTY: Mapping[str, Any] = MappingProxyType({})


class SiteSettings(Schema):
    """What the site is called and where it lives."""

    title: str = key(parse=one_line(300), schema=line(300))
    """The site's name, as citizens read it."""
    url: str = key(parse=web_address, schema=WEB_ADDRESS)
    """Where the site is published. It may have a base path, as GitHub's project pages do."""
    language: str = key("fr", parse=language, schema=LANGUAGE)
    """The language of content that does not say its own."""
    timezone: str = key("Europe/Paris", parse=time_zone, schema={"type": "string"})
    """The time zone of dates written without one."""
    description: str = ""
    """One sentence for search engines, feeds and cards."""
    author: str = ""
    """Who signs what has no author of its own; the site's title where this is empty."""
    image: str | None = None
    """The picture that cards show for pages without one: a path below content/."""


class ListSettings(Schema):
    """The pages that list posts."""

    per_page: int = key(10, parse=at_least(1), schema={"type": "integer", "minimum": 1})
    """How many posts one page of a list shows."""


class FeedSettings(Schema):
    """The feeds that readers and programs follow."""

    items: int = key(20, parse=at_least(1), schema={"type": "integer", "minimum": 1})
    """How many of the newest posts a feed holds."""
    formats: tuple[Literal["rss", "atom", "json"], ...] = ("rss", "atom", "json")
    """Which formats are made: RSS 2.0, Atom 1.0, JSON Feed 1.1."""
    per: tuple[Literal["category", "tag"], ...] = ("category", "tag")
    """What has a feed of its own besides the site."""


class PublishSettings(Schema):
    """The guards of `publish`."""

    window: timedelta = timedelta(days=14)
    """How old a post may be and still be announced; older ones are never posted."""
    max_creates: int = key(10, parse=at_least(0), schema={"type": "integer", "minimum": 0})
    """A run that would create more messages on one channel does nothing and says so."""
    max_edits: int = key(20, parse=at_least(0), schema={"type": "integer", "minimum": 0})
    """The same for edits."""
    max_deletes: int = key(5, parse=at_least(0), schema={"type": "integer", "minimum": 0})
    """The same for deletions."""
    max_edit_age: timedelta = timedelta(days=30)
    """A message older than this is left as it is when its post changes."""
    wait_until_live: timedelta | None = key(
        timedelta(minutes=10), parse=wait, schema={"anyOf": [DURATION, {"const": False}]}
    )
    """How long to wait for a post's page to be on line before it is announced; false: do not."""
    first_run: Literal["adopt", "publish"] = "adopt"
    """What the first run on an account does with posts inside the window: `adopt` records those
    that are older as published before crosspost; `publish` is for an account that starts empty."""
    delete: Literal["keep", "propagate"] = "keep"
    """What happens to a message whose post is gone: `keep` leaves it and says so."""
    wait_for_limits: timedelta = timedelta(seconds=90)
    """How long a run waits, in all, where a server takes no more calls; then it leaves the rest."""
    ledger: Literal["auto", "directory", "branch"] = "auto"
    """Where the record of what was said is: the folder ledger/ of the tree, or a branch of the
    remote, which several machines can share. `auto` is the branch in CI and wherever the remote
    has one, else the folder."""
    ledger_branch: str = key("crosspost-state", parse=git_name, schema=GIT_NAME)
    """The branch that holds the ledger."""
    ledger_remote: str = key("origin", parse=git_name, schema=GIT_NAME)
    """The remote that has this branch."""


class Choice(Schema):
    """Which posts: by what their front matter says. See docs/publishing.md, "Several accounts"."""

    categories: tuple[str, ...] = key((), parse=some, schema=SOME)
    """Their category is one of these."""
    tags: tuple[str, ...] = key((), parse=some, schema=SOME)
    """They have one of these tags."""
    languages: tuple[str, ...] = key((), parse=languages, schema=LANGUAGES)
    """They are in one of these languages; fr is fr-CA too."""
    named: bool = key(False, hidden=True)


_CHOICE_SCHEMA = {"allOf": [{"$ref": "#/definitions/Choice"}, {"minProperties": 1}]}


def _choice(node: Node, source: Source) -> Choice:
    value = schema.decode(Choice, node, source)
    if value is None:
        raise Reported("it is not complete.")
    if value == Choice():
        raise Invalid("it says nothing. Write {categories: [culture]}, or leave the key out.")
    return value


def _only(node: Node, source: Source) -> Choice:
    if isinstance(node, schema.ScalarNode):
        if schema.text(node).strip() != "named":
            raise Invalid("expected {categories: […], tags: […], languages: […]}, or: named.")
        return Choice(named=True)
    return _choice(node, source)


class ChannelSettings(Schema):
    """An account that crosspost speaks through."""

    type: str
    """Which kind of channel this is: mastodon, or one that an installed package brings."""
    account: str | None = key(None, parse=handle, schema=HANDLE)
    """The account, as "@town@mastodon.example". A token for another account blocks the run."""
    instance: str | None = key(None, parse=web_address, schema=WEB_ADDRESS)
    """The server's address where it differs from the account's domain."""
    token: str | None = key(None, parse=environment_reference, schema=SECRET)
    """The environment variable that holds the token, as ${MASTODON_TOKEN}; never the token."""
    visibility: Literal["public", "unlisted", "private", "direct"] = "public"
    """Who sees a message that does not say so itself."""
    hashtags: int = key(4, parse=at_least(0), schema={"type": "integer", "minimum": 0})
    """How many hashtags a composed message carries at most."""
    quotes: Literal["public", "followers", "nobody"] | None = None
    """Who may quote a message that does not say so itself, where the server knows of quotes; the
    account's own preference where this is absent."""
    wait_for_media: timedelta = timedelta(minutes=2)
    """How long to wait until the server has worked on a picture, before the message is sent."""
    only: Choice | None = key(
        None,
        parse=_only,
        schema={"anyOf": [{"const": "named"}, _CHOICE_SCHEMA]},
    )
    """Which posts it says: those that fulfil every line; all, where the key is absent. `named`:
    only those that name it under `channels` in their front matter. Naming it there always counts
    for more than this."""
    except_: Choice | None = key(None, parse=_choice, schema=_CHOICE_SCHEMA)
    """Which posts it does not say: those that fulfil one line or more."""
    name: str = key("", hidden=True)


class FediverseSettings(Schema):
    """What pages tell Mastodon of the site's accounts."""

    creator: str = key("channel", parse=creator, schema=CREATOR)
    """Whose byline Mastodon shows below links to this site (`fediverse:creator`): `channel` is the
    account of the first channel that says the post, else the first account without `only`;
    "@name@server" is that account on every page; false: nobody's."""
    rel_me: bool = True
    """Whether links to the accounts say `rel="me"`, by which their profiles verify the site."""
    discuss: bool = True
    """Whether a post's page links to what the ledger says was said of it (`u-syndication`)."""


class TermSettings(Schema):
    """How a category or a tag is shown."""

    label: str
    """Its name, as readers see it."""
    description: str = ""
    """A sentence shown above its list."""
    labels: Mapping[str, str] = _EMPTY
    """Its name in other languages: {en: Works}."""


def _term(node: Node, source: Source) -> TermSettings:
    if isinstance(node, schema.ScalarNode):
        return TermSettings(label=schema.text(node))
    value = schema.decode(TermSettings, node, source)
    if value is None:
        raise Reported("it needs a label.")
    return value


def _terms(node: Node, source: Source) -> Mapping[str, TermSettings]:
    if not isinstance(node, schema.MappingNode):
        raise Invalid("expected a list of names and labels, as culture: Culture.")
    return MappingProxyType({schema.text(name): _term(value, source) for name, value in node.value})


_TERM_SCHEMA = {
    "type": "object",
    "additionalProperties": {
        "anyOf": [TEXT, {"$ref": "#/definitions/TermSettings"}],
    },
}


class NewsletterSettings(Schema):
    """The newsletter's frame; each edition is a file of content/newsletters/."""

    title: str = ""
    """Its name; the site's title where this is empty."""
    sender: str = ""
    """The From line of the .eml, as "Ville de Valbourg <lettre@valbourg.example>"."""
    address: str = ""
    """The postal address in the footer of each e-mail."""
    unsubscribe_url: str = ""
    """Where readers leave; a mailing service's placeholder such as {{unsubscribe}} is kept."""


class MarkdownSettings(Schema):
    """How Markdown is read."""

    flavour: Literal["markdown", "gfm"] = "markdown"
    """Whose Markdown: `markdown` (Python-Markdown: definition lists, `!!!` admonitions, attribute
    lists) or `gfm` (as GitHub shows it: task lists, alerts). See docs/flavours.md."""
    typography: bool = True
    """French and English typography: spaces, quotation marks, apostrophes."""


_OLD_ADDRESS = written("/(?!/)[^?# ]*")


def _addresses(node: Node, source: Source) -> tuple[str, ...]:
    return tuple(one for one, _ in _each_address(getattr(node, "value", ()), node, source))


def _moved(node: Node, source: Source) -> Mapping[str, str]:
    if not isinstance(node, schema.MappingNode):
        raise Invalid("expected old addresses and new ones, as /old/: /new/.")
    names = [name for name, _ in node.value]
    targets = {id(name): schema.text(value).strip() for name, value in node.value}
    moved = {}
    for address, name in _each_address(names, None, source):
        target = targets[id(name)]
        if not re.match(r"/(?!/)|https?://", target):
            message = f"'{target}' is no address. Write /new/address/, or one with https://."
            source.report(name, "wrong-value", message)
        else:
            moved[address] = target
    return MappingProxyType(moved)


def _each_address(items: Any, node: Node | None, source: Source) -> Iterator[tuple[str, Node]]:
    if node is not None and not isinstance(node, schema.SequenceNode):
        raise Invalid("expected a list. Write [/old/address/].")
    for item in items:
        value = schema.text(item).strip()
        if not value.startswith("/") or value.startswith("//") or set(value) & set("?# "):
            message = f"'{value}' is not an address on this site. Write /old/address/."
            source.report(item, "wrong-value", message)
        else:
            yield value, item


class RedirectSettings(Schema):
    """Older addresses, besides the `aliases` of documents, and how servers are told of them."""

    formats: tuple[Literal["html", "netlify", "nginx", "apache"], ...] = ("html",)
    """What is written: `html` (a page at each older address, for any host), `netlify`
    (`_redirects`), `nginx` (`redirects.nginx.map`), `apache` (`redirects.apache.txt`)."""
    moved: Mapping[str, str] = key(
        _EMPTY,
        parse=_moved,
        schema={
            "type": "object",
            "propertyNames": _OLD_ADDRESS,
            "additionalProperties": written(r"(?:/(?!/)|https?://).*"),
        },
    )
    """Addresses that no document can have as an alias: {/old.pdf: /files/new.pdf}."""
    gone: tuple[str, ...] = key(
        (), parse=_addresses, schema={"type": "array", "items": _OLD_ADDRESS}
    )
    """Addresses that are gone for good and have no document that says so."""


class CheckSettings(Schema):
    """What `check` says, by the code of each rule: see docs/checks.md."""

    off: tuple[str, ...] = ()
    """Rules that are not applied."""
    warn: tuple[str, ...] = ()
    """Rules whose errors are warnings here."""
    error: tuple[str, ...] = ()
    """Rules whose warnings are errors here."""


class Settings(Schema):
    """The whole of `crosspost.yaml`."""

    site: SiteSettings
    """What the site is called and where it lives."""
    theme: str = "ville"
    """The theme: a folder of themes/, or one that comes with crosspost."""
    permalink: str = permalinks.DEFAULTS[None]
    """The pattern of a post's address: {year} {month} {day} {slug} {category} {path}. With
    `compat`, as that generator writes it: `pretty` or /:categories/:title/ for Jekyll."""
    lists: ListSettings = ListSettings()
    """The pages that list posts."""
    feeds: FeedSettings = FeedSettings()
    """RSS, Atom and JSON feeds."""
    categories: Mapping[str, TermSettings] = key(_EMPTY, parse=_terms, schema=_TERM_SCHEMA)
    """The categories and their labels. Where some are named here, any other is an error."""
    tags: Mapping[str, TermSettings] = key(_EMPTY, parse=_terms, schema=_TERM_SCHEMA)
    """Labels of tags whose key does not read well; other tags are free."""
    newsletter: NewsletterSettings = NewsletterSettings()
    """The newsletter's frame."""
    markdown: MarkdownSettings = MarkdownSettings()
    """How Markdown is read."""
    publish: PublishSettings = PublishSettings()
    """The guards of `publish`."""
    redirects: RedirectSettings = RedirectSettings()
    """Older addresses."""
    check: CheckSettings = CheckSettings()
    """Which rules `check` applies, and how strictly."""
    channels: Mapping[str, ChannelSettings] = _EMPTY
    """The accounts that crosspost speaks through, each under a name of your choice."""
    fediverse: FediverseSettings = FediverseSettings()
    """What pages tell Mastodon of the accounts."""
    static: tuple[str, ...] = key((), parse=folder_list, schema=FOLDERS)
    """Folders beside content/ whose files are copied to the same path."""
    compat: Literal["jekyll", "hugo", "pelican"] | None = None
    """Understand front matter, file names and addresses as this generator does."""
    params: Mapping[str, Any] = _EMPTY
    """Free data for your own templates, as site.params."""
    root: Path = key(Path(), hidden=True)
    text: str = key("", hidden=True)
    places: Mapping[str, tuple[int, int]] = key(_EMPTY, hidden=True)

    @property
    def base_path(self) -> str:
        """The path below which the site lives: empty, or as /town."""
        return urlsplit(self.site.url).path.rstrip("/")

    @property
    def zone(self) -> ZoneInfo:
        """The site's time zone."""
        return ZoneInfo(self.site.timezone)

    def problem(self, name: str, code: str, message: str) -> Problem:
        """Make a problem at the key `name`, or at the file where it is not written."""
        return Problem(SETTINGS_FILE, *self.places.get(name, (0, 0)), code, message)

    def absolute(self, url: str) -> str:
        """Turn a root-relative URL, base path included, into a full address."""
        parts = urlsplit(self.site.url)
        return f"{parts.scheme}://{parts.netloc}{url}"
