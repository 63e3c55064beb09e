"""The client API of attachments: upload, wait, describe, remove."""

from __future__ import annotations

from dataclasses import replace

from crosspost.sandbox.calls import WRITE_MEDIA, Answer, Call, Entry, Rooms
from crosspost.sandbox.faults import OF_MEDIA, FaultKind
from crosspost.sandbox.media import SUFFIXES, inspect, parse_focus
from crosspost.sandbox.posting import change_media
from crosspost.sandbox.profiles import Family
from crosspost.sandbox.records import Media
from crosspost.sandbox.refusal import Refusal, not_found
from crosspost.sandbox.rules import check_description


class MediaApi:
    """Attachments that no status has yet; the others are the status' affair."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms
        self._profile = rooms.profile
        self._store = rooms.store
        self._only_free = rooms.profile.family is Family.MASTODON

    def entries(self) -> list[Entry]:
        """Return the table of routes."""
        one = "/api/v1/media/{id}"
        table = [
            Entry("POST", "/api/v1/media", self._upload, WRITE_MEDIA),
            Entry("POST", "/api/v2/media", self._upload, WRITE_MEDIA),
            Entry("GET", one, self._media, WRITE_MEDIA),
            Entry("PUT", one, self._change, WRITE_MEDIA),
        ]
        if self._profile.family is Family.MASTODON and (self._profile.api_version or 0) >= 4:
            table.append(Entry("DELETE", one, self._delete, WRITE_MEDIA))
        return table

    def _upload(self, call: Call) -> Answer:
        account = call.own
        file = call.params.file("file")
        data = file.file.read() if file else b""
        upload = inspect(data, self._profile)
        description = call.params.text("description") or None
        check_description(description or "", self._profile)
        path = call.request.url.path
        fault = self._rooms.faults.take("POST", path, OF_MEDIA)
        later = path == "/api/v2/media" and upload.kind not in {"image", "gifv"}
        polls = 1 if later else 0
        if fault is not None and fault.kind is FaultKind.MEDIA_PROCESSING:
            polls = fault.polls or -1
        if fault is not None and fault.kind is FaultKind.MEDIA_LOST and fault.polls:
            polls = 1  # taken for work that is never done
        with self._store.transaction():
            media_id = self._store.new_id()
            media = Media(
                id=media_id,
                account_id=account.id,
                status_id=None,
                kind=upload.kind,
                mime=upload.mime,
                file=f"{media_id}{SUFFIXES[upload.mime]}",
                width=upload.width,
                height=upload.height,
                description=description,
                focus=self._focus(call),
                polls_left=polls,
                failed=fault is not None and fault.kind is FaultKind.MEDIA_FAILED,
                created_at=self._store.now,
            )
            self._store.file_of(media).write_bytes(data)
            self._store.save_media(media)
            if fault is not None and fault.kind is FaultKind.MEDIA_LOST:
                self._store.remove_media(media)
        return Answer(call.views.media(media), 200 if media.ready else 202)

    def _focus(self, call: Call) -> tuple[float, float] | None:
        """Return the focus of an upload; Hollo keeps none."""
        if self._profile.family is Family.HOLLO:
            return None
        return parse_focus(call.params.text("focus"))

    def _free(self, call: Call) -> Media:
        """Return an attachment; on Mastodon, one of a status is not found, like no one's."""
        media = self._store.media(call.path("id"))
        taken = media is not None and media.status_id is not None
        if media is None or media.account_id != call.own.id or (taken and self._only_free):
            raise not_found()
        if media.failed:
            raise Refusal(422, "Error processing thumbnail for uploaded media")
        return media

    def _media(self, call: Call) -> Answer:
        media = self._free(call)
        if media.ready:
            return Answer(call.views.media(media))
        if media.polls_left > 0:
            self._store.save_media(replace(media, polls_left=media.polls_left - 1))
        return Answer(call.views.media(media), 206)

    def _change(self, call: Call) -> Answer:
        media = change_media(self._free(call), call.params, self._profile)
        self._store.save_media(media)
        return Answer(call.views.media(media), 200 if media.ready else 206)

    def _delete(self, call: Call) -> Answer:
        media = self._store.media(call.path("id"))
        if media is None or media.account_id != call.own.id:
            raise not_found()
        if media.status_id is not None:
            raise Refusal(422, "Media attachment is currently used by a status")
        self._store.remove_media(media)
        return Answer({})
