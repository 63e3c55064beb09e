"""The pages that a webmaster looks at: what citizens would see, and what they would not."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from crosspost.sandbox.calls import Rooms
from crosspost.sandbox.records import Account, Status
from crosspost.sandbox.rules import length
from crosspost.sandbox.views import Views, iso

if TYPE_CHECKING:
    from jinja2 import Template

_ASSETS = Path(__file__).parent / "assets"
_PAGE = 40
_WORDS: dict[str, dict[str, Any]] = {
    "en": {
        "skip": "Skip to the posts",
        "notice": "Rehearsal: nothing on this page has left this computer.",
        "empty": "Nothing has been posted yet.",
        "by": "Posted by",
        "answers": "Continues a thread",
        "warning": "Content warning:",
        "sensitive": "Sensitive media",
        "picture": "Picture without a description",
        "no_alt": "No alternative text",
        "edited": "Edited",
        "source": "Source text",
        "older": "Older posts",
        "footer": "Embedded server of crosspost, with the rules of",
        "posts": "{n} posts",
        "post": "1 post",
        "replies": "{n} replies",
        "reply": "1 reply",
        "length": "{n} of {limit} characters",
        "public": "Public",
        "unlisted": "Quiet public",
        "private": "Followers only",
        "direct": "Private mention",
        "tagged": "Posts with #{name}",
        "thread": "Thread",
        "poll": "Poll",
        "votes": "{n} votes",
        "vote": "1 vote",
        "several": "several answers",
        "one": "one answer",
        "hidden": "counted at the end",
        "ends": "open until",
        "ended": "ended",
        "quotes": {
            "public": "",
            "followers": "Quotes: followers",
            "nobody": "Quotes: nobody",
        },
        "missing": "There is no such page here.",
    },
    "fr": {
        "skip": "Aller aux messages",
        "notice": "Répétition : rien de cette page n’a quitté cet ordinateur.",
        "empty": "Rien n’a encore été publié.",
        "by": "Publié par",
        "answers": "Suite d’un fil",
        "warning": "Avertissement :",
        "sensitive": "Média sensible",
        "picture": "Image sans description",
        "no_alt": "Pas de texte alternatif",
        "edited": "Modifié",
        "source": "Texte source",
        "older": "Messages plus anciens",
        "footer": "Serveur embarqué de crosspost, avec les règles de",
        "posts": "{n} messages",
        "post": "1 message",
        "replies": "{n} réponses",
        "reply": "1 réponse",
        "length": "{n} caractères sur {limit}",
        "public": "Public",
        "unlisted": "Public discret",
        "private": "Abonnés seulement",
        "direct": "Mention privée",
        "tagged": "Messages avec #{name}",
        "thread": "Fil",
        "poll": "Sondage",
        "votes": "{n} voix",
        "vote": "1 voix",
        "several": "plusieurs réponses",
        "one": "une réponse",
        "hidden": "compté à la fin",
        "ends": "ouvert jusqu’au",
        "ended": "terminé",
        "quotes": {
            "public": "",
            "followers": "Citations : abonnés",
            "nobody": "Citations : personne",
        },
        "missing": "Il n’y a pas de page ici.",
    },
}


class Timeline:
    """The routes for people."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms
        self._store = rooms.store

    def routes(self) -> list[Route]:
        """Return the routes; those with the widest paths come last."""
        return [
            Route("/sandbox/page.css", self._asset("page.css", "text/css")),
            Route("/sandbox/avatar.svg", self._asset("avatar.svg", "image/svg+xml")),
            Route("/sandbox/cards/{file}", self._card_picture),
            Route("/media/{file}", self._media),
            Route("/tags/{name}", self._tag),
            Route("/", self._home),
            Route("/@{user}", self._account),
            Route("/@{user}/{id}", self._status),
            Route("/@{user}/{id}/source", self._source),
        ]

    @cached_property
    def _template(self) -> Template:
        from jinja2 import Environment, FileSystemLoader, StrictUndefined

        environment = Environment(
            loader=FileSystemLoader(_ASSETS), autoescape=True, undefined=StrictUndefined
        )
        return environment.get_template("page.html")

    def _asset(self, name: str, kind: str) -> Any:
        async def endpoint(_request: Request) -> Response:
            return FileResponse(_ASSETS / name, media_type=kind)

        return endpoint

    async def _media(self, request: Request) -> Response:
        media = self._store.media(request.path_params["file"].partition(".")[0])
        if media is None or media.file != request.path_params["file"] or not media.ready:
            return PlainTextResponse("Not found", 404)
        headers = {"X-Content-Type-Options": "nosniff"}
        return FileResponse(self._store.file_of(media), media_type=media.mime, headers=headers)

    async def _card_picture(self, request: Request) -> Response:
        name = request.path_params["file"]
        preview = self._store.preview(name.removeprefix("card-").partition(".")[0])
        if preview is None or preview.file != name:
            return PlainTextResponse("Not found", 404)
        headers = {"X-Content-Type-Options": "nosniff"}
        return FileResponse(self._store.preview_file(name), headers=headers)

    async def _home(self, request: Request) -> Response:
        return self._list(request, self._rooms.home)

    async def _account(self, request: Request) -> Response:
        account = self._found(request)
        return self._list(request, account) if account else self._missing(request)

    def _found(self, request: Request) -> Account | None:
        user = request.path_params["user"]
        return self._rooms.access.account_named(user, self._rooms.home.domain)

    def _list(self, request: Request, account: Account) -> Response:
        max_id = request.query_params.get("max_id")
        found = self._store.statuses(account.id, limit=_PAGE + 1, max_id=max_id)
        older = ""
        if len(found) > _PAGE:
            found = found[:_PAGE]
            older = f"/@{account.username}?" + urlencode({"max_id": found[-1].id})
        return self._page(request, account, found, older=older)

    async def _tag(self, request: Request) -> Response:
        name = request.path_params["name"]
        account = self._rooms.home
        views = self._rooms.views(request)
        everything = self._store.statuses(account.id, limit=1_000_000)
        found = [s for s in everything if name.lower() in {t["name"] for t in views.tags(s.text)}]
        heading = self._words(request)["tagged"].format(name=name)
        return self._page(request, account, found[:_PAGE], heading=heading)

    async def _status(self, request: Request) -> Response:
        account, status = self._found(request), self._store.status(request.path_params["id"])
        if account is None or status is None or status.account_id != account.id:
            return self._missing(request)
        thread = [
            *self._store.ancestors(status),
            status,
            *self._store.descendants(status.id),
        ]
        heading = self._words(request)["thread"] if len(thread) > 1 else ""
        return self._page(request, account, thread, heading=heading, chosen=status.id)

    async def _source(self, request: Request) -> Response:
        account, status = self._found(request), self._store.status(request.path_params["id"])
        if account is None or status is None or status.account_id != account.id:
            return self._missing(request)
        return PlainTextResponse(status.text)

    # ---------------------------------------------------------------- the page

    def _language(self, request: Request) -> str:
        wanted = request.headers.get("accept-language", "").lower()
        return "fr" if wanted.startswith("fr") else "en"

    def _words(self, request: Request) -> dict[str, Any]:
        return _WORDS[self._language(request)]

    def _missing(self, request: Request) -> Response:
        words = self._words(request)
        page = self._page(request, self._rooms.home, (), heading=words["missing"])
        page.status_code = 404
        return page

    def _page(
        self,
        request: Request,
        account: Account,
        statuses: Sequence[Status],
        *,
        heading: str = "",
        older: str = "",
        chosen: str = "",
    ) -> Response:
        words, lang = self._words(request), self._language(request)
        views = self._rooms.views(request)
        count, _ = self._store.count(account.id)
        cards = [self._card(status, views, lang, chosen) for status in statuses]
        nonce = secrets.token_urlsafe(16)
        html = self._template.render(
            lang=lang,
            t=words,
            title=" · ".join(filter(None, (heading, account.handle, "crosspost"))),
            heading=heading,
            account=account,
            count=words["post"] if count == 1 else words["posts"].format(n=count),
            cards=cards,
            points=[m for card in cards for m in card["media"] if m["x"] is not None],
            nonce=nonce,
            older=older,
            profile=self._rooms.profile.name,
        )
        policy = (
            f"default-src 'none'; style-src 'self' 'nonce-{nonce}'; img-src 'self'; "
            "media-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        )
        return HTMLResponse(
            html, headers={"Content-Security-Policy": policy, "Vary": "Accept-Language"}
        )

    def _card(self, status: Status, views: Views, lang: str, chosen: str) -> dict[str, Any]:
        from markupsafe import Markup

        words = _WORDS[lang]
        profile = self._rooms.profile
        author = self._rooms.access.account(status.account_id) or self._rooms.home
        replies = len(self._store.replies(status.id))
        counted = length(status.text, status.spoiler_text, profile)
        parent = self._store.status(status.in_reply_to_id) if status.in_reply_to_id else None
        return {
            "id": status.id,
            "chosen": status.id == chosen,
            "url": views.status_url(status, author),
            "author": author.username,
            "handle": author.handle,
            "created": _moment(status.created_at, lang),
            "created_iso": iso(status.created_at),
            "edited": _moment(status.edited_at, lang) if status.edited_at else "",
            "edited_iso": iso(status.edited_at) if status.edited_at else "",
            "answers": views.status_url(parent, author) if parent else "",
            "warning": status.spoiler_text,
            "sensitive": status.sensitive,
            # Built from escaped pieces by `text.to_html`.
            "html": Markup(views.content(status.text, author)),  # noqa: S704
            "lang": status.language,
            "language": _language_name(status.language, lang),
            "length": words["length"].format(n=counted, limit=profile.max_characters),
            "visibility": words[status.visibility],
            "replies": ""
            if not replies
            else words["reply"]
            if replies == 1
            else words["replies"].format(n=replies),
            "poll": self._poll(status, views, lang) if status.poll else None,
            "quotes": words["quotes"][status.quote_policy],
            "preview": views.card(status),
            "media": [
                {
                    "id": m.id,
                    "url": views.media_url(m),
                    "kind": m.kind,
                    "description": m.description,
                    "width": m.width,
                    "height": m.height,
                    # From -1 to 1 with y upwards in the API; from the top left in CSS.
                    "x": round((m.focus[0] + 1) * 50, 1) if m.focus else None,
                    "y": round((1 - m.focus[1]) * 50, 1) if m.focus else None,
                }
                for m in self._store.ordered_media(status)
            ],
        }

    def _poll(self, status: Status, views: Views, lang: str) -> dict[str, Any]:
        """Return a poll as it is shown: what the API says of it, and how many voted for what."""
        words = _WORDS[lang]
        if status.poll is None:
            return {}
        told = views.poll(status.poll, status)
        most = max(told["votes_count"], 1)

        def count(n: int | None) -> str:
            if n is None:
                return ""
            return str(words["vote"]) if n == 1 else str(words["votes"]).format(n=n)

        ends = status.poll.expires_at
        facts = [
            words["several"] if status.poll.multiple else words["one"],
            count(told["votes_count"]),
            words["hidden"] if status.poll.hide_totals and not told["expired"] else "",
            words["ended"] if told["expired"] else words["ends"] if ends else "",
        ]
        return {
            "options": [
                {
                    "title": option["title"],
                    "votes": count(option["votes_count"]),
                    "of": most,
                    "n": option["votes_count"],
                }
                for option in told["options"]
            ],
            "facts": " · ".join(filter(None, facts)),
            "ends": _moment(ends.timestamp(), lang) if ends and not told["expired"] else "",
            "ends_iso": iso(ends.timestamp()) if ends else "",
        }


def _moment(seconds: float, lang: str) -> str:
    from babel.dates import format_datetime

    here = datetime.fromtimestamp(seconds, UTC).astimezone()
    return format_datetime(here, "medium", locale=lang)


def _language_name(code: str | None, lang: str) -> str:
    if not code:
        return ""
    from babel import Locale

    return str(Locale.parse(lang).languages.get(code, code))
