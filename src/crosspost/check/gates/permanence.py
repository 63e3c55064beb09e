"""Addresses are for ever: what was published stays, leads on, or says that it is gone."""

from __future__ import annotations

from collections.abc import Iterator

from crosspost.check.checked import CheckedSite
from crosspost.check.rule import Gate, error, warning
from crosspost.errors import Problem, Severity
from crosspost.render.inventory import INVENTORY, addresses_of, read_inventory, written_inventory


def _find(site: CheckedSite) -> Iterator[Problem]:
    listed = read_inventory(site.settings.root, [])
    if listed is None:
        return
    new = sorted(addresses_of(site.tasks).keys() - listed.keys())
    if new:
        shown = ", ".join(new[:3]) + (", …" if len(new) > 3 else "")
        are = "addresses are" if len(new) > 1 else "address is"
        message = (
            f"{len(new):,} {are} not in the list yet ({shown}): run `crosspost check --update` "
            "and commit the file."
        )
        yield Problem(INVENTORY, 1, 1, "unlisted-url", message, Severity.WARNING)


def update_inventory(site: CheckedSite) -> int:
    """Add the addresses of today to the inventory, and make one where there is none.

    Returns how many were added. Nothing is taken away. Raises `OSError`.
    """
    listed = (read_inventory(site.settings.root, []) or {}).keys()
    now = addresses_of(site.tasks).keys()
    path = site.settings.root / INVENTORY
    text = written_inventory([*listed, *now])
    if not path.exists() or path.read_text("utf-8") != text:
        scratch = path.with_name(f".{INVENTORY}.crosspost")
        scratch.write_text(text, "utf-8", newline="\n")
        scratch.replace(path)
    return len(now - listed)


GATE = Gate(
    "permanence",
    "Addresses that last",
    (
        error(
            "lost-url",
            "An address that was published is not on the site any more.",
            "Links in mails, messages, search engines and on other sites lead to an error.",
            "Write the address under `aliases` of the document that stands for it; or `gone: true` "
            "in its own document; or put it under `redirects` in the settings. To let it go "
            "without a word, take its line out of `urls.txt`: the commit shows it.",
            firm=True,
        ),
        warning(
            "lost-picture",
            "A picture that was published is not on the site any more.",
            "Mails that were sent and feeds that were read show it from its address.",
            "Put it back, or write its address under `redirects` in the settings.",
        ),
        warning(
            "unlisted-url",
            "`urls.txt` does not have all addresses of the site.",
            "Only what is in it is kept from being lost.",
            "Run `crosspost check --update` and commit `urls.txt`.",
            passing=True,
        ),
    ),
    site=_find,
)
