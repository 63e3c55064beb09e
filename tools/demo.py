"""The whole of crosspost on the example town, in the commands that a webmaster types.

`make demo` runs this. It builds the site, shows what publishing would do, publishes to the sandbox
(a Mastodon server inside crosspost, on this machine only) and says where to look. Running it again
finds that there is nothing left to say.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
CROSSPOST = Path(sys.executable).with_name("crosspost")
# The town lives on this evening for ever, so that the demo shows the same in years.
NOW = "2026-11-23T18:00"


def main() -> int:
    """Run the demo; return the status of the first command that fails, or 0."""
    try:
        _heading("Build the site, its feeds and its newsletter")
        _show("build", "--now", NOW)
        _heading("Plan: what publishing would say, and on which account")
        _show("plan", "--sandbox", "--now", NOW)
        _heading("Publish to the sandbox: nothing leaves this machine")
        _show("--quiet", "publish", "--sandbox", "--now", NOW)
        _heading("What was made, and where to look")
        _sum_up()
    except subprocess.CalledProcessError as error:
        sys.stderr.write(f"\nThe demo stopped: {' '.join(error.cmd)} ended with an error.\n")
        return error.returncode
    return 0


def _heading(text: str) -> None:
    sys.stdout.write(f"\n── {text} {'─' * max(3, 76 - len(text))}\n\n")


def _show(*arguments: str) -> None:
    """Run a command as a person would, and show what it says."""
    sys.stdout.write(f"$ crosspost {' '.join(arguments)}\n")
    sys.stdout.flush()
    subprocess.run([CROSSPOST, *arguments], cwd=ROOT, check=True)  # noqa: S603


def _ask(*arguments: str) -> Mapping[str, Any]:
    """Run a command for its JSON."""
    command = [CROSSPOST, *arguments, "--format", "json"]
    done = subprocess.run(  # noqa: S603
        command, cwd=ROOT, check=True, stdout=subprocess.PIPE, encoding="utf-8"
    )
    found: Mapping[str, Any] = json.loads(done.stdout)
    return found


def _sum_up() -> None:
    made = _ask("build", "--now", NOW)
    rows = _ask("ledger", "list", "--sandbox")["rows"]
    sent = [row for row in rows if row["remote_url"]]
    output = ROOT / "output"
    feeds = sorted(output.glob("rss.xml")) + sorted(output.glob("atom.xml"))
    feeds += sorted(output.glob("feed.json"))
    letters = sorted((output / "newsletter").rglob("*.eml"))
    lines = [f"Website      {made['pages']} pages, from output/index.html on"]
    lines.append(f"Feeds        {made['feeds']}: for the site, each category and each tag")
    lines += [f"             {_relative(path)}" for path in feeds]
    lines.append(f"Newsletter   {len(letters)} editions, each a page, an e-mail and a plain text")
    lines += [f"             {_relative(path)}" for path in letters]
    lines.append(f"Mastodon     {len(sent)} statuses")
    lines += [f"             {row['remote_url']}  {row['path']}" for row in sent]
    lines += [
        "",
        "See the website:   .venv/bin/python -m http.server --bind 127.0.0.1 --directory output",
        "                   then open http://127.0.0.1:8000/",
        "See the timeline:  .venv/bin/crosspost sandbox",
        "                   then open the address it prints: the statuses are where they were",
        "",
        "Run make demo again: the plan is empty, because all of this has been said.",
    ]
    sys.stdout.write("\n".join(lines) + "\n")


def _relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


if __name__ == "__main__":
    sys.exit(main())
