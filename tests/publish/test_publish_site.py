"""A whole publish, over real HTTP, against the sandbox."""

from __future__ import annotations

from crosspost.publish.outcome import Status
from crosspost.publish.plan import ActionKind
from crosspost.publish.run import plan_site, publish_site


def test_a_post_is_said_once_with_all_it_carries(town, server):
    town.picture("marche.png")
    town.post(
        "marche",
        tags=["noel", "centre-ville", "2026"],
        image={
            "src": "marche.png",
            "alt": "Chalets d'où monte l'odeur du « vin », & plus",
            "focus": [0.1, 0.4],
        },
        channels={
            "mastodon": {"visibility": "unlisted", "content_warning": "Bruit", "language": "fr"}
        },
    )
    outcome = publish_site(town.index(), sandbox=server.sandbox.info)
    assert [result.status for result in outcome.results] == [Status.CREATED]
    assert outcome.exit_status == 0
    (status,) = server.statuses()
    assert server.source(status["id"]) == (
        "Le résumé de marche.\n\nhttps://www.valbourg.example/2026/11/marche/\n\n#Noel #CentreVille"
    )
    assert status["visibility"] == "unlisted"
    assert status["spoiler_text"] == "Bruit"
    assert status["language"] == "fr"
    (media,) = status["media_attachments"]
    assert media["description"] == "Chalets d'où monte l'odeur du « vin », & plus"
    assert media["meta"]["focus"] == {"x": 0.1, "y": 0.4}

    again = publish_site(town.index(), sandbox=server.sandbox.info)
    assert [result.status for result in again.results] == [Status.SKIPPED]
    assert len(server.statuses()) == 1
    assert not (town.root / "ledger").exists()
    assert not (town.root / ".gitattributes").exists()


def test_an_edit_keeps_picture_alt_and_language(town, server):
    town.picture("marche.png")
    image = {"src": "marche.png", "alt": "Avant", "focus": [0.5, -0.5]}
    town.post("marche", image=image, channels={"mastodon": {"content_warning": "Bruit"}})
    publish_site(town.index(), sandbox=server.sandbox.info)
    before = server.statuses()[0]
    town.post(
        "marche",
        summary="Un résumé corrigé.",
        image={**image, "alt": "Après"},
        channels={"mastodon": {"content_warning": "Bruit"}},
    )
    plan = plan_site(town.index(), sandbox=server.sandbox.info)
    (action,) = plan.actions
    assert action.kind == ActionKind.EDIT
    assert "-Le résumé de marche." in action.diff
    assert "+Un résumé corrigé." in action.diff
    outcome = publish_site(town.index(), sandbox=server.sandbox.info)
    assert [result.status for result in outcome.results] == [Status.EDITED]
    (after,) = server.statuses()
    assert after["id"] == before["id"]
    assert after["edited_at"]
    assert after["language"] == "fr"
    assert after["spoiler_text"] == "Bruit"
    assert after["media_attachments"][0]["id"] == before["media_attachments"][0]["id"]
    assert after["media_attachments"][0]["description"] == "Après"
    assert after["media_attachments"][0]["meta"]["focus"] == {"x": 0.5, "y": -0.5}
    assert len(server.requests("POST", "/api/v2/media")) == 1
    assert not plan_site(town.index(), sandbox=server.sandbox.info).changes
