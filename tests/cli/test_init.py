from __future__ import annotations

import json
import os
import re
import subprocess

import pytest
import yaml
from jsonschema import Draft7Validator

AWKWARD = 'Saint-"Rémy" : l’écho #1 {x} @title@ 🎉'


def tree(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_new_site_builds_at_once(crosspost, tmp_path, language):
    made = crosspost("init", "my-town", "--language", language)
    assert (made.returncode, made.stderr) == (0, "")
    built = crosspost("build", "--strict", "--format", "json", cwd=tmp_path / "my-town")
    assert built.returncode == 0, built.stdout + built.stderr
    report = json.loads(built.stdout.splitlines()[-1])
    assert report["pages"] >= 8
    home = (tmp_path / "my-town/output/index.html").read_text(encoding="utf-8")
    assert "My town" in home
    assert f'lang="{language}"' in home
    assert (tmp_path / "my-town/output/404.html").exists()


def test_the_title_the_address_and_the_account_are_put_in_as_they_are(crosspost, tmp_path):
    done = crosspost(
        *("init", "x", "--title", AWKWARD, "--url", "https://o.example/town/"),
        *("--account", "@town@mastodon.example"),
    )
    assert done.returncode == 0, done.stderr
    settings = yaml.safe_load((tmp_path / "x/crosspost.yaml").read_text(encoding="utf-8"))
    assert settings["site"]["title"] == AWKWARD
    assert settings["site"]["url"] == "https://o.example/town/"
    assert settings["channels"]["mastodon"] == {
        "type": "mastodon",
        "account": "@town@mastodon.example",
        "token": "${MASTODON_TOKEN}",
    }
    assert crosspost("build", "--strict", cwd=tmp_path / "x").returncode == 0
    assert 'href="/town/' in (tmp_path / "x/output/index.html").read_text(encoding="utf-8")


def test_a_blank_title_is_no_title(crosspost, tmp_path):
    assert crosspost("init", "my-town", "--title", " ").returncode == 0
    settings = yaml.safe_load((tmp_path / "my-town/crosspost.yaml").read_text(encoding="utf-8"))
    assert settings["site"]["title"] == "My town"


def test_without_an_account_the_settings_show_how_one_is_written(crosspost, tmp_path):
    crosspost("init", "x")
    text = (tmp_path / "x/crosspost.yaml").read_text(encoding="utf-8")
    assert "channels" not in yaml.safe_load(text)
    commented = text[text.index("# channels:") :]
    shown = "\n".join(line.removeprefix("# ") for line in commented.splitlines())
    assert yaml.safe_load(shown)["channels"]["mastodon"]["token"] == "${MASTODON_TOKEN}"


def test_every_site_has_a_first_post_with_its_own_identity(crosspost, tmp_path):
    texts = []
    for name in ("a", "b"):
        crosspost("init", name)
        texts.append((tmp_path / name / "content/posts/bienvenue.md").read_text(encoding="utf-8"))
    assert texts[0] != texts[1]


def test_the_workflow_and_the_hidden_files_are_there(crosspost, tmp_path):
    crosspost("init", "x")
    expected = {".gitignore", ".gitattributes", ".github/workflows/publish.yml", "README.md"}
    assert expected <= set(tree(tmp_path / "x"))
    attributes = (tmp_path / "x/.gitattributes").read_text(encoding="utf-8")
    assert attributes == "ledger/**/*.jsonl merge=union\nurls.txt merge=union\n"
    assert not [name for name in tree(tmp_path / "x") if "dot-" in name]
    texts = [path for path in (tmp_path / "x").rglob("*") if path.suffix in {".md", ".yaml"}]
    assert not [path for path in texts if "_yaml@" in path.read_text(encoding="utf-8")]


def test_a_folder_with_something_in_it_is_left_alone(crosspost, tmp_path):
    (tmp_path / "x").mkdir()
    (tmp_path / "x/mine.txt").write_text("mine", encoding="utf-8")
    done = crosspost("init", "x")
    assert done.returncode == 2
    assert "not empty (mine.txt)" in done.stderr
    assert tree(tmp_path) == ["x", "x/mine.txt"]


def test_a_file_is_not_a_folder(crosspost, tmp_path):
    (tmp_path / "x").write_text("mine", encoding="utf-8")
    done = crosspost("init", "x")
    assert done.returncode == 2
    assert "is a file" in done.stderr
    assert (tmp_path / "x").read_text(encoding="utf-8") == "mine"


def test_an_empty_folder_and_the_folder_one_is_in_will_do(crosspost, tmp_path):
    (tmp_path / "x").mkdir()
    subprocess.run(["git", "init", "--quiet", tmp_path / "x"], check=True)
    done = crosspost("init", ".", cwd=tmp_path / "x")
    assert done.returncode == 0, done.stderr
    assert "title: X\n" in (tmp_path / "x/crosspost.yaml").read_text(encoding="utf-8")
    assert tree(tmp_path)[0] == "x"
    assert not [name for name in tree(tmp_path) if "crosspost-init" in name]


def test_absolute_and_deep_folders(crosspost, tmp_path):
    done = crosspost("init", str(tmp_path / "a/b/c"))
    assert done.returncode == 0, done.stderr
    (tmp_path / "base").mkdir()
    assert crosspost("-C", "base", "init", "site").returncode == 0
    assert (tmp_path / "base/site/crosspost.yaml").exists()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--url", "example.org"), "'example.org' is not a web address"),
        (("--account", "town"), "'town' is not an account"),
        (("--url", "https://a.example/?x"), "must end before its ?"),
    ],
)
def test_what_cannot_be_a_setting_leaves_nothing_behind(crosspost, tmp_path, options, said):
    done = crosspost("init", "deep/x", *options)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert tree(tmp_path) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written(crosspost, tmp_path):
    (tmp_path / "locked").mkdir(mode=0o500)
    done = crosspost("init", "locked/x")
    assert done.returncode == 4
    assert "cannot be written" in done.stderr


def mistakes(schema, data):
    return [error.message for error in Draft7Validator(json.loads(schema)).iter_errors(data)]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_editors_find_the_schemas_in_the_new_site(crosspost, tmp_path, language):
    crosspost("init", "x", "--language", language, "--account", "@town@mastodon.example")
    site = tmp_path / "x"
    settings = (site / "crosspost.yaml").read_text(encoding="utf-8")
    named = re.match(r"# yaml-language-server: \$schema=(\S+)\n", settings)
    assert mistakes((site / named[1]).read_text(encoding="utf-8"), yaml.safe_load(settings)) == []
    code = json.loads((site / ".vscode/settings.json").read_text(encoding="utf-8"))
    by_files = {files: site / path for path, files in code["yaml.schemas"].items()}
    assert by_files["crosspost.yaml"] == site / named[1]
    front_matter = by_files["content/**/*.md"].read_text(encoding="utf-8")
    documents = list((site / "content").rglob("*.md"))
    assert documents
    for path in documents:
        front = yaml.load(path.read_text(encoding="utf-8").split("---\n")[1], yaml.BaseLoader)
        front |= {name: front[name] == "true" for name in ("draft", "noindex") if name in front}
        front |= {"menu": int(front["menu"])} if "menu" in front else {}
        assert mistakes(front_matter, front) == [], path
    snippets = json.loads((site / ".vscode/front-matter.code-snippets").read_text(encoding="utf-8"))
    assert snippets["draft"]["body"] == "draft: ${1|true,false|}"
    assert "uid" not in snippets


def test_the_schemas_of_a_site_are_kept_up_to_date(crosspost, tmp_path):
    crosspost("init", "x")
    site = tmp_path / "x"
    assert crosspost("schema", "--check", cwd=site).returncode == 0
    (site / "schemas/config.json").write_text("{}", encoding="utf-8")
    (site / "schemas/front-matter.json").unlink()
    stale = crosspost("schema", "--check", cwd=site)
    assert stale.returncode == 1
    assert "schemas/config.json: error: this is not what this crosspost knows" in stale.stderr
    assert "schemas/front-matter.json: error" in stale.stderr
    written = crosspost("schema", "--write", cwd=site)
    assert written.stdout == "wrote schemas/config.json\nwrote schemas/front-matter.json\n"
    assert crosspost("schema", "--check", cwd=site).returncode == 0
    assert crosspost("schema", "config", cwd=site).stdout == (
        site / "schemas/config.json"
    ).read_text(encoding="utf-8")
    assert crosspost("schema", "config", "--write", cwd=site).returncode == 2
    assert crosspost("schema", cwd=site).returncode == 2


def test_the_front_matter_of_another_generator_has_no_schema_of_ours(crosspost, tmp_path):
    settings = "site: {title: A, url: https://a.example}\ncompat: jekyll\n"
    (tmp_path / "crosspost.yaml").write_text(settings, encoding="utf-8")
    assert crosspost("schema", "--write").stdout == "wrote schemas/config.json\n"
    assert crosspost("schema", "--check").returncode == 0
