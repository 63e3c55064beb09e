"""The theme of petit/, which is small and asks the façade for everything, and its overrides."""

from __future__ import annotations

from pathlib import Path

NAME = "petit"
_FOLDER = Path(__file__).resolve().parent / NAME

FILES: dict[str, bytes] = {
    f"themes/{NAME}/{path.relative_to(_FOLDER).as_posix()}": path.read_bytes()
    for path in sorted(_FOLDER.rglob("*"))
    if path.is_file()
}
"""The theme's files, by their path below a site."""

OVERRIDES = {
    "words": "<p>Surcharge {{ site.title }}</p>",
    "other words": "<p>Autre surcharge, {{ lang }}</p>",
    "newest": "{% for one in site.posts(limit=2) %}{{ one.url }} {{ one.title }}{% endfor %}",
    "said": "{% for one in site.posts() %}{% for said in one.syndication %}{{ said.url }}"
    "{% endfor %}{% endfor %}",
    "of a category": "{{ site.posts(category='culture')|map(attribute='summary')|join }}",
    "of a year": "{{ site.posts(year=2026)|length }} {{ site.years|map(attribute='count')|join }}",
    "tags": "{{ site.tags|map(attribute='label')|join(', ') }}",
    "text": "<p>{{ t('home') }} {{ t('posts', count=3) }}</p>",
    "static file": "<link href='{{ asset('css/petit.css') }}'>",
    "address": "<a href='{{ url_for('pages/accueil.md') }}'>?</a>",
    "parameters": "{{ site.params.bandeau }} {{ theme.accent }}",
    "page": "{{ page.kind }} {{ page.published }} {{ page.url }}",
    "include": "{% include 'partials/de-plus.html' ignore missing %}",
    "mistake": "{% if %}",
    "undefined": "<p>{{ site.inconnu }}</p>",
}
"""What a partial may be replaced by. Two are mistakes; others need a page, a setting, a file."""

WHOLE = {
    "petit": "{% extends 'petit/post.html' %}{% block apres %}{{ site.tags|length }}{% endblock %}",
    "ville": "{% extends 'ville/post.html' %}{% block after %}<p>{{ page.uid }}</p>{% endblock %}",
    "alone": "<!DOCTYPE html><html><body>{{ post.html }}{{ site.menu|length }}</body></html>",
}
"""What the template of a post may be replaced by."""
