"""The loop over the blocks of a text, which asks only those processors that may have an answer."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from markdown.blockparser import BlockParser

from crosspost.content.markdown_gates import LINES, line_gate, with_needs


class BlockLoop:
    """The loop of a `BlockParser`, with gates; made when all processors are registered."""

    def __init__(self, parser: BlockParser) -> None:
        processors = with_needs(parser.blockprocessors, LINES)
        self._all = [
            (line_gate(need) if need else None, processor) for need, processor in processors
        ]
        self._always = [one for one in self._all if one[0] is None]
        # Most blocks are plain paragraphs, and one search tells.
        self._may_be_special = line_gate("|".join(LINES.values()))

    def parse(self, parent: Element, blocks: list[str]) -> None:
        """Make elements of the blocks, which are taken out of the list, and put them in `parent`.

        The first processor that wants the first block takes it, and may put back what is left.
        """
        while blocks:
            # With a line end before it, the first line is like the others.
            lines = f"\n{blocks[0]}"
            special = self._may_be_special(lines)
            for may_apply, processor in self._all if special else self._always:
                if (
                    (may_apply is None or may_apply(lines))
                    and processor.test(parent, blocks[0])
                    and processor.run(parent, blocks) is not False
                ):
                    break
