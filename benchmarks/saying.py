"""A town that has spoken for years: its accounts, and the ledger of what they said.

The ledger is what publishing would have left: a claim and a receipt a message, in the months of
their posts. Of the messages that are young enough to be edited, receipts hold what a plan composes,
so that nothing is left to do: the state in which a town's site is nearly always.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from corpus import Post, make_post, write_post

from crosspost.channels.message import payload_hash, text_digest
from crosspost.publish.plan import ActionKind
from crosspost.publish.rows import Event, EventKind, Key
from crosspost.publish.run import plan_site
from crosspost.publish.steps import intent_key
from crosspost.settings_file import load_settings
from crosspost.site.loading import load_index

NOW = datetime(2025, 12, 31, 20, 0, tzinfo=UTC)
"""The moment at which the town is looked at: shortly after its newest post."""
YOUNG = 31 * 3
"""Posts of the last month, three a day: their messages may still be edited."""
ACCOUNTS = {
    "mairie": "",
    "musee": "only: {categories: [culture, ecoles]}",
    "mediatheque": "only: {categories: [conseil, sport, environnement]}",
}
"""The channels of the town, and what each chooses: the town all, the others what is theirs."""
_CHOSEN = {
    "mairie": None,
    "musee": ("culture", "ecoles"),
    "mediatheque": ("conseil", "sport", "environnement"),
}


def settings(site: Path, more: str = "", instance: str = "") -> None:
    """Add the accounts to the settings of a site, and `more` to how it publishes."""
    lines = ["", f"publish: {{ledger: directory{more}}}", "channels:"]
    for name, choice in ACCOUNTS.items():
        lines += [
            f"  {name}:",
            "    type: mastodon",
            f'    account: "@{name}@valbourg.example"',
            f"    token: ${{TOKEN_{name.upper()}}}",
            *([f"    {choice}"] if choice else []),
            *([f"    instance: {instance}"] if instance else []),
        ]
    with (site / "crosspost.yaml").open("a", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")


@dataclass(frozen=True)
class Message:
    """One message: who said which post."""

    post: Post
    channel: str

    @property
    def key(self) -> Key:
        """Its identity in the ledger."""
        uid = self.post.path.removeprefix("content/").removesuffix(".md")
        return Key(self.channel, f"@{self.channel}@valbourg.example", uid)


@dataclass
class Record:
    """The lines of a ledger, by channel and month, and how many there are."""

    folder: Path
    events: int = 0
    bytes: int = 0
    _files: dict[Path, list[str]] = field(default_factory=dict)

    def add(self, event: Event) -> None:
        """Add an event to the file that publishing would have put it in."""
        self.events += 1
        path = self.folder / event.key.channel / f"{event.at:%Y-%m}.jsonl"
        self._files.setdefault(path, []).append(event.to_line())

    def write(self) -> None:
        """Write the files."""
        for path, lines in self._files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            data = "".join(f"{line}\n" for line in lines).encode()
            self.bytes += len(data)
            path.write_bytes(data)


def messages(posts: int) -> Iterator[Message]:
    """Yield what the accounts have said of so many posts, the oldest first."""
    for number in reversed(range(posts)):
        post = make_post(number)
        for channel, chosen in _CHOSEN.items():
            if chosen is None or post.category in chosen:
                yield Message(post, channel)


def write_ledger(site: Path, posts: int, scratch: Path, events: int | None = None) -> Record:
    """Write the ledger of a site of so many posts, with so many events.

    Where that is less than a claim and a receipt a message, the oldest were said before crosspost.
    Raises `ValueError` where it is more.
    """
    said = list(messages(posts))
    before = 2 * len(said) - events if events is not None else 0
    if not 0 <= before <= len(said):
        raise ValueError(f"{len(said)} messages have no {events} events")
    young = _as_planned(site, posts, scratch)
    record = Record(site / "ledger")
    sequence = 0
    for number, message in enumerate(said):
        at = message.post.date.replace(tzinfo=UTC) + timedelta(minutes=5)
        if number < before:
            sequence += 1
            data = {"path": message.post.path, "reason": "before crosspost"}
            record.add(Event(EventKind.ADOPTED, message.key, at, sequence, data=data))
            continue
        for event in _claim_and_receipt(message, at, sequence, young.get(message.key)):
            record.add(event)
        sequence += 2
    record.write()
    return record


def _claim_and_receipt(
    message: Message, at: datetime, sequence: int, planned: dict[str, object] | None
) -> Iterator[Event]:
    key, post = message.key, message.post
    url = f"https://www.valbourg.example/{post.date:%Y/%m}/{post.slug}/"
    tags = " ".join(f"#{tag}" for tag in post.tags[:4])
    payload = planned or {"language": "fr", "text": f"{post.summary}\n\n{url}\n\n{tags}"}
    hashed = payload_hash(payload)
    path = post.path
    claim = {
        "action": "create",
        "hash": hashed,
        "key": intent_key("https://www.valbourg.example", key, 1),
        "path": path,
        "text": text_digest(str(payload["text"])),
        "url": url,
    }
    remote = f"1{post.number:017}"
    receipt = {
        "hash": hashed,
        "path": path,
        "payload": payload,
        "remote_id": remote,
        "remote_url": f"https://valbourg.example/@{message.channel}/{remote}",
        "visibility": "public",
    }
    yield Event(EventKind.CLAIMED, key, at, sequence + 1, data=claim)
    yield Event(EventKind.SENT, key, at + timedelta(seconds=1), sequence + 2, data=receipt)


def _as_planned(site: Path, posts: int, scratch: Path) -> dict[Key, dict[str, object]]:
    """Return what a plan composes for the youngest posts, by planning a town that has no others."""
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    text = (site / "crosspost.yaml").read_text(encoding="utf-8")
    wide = "publish: {window: 60 days, max_creates: 1000, first_run: publish, "
    wider = text.replace("publish: {", wide)
    (scratch / "crosspost.yaml").write_text(wider, encoding="utf-8")
    for number in range(min(posts, YOUNG + 3)):
        write_post(make_post(number), "crosspost", scratch)
    index, _ = load_index(load_settings(scratch), NOW)
    plan = plan_site(index)
    shutil.rmtree(scratch)
    return {
        action.key: dict(action.message.payload())
        for action in plan.actions
        if action.kind == ActionKind.CREATE and action.message is not None
    }
