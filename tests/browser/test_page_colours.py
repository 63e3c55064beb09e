"""Text and focus can be told from their ground, in both schemes: measured, not believed."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser

KINDS = ["home", "long-read", "alert", "english", "page", "list-page-2", "category", "edition"]

COLOURS = """
const parse = text => {
  const [r, g, b, a = 1] = text.match(/[\\d.]+/g).map(Number);
  return {r, g, b, a};
};
const over = (top, ground) => ({
  r: top.r * top.a + ground.r * (1 - top.a),
  g: top.g * top.a + ground.g * (1 - top.a),
  b: top.b * top.a + ground.b * (1 - top.a), a: 1});
const light = ({r, g, b}) => {
  const [x, y, z] = [r, g, b].map(v => v / 255)
    .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  return 0.2126 * x + 0.7152 * y + 0.0722 * z;
};
const ratio = (a, b) => {
  const [x, y] = [light(a), light(b)].sort((p, q) => q - p);
  return (x + 0.05) / (y + 0.05);
};
const ground = element => {
  const layers = [];
  for (let e = element; e; e = e.parentElement) {
    const colour = parse(getComputedStyle(e).backgroundColor);
    if (colour.a) layers.push(colour);
    if (colour.a === 1) break;
  }
  return layers.reduceRight((below, top) => over(top, below), {r: 255, g: 255, b: 255, a: 1});
};
"""

TEXT = (
    "() => {"
    + COLOURS
    + """
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const bad = []; let seen = 0;
  while (walker.nextNode()) {
    const node = walker.currentNode, element = node.parentElement;
    if (!node.data.trim() || element.closest('script, style, .visually-hidden')) continue;
    if (!element.checkVisibility()) continue;
    seen += 1;
    const style = getComputedStyle(element), size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    const below = ground(element), value = ratio(over(parse(style.color), below), below);
    if (value < (large ? 3 : 4.5))
      bad.push(`${value.toFixed(2)} ${style.color} on ${JSON.stringify(below)}: `
        + node.data.trim().slice(0, 40));
  }
  return {seen, bad};
}"""
)

# A visited link's colour is hidden from scripts: check the theme's own pairs instead.
PAIRS = (
    "pairs => {"
    + COLOURS
    + """
  const probe = document.createElement('i');
  document.body.append(probe);
  const value = name => { probe.style.color = `var(${name})`;
    return parse(getComputedStyle(probe).color) };
  return pairs.map(([ink, paper]) => [ink, paper, ratio(value(ink), value(paper))]);
}"""
)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("kind", KINDS)
def test_text_contrast_is_at_least_aa(kind, scheme, site, visit):
    with visit(site.address(kind), color_scheme=scheme) as seen:
        result = seen.page.evaluate(TEXT)
        assert result["seen"] > 20, "nothing was measured"
        assert result["bad"] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_links_and_code_are_readable_on_every_ground(scheme, site, visit):
    papers = ["--paper", "--surface", "--sunk"]
    inks = ["--ink", "--ink-soft", "--link", "--link-visited", "--link-hover", "--brick", "--tone"]
    pairs = [[ink, paper] for ink in inks for paper in papers]
    code = ["comment", "keyword", "string", "number", "name", "gone"]
    pairs += [[f"--code-{name}", "--code-bg"] for name in code]
    pairs += [["--night-ink", "--night"], ["--night-soft", "--night"], ["--ink", "--mark"]]
    with visit(site.address("home"), color_scheme=scheme) as seen:
        ratios = seen.page.evaluate(PAIRS, pairs)
    assert [pair for pair in ratios if pair[2] < 4.5] == []


def test_the_dark_scheme_is_dark(site, visit):
    grounds = {}
    for scheme in ("light", "dark"):
        with visit(site.address("home"), color_scheme=scheme) as seen:
            grounds[scheme] = seen.page.evaluate(
                "() => { " + COLOURS + " return light(ground(document.querySelector('main'))) }"
            )
    assert grounds["light"] > 0.8
    assert grounds["dark"] < 0.05


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_each_category_has_a_colour_that_reads(scheme, site, visit):
    with visit(site.address("home"), color_scheme=scheme) as seen:
        ratios = seen.page.evaluate(
            "() => { "
            + COLOURS
            + """
            return [...document.querySelectorAll('.sections .cat')].map(e => {
              const probe = e.appendChild(document.createElement('i'));
              const value = name => { probe.style.color = `var(${name})`;
                return parse(getComputedStyle(probe).color) };
              const tone = value('--tone');
              return [e.className, JSON.stringify(tone), ratio(tone, value('--paper')),
                ratio(tone, value('--tone-tint')), ratio(value('--ink'), value('--tone-tint'))];
            }) }"""
        )
    assert len(ratios) >= 6
    assert len({tone for _, tone, *_ in ratios}) == len(ratios), "two categories share a colour"
    assert [row for row in ratios if min(row[2:]) < 4.5] == []
