"""What WordPress keeps as the text of a post: blocks or classic HTML, with shortcodes in it."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping

Pictures = Callable[[str], str]
"""Answers the HTML of an attachment's picture by its id, empty where it is not known."""
_BLOCK = re.compile(r"<!--\s+wp:([a-z][a-z0-9/-]*)\s*(\{.*?\})?\s*(/)?-->", re.DOTALL)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_EMBED = re.compile(
    r'<div class="wp-block-embed__wrapper">\s*(https?://[^\s<]+)\s*</div>', re.DOTALL
)
_SHORTCODE = re.compile(r"\[(?!\[)(/?)([A-Za-z][\w-]*)((?:\s[^\]\[]*)?)/?\](?!\()")
_ATTRIBUTE = re.compile(r"""([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"']+))""")
_CAPTION = re.compile(r"\[(?:wp_)?caption[^\]]*\](.*?)\[/(?:wp_)?caption\]", re.DOTALL)
_EMBED_CODE = re.compile(r"\[embed[^\]]*\]\s*(\S+?)\s*\[/embed\]", re.DOTALL)
_PLAYER = re.compile(r"\[(audio|video)\s([^\]]*)\](?:\s*\[/\1\])?")
_GALLERY = re.compile(r"\[gallery\b([^\]]*)\]")
_LEVEL = (
    "address|article|aside|blockquote|details|div|dl|fieldset|figure|footer|form|h[1-6]|header|hr"
    "|iframe|main|nav|ol|p|pre|script|section|style|table|ul|video|audio"
)
_BLOCK_TAG = re.compile(rf"</?(?:{_LEVEL})\b", re.IGNORECASE)
_WHOLE = re.compile(r"<(pre|script|style)\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE)
_QUIET_BLOCKS = {"more", "nextpage", "spacer", "separator", "post-title", "post-date"}
_KNOWN_CODES = {"gallery", "playlist", "audio", "video", "embed", "caption"}


def readable_html(content: str, pictures: Pictures, lost: list[tuple[str, str]]) -> str:
    """Return a text of WordPress as plain HTML; what has no equal is added to `lost`."""
    has_blocks = "<!-- wp:" in content
    for match in _BLOCK.finditer(content):
        name = match[1].removeprefix("core/")
        if match[3] and name not in _QUIET_BLOCKS:
            lost.append(("block", f"the block '{name}' has no text of its own: it is left out."))
    content = _EMBED.sub(lambda match: _link(match[1]), content)
    content = _COMMENT.sub("", content)
    content = _shortcodes(content, pictures, lost)
    return content if has_blocks else paragraphs(content)


def _shortcodes(content: str, pictures: Pictures, lost: list[tuple[str, str]]) -> str:
    if "[" not in content:
        return content
    content = _CAPTION.sub(_figure, content)
    content = _EMBED_CODE.sub(lambda match: _link(match[1]), content)
    content = _PLAYER.sub(_player, content)
    content = _GALLERY.sub(lambda match: _gallery(match, pictures), content)
    closed = {name for slash, name, _ in _SHORTCODE.findall(content) if slash}
    seen = set()
    for slash, name, attributes in _SHORTCODE.findall(content):
        certain = name in _KNOWN_CODES or name in closed or "_" in name or "-" in name
        if not slash and name not in seen and (certain or _ATTRIBUTE.search(attributes)):
            seen.add(name)
            message = f"the shortcode [{name}] is not carried out: it is shown as it is."
            lost.append(("shortcode", message))
    return content


def _figure(match: re.Match[str]) -> str:
    inside = match[1].strip()
    end = inside.rfind(">") + 1
    caption = inside[end:].strip()
    return f"\n\n<figure>{inside[:end]}<figcaption>{caption}</figcaption></figure>\n\n"


def _player(match: re.Match[str]) -> str:
    given = _attributes(match[2])
    source = next(
        (given[name] for name in ("src", "mp4", "mp3", "webm", "ogg") if name in given), ""
    )
    return f'<{match[1]} src="{html.escape(source)}"></{match[1]}>' if source else match[0]


def _gallery(match: re.Match[str], pictures: Pictures) -> str:
    ids = re.findall(r"\d+", _attributes(match[1]).get("ids", ""))
    shown = [found for number in ids if (found := pictures(number))]
    return "\n\n" + "\n\n".join(f"<p>{one}</p>" for one in shown) + "\n\n" if shown else match[0]


def _attributes(text: str) -> Mapping[str, str]:
    return {
        name: double or single or bare for name, double, single, bare in _ATTRIBUTE.findall(text)
    }


def _link(address: str) -> str:
    address = html.escape(html.unescape(address))
    return f'\n\n<p><a href="{address}">{address}</a></p>\n\n'


def paragraphs(text: str) -> str:
    """Return classic text as HTML: empty lines part paragraphs, other line ends are breaks."""
    kept: list[str] = []

    def keep(match: re.Match[str]) -> str:
        kept.append(match[0])
        return f"\n\n\0{len(kept) - 1}\0\n\n"

    text = _WHOLE.sub(keep, text.replace("\r\n", "\n"))
    parts = []
    for part in re.split(r"\n\s*\n", text):
        block = part.strip()
        if not block:
            continue
        if block.startswith("\0") or _BLOCK_TAG.match(block):
            parts.append(block)
        elif re.fullmatch(r"https?://\S+", block):
            parts.append(_link(block).strip())
        else:
            parts.append("<p>" + re.sub(r"\s*\n\s*", "<br>\n", block) + "</p>")
    return re.sub(r"\0(\d+)\0", lambda match: kept[int(match[1])], "\n\n".join(parts))
