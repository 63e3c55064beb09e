"""`build --explain`: what one file of output/ is made from, and why it was last made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from urllib.parse import urlsplit

from crosspost.build.reasons import in_words
from crosspost.build.trace import Past
from crosspost.config import Settings
from crosspost.errors import UsageError, did_you_mean
from crosspost.render.task import Task
from crosspost.site.urls import output_path


def explain(
    settings: Settings, past: Past, tasks: Sequence[Task], made: Collection[str], url: str
) -> str:
    """Say in a few lines why a page was made. Raises `UsageError` where there is no such page.

    `url` is an address of the site, whole or from its root, or a path below output/. `made` are the
    paths that this build made.
    """
    path = _path(settings, url)
    by_path = {task.path: task for task in tasks}
    task = by_path.get(path)
    if task is None:
        hint = did_you_mean(path, by_path)
        raise UsageError(f"--explain: the site has no {path}.{hint}")
    trace = past.traces.rows.get(path)
    if trace is None:
        return f"{path}, of {task.made_of}, could not be made."
    when = "made by this build" if path in made else "not made by this build"
    lines = [f"{path}, of {task.made_of}: {when}."]
    lines.append(f"  {'Why' if path in made else 'Why it last was'}: {trace.why}.")
    lines.append(f"  Made from: {', '.join(task.names) or 'the settings'}.")
    asked = list(_asked(past, trace.asked))
    if asked:
        lines.append(f"  It asks for: {', '.join(asked)}.")
    return "\n".join(lines)


def _asked(past: Past, name: str) -> Iterator[str]:
    """Yield what was asked; of texts and numbers of posts, which are many, how many they were."""
    texts, counts = 0, Counter[str]()
    for question in sorted(
        past.known.sets.get(name, []), key=lambda one: [str(part) for part in one]
    ):
        if question[0] == "text":
            texts += 1
        elif question[0] == "count":
            counts[str(question[1])] += 1
        else:
            yield in_words(question)
    for kind, count in counts.items():
        plural = {"category": "categories"}.get(kind, f"{kind}s")
        yield (
            f"how many posts {count} {plural} have" if count > 1 else f"how many posts a {kind} has"
        )
    if texts:
        yield f"{texts} text{'s' * (texts > 1)} of the theme"


def _path(settings: Settings, url: str) -> str:
    """Return the path below output/ of an address as a person copies it."""
    path = urlsplit(url).path if "://" in url else url
    if not path.startswith("/"):
        return path
    base = settings.base_path
    if base and (path == base or path.startswith(f"{base}/")):
        path = path.removeprefix(base)
    return output_path(path)
