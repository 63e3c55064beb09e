"""Git, as far as a ledger on a branch needs it: one repository, one remote, one branch.

Nothing here touches the working tree, the index or HEAD: commits are made from a stream, and what
was fetched or pushed is remembered under `refs/crosspost/`. Credentials are those that git has, and
what git says is repeated without any.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from crosspost.errors import BlockedError

NETWORK_SECONDS = 60
_LOCAL_SECONDS = 60
_AUTHOR = "crosspost <crosspost@localhost>"
_OF_OTHERS = re.compile(
    r"GIT_(DIR|WORK_TREE|INDEX_FILE|COMMON_DIR|PREFIX|NAMESPACE|OBJECT_DIRECTORY|QUARANTINE_PATH"
    r"|ALTERNATE_OBJECT_DIRECTORIES|SHALLOW_FILE|GRAFT_FILE|REPLACE_REF_BASE|TRACE\w*|CURL_VERBOSE)"
)
"""What would lead git to another repository (as in a hook), or have it say what is secret."""
_QUIET = (
    *("-c", "core.hooksPath=/dev/null", "-c", "gc.auto=0", "-c", "maintenance.auto=false"),
    *("-c", "push.followTags=false", "-c", "push.gpgSign=false", "-c", "protocol.version=2"),
)
_SECRETS = (
    (re.compile(r"(\w+://)[^/\s'\"]*@"), r"\1"),
    (re.compile(r"(?i)(authorization:?\s*\w+)\s+\S+"), r"\1 …"),
    (re.compile(r"\b(gh[a-z]_|github_pat_|glpat-)\w+"), "…"),
)


class GitError(BlockedError):
    """Git did not do what it was to do. The text is for people and holds no secret."""


@dataclass(frozen=True, slots=True)
class Git:
    """The repository that holds a site, and the branch of its remote."""

    root: Path
    remote: str
    branch: str

    @property
    def name(self) -> str:
        """Return how the branch is called to people."""
        return f"branch {self.branch} of {self.remote}"

    @property
    def ref(self) -> str:
        """Where the branch's last known commit is remembered."""
        return f"refs/crosspost/state/{self.branch}"

    def check(self) -> None:
        """Raise `GitError`, in words, where there is no such repository or no such remote."""
        self._run("rev-parse", "--git-dir")
        if self.remote not in self._run("remote").decode().split():
            raise GitError(
                f"the ledger is to be kept on {self.name}, but the repository has no remote of "
                f"that name: git remote add {self.remote} ADDRESS, or write publish.ledger: "
                "directory."
            )

    def known(self) -> tuple[str, ...]:
        """Return the commits at which the branch was last seen, by us and by who else fetched."""
        refs = (self.ref, f"refs/remotes/{self.remote}/{self.branch}")
        told = self._run("for-each-ref", "--format=%(objectname)", *refs).decode().split()
        return tuple(dict.fromkeys(told))

    def follows(self) -> bool:
        """Whether a plain fetch brings the branch: not in a clone of one branch alone."""
        with suppress(GitError):  # it fetches nothing by itself
            return b"refs/heads/*:" in self._run(
                "config", "--get-all", f"remote.{self.remote}.fetch"
            )
        return False

    def remote_tip(self) -> str | None:
        """Ask the remote where the branch is; None: it has no such branch."""
        head = f"refs/heads/{self.branch}"
        told = self._run("ls-remote", self.remote, head, seconds=NETWORK_SECONDS).decode()
        found = [line.split("\t")[0] for line in told.splitlines() if line.endswith(f"\t{head}")]
        return found[0] if found else None

    def fetch(self) -> str:
        """Bring the branch here and return its commit; of a shallow clone, that commit alone."""
        shallow = self._run("rev-parse", "--is-shallow-repository").strip() == b"true"
        self._run(
            *("fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules"),
            *(("--depth=1",) if shallow else ()),
            *(self.remote, f"+refs/heads/{self.branch}:{self.ref}"),
            seconds=NETWORK_SECONDS,
        )
        return self._run("rev-parse", "--verify", f"{self.ref}^{{commit}}").decode().strip()

    def files(self, commit: str, folder: str) -> dict[str, str]:
        """Return the files below a folder of a commit: their paths in it, and their blobs."""
        told = self._run("ls-tree", "-r", "-z", "--full-tree", commit, f"{folder}/").decode()
        found = {}
        for entry in told.split("\0"):
            if entry:
                about, _, path = entry.partition("\t")
                found[path.removeprefix(f"{folder}/")] = about.split()[2]
        return found

    def blobs(self, names: Sequence[str]) -> dict[str, bytes]:
        """Return the bytes of blobs."""
        if not names:
            return {}
        told = self._run("cat-file", "--batch", stdin="".join(f"{n}\n" for n in names).encode())
        found: dict[str, bytes] = {}
        start = 0
        for name in names:
            head, start = _line(told, start)
            size = int(head.split()[2])
            found[name] = told[start : start + size]
            start += size + 1
        return found

    def commit(self, parent: str | None, files: Mapping[str, bytes], subject: str, at: int) -> str:
        """Make a commit that sets files, on top of a parent, and return its name."""
        message = subject.encode()
        parts = [
            b"commit refs/crosspost/next/%s\nmark :1\n" % self.branch.encode(),
            b"committer %s %d +0000\n" % (_AUTHOR.encode(), at),
            b"data %d\n%s\n" % (len(message), message),
        ]
        if parent:
            parts.append(b"from %s\n" % parent.encode())
        for path, data in files.items():
            parts.append(b"M 100644 inline %s\n" % _quoted(path))
            parts.append(b"data %d\n%s\n" % (len(data), data))
        parts.append(b"\nget-mark :1\ndone\n")
        options = ("fast-import", "--quiet", "--force", "--done", "--date-format=raw")
        return self._run(*options, stdin=b"".join(parts)).decode().strip()

    def push(self, commit: str) -> str:
        """Put the branch at a commit, if it is on top of where the branch is.

        Returns why not, in git's words. That says nothing about where the branch is now: the
        answer may have been lost. `remote_tip` tells.
        """
        target = f"{commit}:refs/heads/{self.branch}"
        try:
            self._run(
                *("push", "--quiet", "--porcelain", "--no-verify", self.remote, target),
                seconds=NETWORK_SECONDS,
            )
        except GitError as error:
            return str(error)
        self.remember(commit)
        return ""

    def remember(self, commit: str) -> None:
        """Keep a commit as the branch's last known one, for plans without a network.

        A plan that fetches at this moment has the name in hand: what it writes there is as good.
        """
        with suppress(GitError):
            self._run("update-ref", self.ref, commit)

    def _run(self, *arguments: str, stdin: bytes = b"", seconds: int = _LOCAL_SECONDS) -> bytes:
        """Run git and return what it says. Raises `GitError` with its words, without secrets."""
        environment = {
            name: value for name, value in os.environ.items() if not _OF_OTHERS.fullmatch(name)
        }
        environment |= {"LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0"}
        command = ["git", "-C", str(self.root), *_QUIET, *arguments]
        try:
            # A group of its own: Ctrl-C asks us to end after the call, not git in the middle of it.
            process = subprocess.Popen(  # noqa: S603
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=environment,
                start_new_session=True,
            )
        except FileNotFoundError:
            raise GitError(
                f"the ledger is to be kept on {self.name}, but git is not installed: install it, "
                "or write publish.ledger: directory."
            ) from None
        try:
            told, complaint = process.communicate(stdin, timeout=seconds)
        except subprocess.TimeoutExpired:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            raise GitError(
                f"{self.name}: git {arguments[0]} did not end within {seconds} seconds."
            ) from None
        if process.returncode:
            words = _words(complaint.decode("utf-8", "replace"), told.decode("utf-8", "replace"))
            raise GitError(f"{self.name}: git {arguments[0]} failed: {words}")
        return told


def without_secrets(text: str) -> str:
    """Return text without what looks like a credential: in addresses, headers, or by its form."""
    for pattern, instead in _SECRETS:
        text = pattern.sub(instead, text)
    return text


def _words(complaint: str, told: str) -> str:
    """Return why git failed: a push says it on its output, everything else beside it."""
    refused = [line.split("\t")[-1] for line in told.splitlines() if line.startswith("!\t")]
    said = [line.strip() for line in complaint.splitlines() if line.strip()]
    said = [line for line in said if not line.startswith("hint:")] or ["it did not say why"]
    return without_secrets("; ".join([*refused, *said]))[:400]


def _line(data: bytes, start: int) -> tuple[bytes, int]:
    end = data.index(b"\n", start)
    return data[start:end], end + 1


def _quoted(path: str) -> bytes:
    """Return a path as fast-import reads it."""
    escaped = path.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'.encode()
