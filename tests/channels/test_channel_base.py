"""How channels are found."""

from __future__ import annotations

import pytest

from crosspost.channels.base import ChannelOptions, open_channel
from crosspost.channels.mastodon import MastodonChannel
from crosspost.channels.message import Media, Message
from crosspost.errors import BlockedError

OPTIONS = ChannelOptions("town", "@a@b.example", "https://b.example", "token")


def test_ours_is_there_without_being_installed():
    assert isinstance(open_channel("mastodon", OPTIONS), MastodonChannel)


def test_an_installed_package_brings_its_own(tmp_path, monkeypatch):
    (tmp_path / "pigeon.py").write_text(
        "class Pigeon:\n    def __init__(self, options):\n        self.name = options.name\n"
    )
    about = tmp_path / "pigeon-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: pigeon\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text(
        "[crosspost.channels]\npigeon = pigeon:Pigeon\nlost = pigeon:Missing\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    assert open_channel("pigeon", OPTIONS).name == "town"
    with pytest.raises(BlockedError, match="'lost' cannot be loaded"):
        open_channel("lost", OPTIONS)
    with pytest.raises(BlockedError, match="Did you mean 'pigeon'"):
        open_channel("pigeons", OPTIONS)


def test_a_hash_covers_all_that_an_edit_can_change_and_nothing_else():
    media = Media("a.png", "00", "image/png", "Alt", (0.1, 0.2))
    base = Message("mastodon", "@a@b", "u", "Texte", "https://a.fr/", "a.md", media=(media,))

    def hash_of(**changes):
        from dataclasses import replace

        return replace(base, **changes).hash

    from dataclasses import replace

    changed = {
        hash_of(),
        hash_of(text="Autre"),
        hash_of(content_warning="Attention"),
        hash_of(language="fr"),
        hash_of(sensitive=True),
        hash_of(media=()),
        hash_of(media=(replace(media, alt="Autre"),)),
        hash_of(media=(replace(media, focus=None),)),
        hash_of(media=(replace(media, digest="01"),)),
    }
    assert len(changed) == 9
    assert hash_of(visibility="private", line=7, path="b.md", uid="v") == base.hash
