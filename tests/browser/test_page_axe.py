"""axe-core finds nothing against WCAG 2.2 AA on any kind of page."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = """async rules => {
  const result = await axe.run(document, {runOnly: rules});
  return {passes: result.passes.length, violations: result.violations.map(
    v => `${v.id}: ${v.help}: ${v.nodes.slice(0, 3).map(n => n.html.slice(0, 120)).join(' | ')}`)};
}"""


def test_axe_finds_nothing(kind, site, visit, node_module):
    axe = node_module("axe-core/axe.min.js")
    with visit(site.address(kind)) as seen:
        seen.page.add_script_tag(path=axe)
        for scheme, width in (("light", 1280), ("dark", 360)):
            seen.page.emulate_media(color_scheme=scheme)
            seen.page.set_viewport_size({"width": width, "height": 900})
            result = seen.page.evaluate(RUN, RULES)
            assert result["passes"] > 20, "axe did not run"
            assert result["violations"] == [], f"{scheme}, {width} px"
