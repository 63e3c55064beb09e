"""What is left at the address of a document that was withdrawn."""

from __future__ import annotations


def test_a_page_that_is_gone_says_so_and_is_no_mistyped_address(site) -> None:
    front = "---\ntitle: Foire\ndate: 2026-11-02 09:00\ngone: true\n---\n"
    here = site(
        {"content/posts/foire.md": front, "content/posts/loto.md": f"{front}Le loto n'est plus.\n"}
    )
    assert here.build().status == 0
    bare, own = (here.page(f"2026/11/{name}/index.html") for name in ("foire", "loto"))
    for page in (bare, own):
        assert '<p class="kicker">Page retirée</p>' in page
        assert 'content="noindex' in page
        assert "404" not in page
    assert "Cette page a été retirée du site." in bare
    assert "Le loto n" in own
    assert '<p class="kicker">Erreur 404</p>' in here.page("404.html")
