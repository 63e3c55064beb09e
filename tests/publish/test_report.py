"""Plans and outcomes as people, programs and reviewers read them."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta

import pytest

from crosspost.publish.comment import plan_as_markdown
from crosspost.publish.report import (
    outcome_as_json,
    outcome_in_words,
    plan_as_json,
    plan_as_table,
    result_as_line,
    trouble_in_words,
)
from crosspost.publish.run import plan_site, publish_site


@pytest.fixture
def varied(town):
    town.settings = "publish: {wait_until_live: false}"
    town.picture("a.png")
    town.post(
        "a",
        age=3,
        image={"src": "a.png", "alt": "Une image", "focus": [0.5, 0]},
        channels={"mastodon": {"content_warning": "Bruit", "visibility": "unlisted"}},
    )
    town.post("b", age=2, channels={"mastodon": {"text": "```\n@maire `x` {url}"}})
    town.post("long", channels={"mastodon": {"text": "a" * 501}})
    for number in range(5):
        town.post(f"old{number}", age=30)
    town.post("draft", draft=True)
    return town


def test_json_has_the_documented_shape(varied):
    plan = plan_as_json(plan_site(varied.index()))
    json.dumps(plan)
    by_uid = {action["uid"]: action for action in plan["actions"]}
    assert len(by_uid) == 9
    for action in by_uid.values():
        assert {
            "action",
            "channel",
            "uid",
            "path",
            "reason",
            "text",
            "length",
            "limit",
            "media",
        } <= action.keys()
    made = by_uid["a"]
    assert made["action"] == "create"
    assert made["path"] == "content/posts/a.md"
    assert made["limit"] == 500
    assert made["length"] == len("BruitLe résumé de a.\n\n") + 23
    assert made["media"] == [
        {
            "path": "content/posts/a.png",
            "mime": "image/png",
            "alt": "Une image",
            "focus": [0.5, 0.0],
        }
    ]
    assert by_uid["draft"]["action"] == "skip"
    assert (by_uid["draft"]["text"], by_uid["draft"]["length"]) == (None, None)
    assert by_uid["long"]["action"] == "blocked"
    assert "content/posts/long.md:" in by_uid["long"]["problems"][0]
    assert by_uid["old0"]["action"] == "adopt"
    assert plan["limits"][0]["from"] == "defaults: never read yet"
    assert plan["next_change"] is None
    varied.post("soon", age=-2)
    soon = plan_as_json(plan_site(varied.index()))["next_change"]
    assert datetime.fromisoformat(soon) == varied.now + timedelta(days=2)


def test_the_table_shows_every_word_that_would_be_said(varied):
    table = plan_as_table(plan_site(varied.index()))
    for words in (
        "mastodon: @valbourg@sandbox.example, 500 characters (defaults: never read yet)",
        "create  content/posts/a.md: not said yet [45/500]",
        "    | Le résumé de a.",
        "content warning: Bruit",
        "picture: content/posts/a.png, alt: Une image, focus: 0.5 0",
        "visibility: unlisted",
        "adopt   5: before crosspost",
        "skip    1: draft (content/posts/draft.md)",
        "Plan: 2 to create, 0 to edit, 0 to delete, 5 to adopt, 1 blocked, 1 skipped.",
    ):
        assert words in table
    verbose = plan_as_table(plan_site(varied.index()), verbose=True)
    assert "adopt   content/posts/old3.md: before crosspost" in verbose


def test_what_holds_a_whole_channel_is_said_once(varied):
    outcome = publish_site(varied.index(), environment={})
    table = plan_as_table(outcome.plan)
    assert table.count("TOWN_TOKEN is not set") == 1
    assert "  blocked 7: channel 'mastodon': the environment variable TOWN_TOKEN" in table
    assert "blocked content/posts/long.md" in table
    assert "Le résumé" not in table
    assert plan_as_markdown(outcome.plan).count("is not set") == 1
    assert not any(map(result_as_line, outcome.results))
    problem, channel = trouble_in_words(outcome)
    assert "content/posts/long.md" in problem
    assert channel == (
        "blocked  mastodon  channel 'mastodon': the environment variable TOWN_TOKEN is not set."
    )
    verbose = plan_as_table(outcome.plan, verbose=True)
    assert "blocked content/posts/old3.md: channel 'mastodon'" in verbose
    assert "    | Le résumé de a." in verbose


def test_markdown_cannot_be_escaped_from_and_calls_nobody(varied):
    text = plan_as_markdown(plan_site(varied.index()))
    assert "````text\n```\n@maire" in text
    outside = re.sub(r"````text.*?````|```text.*?```", "", text, flags=re.DOTALL)
    assert not re.search(r"@\w", outside)
    assert "### To mend" in text


def test_a_site_without_channels_says_where_to_add_one(town):
    town.write_settings()
    path = town.root / "crosspost.yaml"
    path.write_text(path.read_text().partition("channels:")[0])
    from crosspost.settings_file import load_settings
    from crosspost.site.loading import load_index

    site, _ = load_index(load_settings(town.root), town.now)
    assert "No channel is set up" in plan_as_table(plan_site(site))
    assert publish_site(site).exit_status == 0


def test_outcomes_tell_what_went_out_and_where(varied, server):
    varied.instance = server.url
    outcome = publish_site(varied.index(), environment={"TOWN_TOKEN": server.token})
    assert outcome.exit_status == 3
    assert outcome_in_words(outcome) == "Published: 2 created, 5 adopted, 1 skipped, 1 blocked."
    lines = [line for result in outcome.results if (line := result_as_line(result))]
    assert len(lines) == 2
    (trouble,) = trouble_in_words(outcome)
    assert trouble.startswith("content/posts/long.md:6:25: error: the text for mastodon has 526")
    assert lines[0] == f"created  mastodon  content/posts/a.md {server.statuses()[0]['url']}"
    said = outcome_as_json(outcome)
    json.dumps(said)
    assert said["counts"]["created"] == 2
    assert said["exit_status"] == 3
