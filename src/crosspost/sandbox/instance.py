"""What the server says of itself: version, limits, who runs it."""

from __future__ import annotations

from typing import Any

from crosspost.sandbox.posting import INSTANCE_LANGUAGE
from crosspost.sandbox.profiles import Family, Profile

Json = dict[str, Any]
_SOURCES = {
    Family.MASTODON: "https://github.com/mastodon/mastodon",
    Family.GOTOSOCIAL: "https://codeberg.org/superseriousbusiness/gotosocial",
    Family.HOLLO: "https://github.com/fedify-dev/hollo",
}
_TITLE = "crosspost sandbox"
_ABOUT = "A rehearsal: nothing that is posted here leaves this computer."


def configuration(profile: Profile) -> Json:
    """Return the limits that both versions of the instance's description share."""
    media: Json = {
        "supported_mime_types": list(profile.mime_types),
        "image_size_limit": profile.image_size_limit,
        "image_matrix_limit": profile.image_matrix_limit,
        "video_size_limit": profile.video_size_limit,
        "video_frame_rate_limit": 120,
        "video_matrix_limit": 8_294_400,
    }
    if profile.tells_description_limit:
        media["description_limit"] = profile.description_limit
    return {
        "accounts": {"max_featured_tags": 10, "max_pinned_statuses": 5},
        "statuses": {
            "max_characters": profile.max_characters,
            "max_media_attachments": profile.max_media,
            "characters_reserved_per_url": profile.characters_per_url,
        },
        "media_attachments": media,
        "polls": {
            "max_options": profile.poll_options,
            "max_characters_per_option": profile.poll_option_characters,
            "min_expiration": profile.poll_min_expiration,
            "max_expiration": profile.poll_max_expiration,
        },
    }


def version_1(profile: Profile, domain: str, statuses: int, contact: Json) -> Json:
    """Return the body of `/api/v1/instance`."""
    body: Json = {
        "uri": domain,
        "title": _TITLE,
        "short_description": _ABOUT,
        "description": _ABOUT,
        "email": "",
        "version": profile.version,
        "urls": {},
        "stats": {"user_count": 1, "status_count": statuses, "domain_count": 0},
        "thumbnail": None,
        "languages": [INSTANCE_LANGUAGE],
        "registrations": False,
        "approval_required": False,
        "invites_enabled": False,
        "configuration": configuration(profile),
        "contact_account": contact,
        "rules": [],
    }
    if profile.api_version is None:
        body["max_toot_chars"] = profile.max_characters
    return body


def version_2(profile: Profile, domain: str, base: str, contact: Json) -> Json:
    """Return the body of `/api/v2/instance`."""
    everyone = {"local": "public", "remote": "public"}
    body: Json = {
        "domain": domain,
        "title": _TITLE,
        "version": profile.version,
        "description": _ABOUT,
        "usage": {"users": {"active_month": 1}},
        "thumbnail": {"url": f"{base}/sandbox/avatar.svg"},
        "icon": [],
        "languages": [INSTANCE_LANGUAGE],
        "configuration": {
            "urls": {"streaming": None, "status": None, "about": base},
            "vapid": {"public_key": ""},
            **configuration(profile),
            "translation": {"enabled": False},
        },
        "registrations": {
            "enabled": False,
            "approval_required": False,
            "reason_required": False,
            "message": None,
            "url": None,
        },
        "contact": {"email": "", "account": contact},
        "rules": [],
    }
    body["source_url"] = _SOURCES[profile.family]
    if profile.api_version is not None:
        body["api_versions"] = {"mastodon": profile.api_version}
    if profile.family is Family.MASTODON:
        body["configuration"]["limited_federation"] = False
    if profile.family is Family.MASTODON and (profile.api_version or 0) >= 7:
        body["configuration"]["timelines_access"] = {
            "live_feeds": everyone,
            "hashtag_feeds": everyone,
            "trending_link_feeds": everyone,
        }
    return body
