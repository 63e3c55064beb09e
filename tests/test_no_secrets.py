"""The watch over what tests write sees what it is there to see."""

from __future__ import annotations

import subprocess
import sys

import pytest

from no_secrets import Watch

SECRET = "a-secret-that-was-made-up-for-this-test"


@pytest.fixture
def watch():
    watch = Watch()
    watch.secrets = {SECRET}
    return watch


def test_what_a_process_says_is_looked_at(watch, monkeypatch):
    monkeypatch.setattr(subprocess.Popen, "communicate", subprocess.Popen.communicate)
    watch._watch_processes(subprocess)
    program = f"import sys; print('x {SECRET} y', file=sys.stderr)"
    subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    (place,) = watch.found
    assert place.startswith("stderr of a process")


def test_a_secret_in_bytes_is_seen_and_other_words_are_not(watch):
    watch.saw("here", b"nothing", "nothing either", None)
    assert watch.found == []
    watch.saw("there", SECRET.encode())
    assert watch.found == ["there"]


def test_a_sandbox_tells_which_secrets_there_are(request):
    from crosspost.sandbox.server import Sandbox

    (watch,) = (one for one in request.config.pluginmanager.get_plugins() if isinstance(one, Watch))
    watch.pytest_runtest_setup(request.node)
    with Sandbox() as box:
        assert box.info.token in watch.secrets
        assert box.issue_token("read") in watch.secrets
