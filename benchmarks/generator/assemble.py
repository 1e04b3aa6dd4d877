"""From sections to the finished text.

Here belong the rendering of sections into blocks and the joining of blocks in the manner of each layout: wrapped
prose of a PDF, everything on one line, repeated lines dropped. What the text then tells is settled in `truth`.
"""

from __future__ import annotations

import re

from benchmarks.generator.draft import Block, Draft
from benchmarks.generator.layouts import GLUED, LOST
from benchmarks.generator.layouts_pdf import chunks

_NUMBER = re.compile(r"(\d[\d.\-]*)")


def render_blocks(draft: Draft, closing: list[str]) -> None:
    """Turn the sections of a draft into blocks of text and rendered tables."""
    blocks = [Block(draft.title, is_heading=True)]
    for section in draft.sections:
        if section.heading:
            blocks.append(Block(section.heading, is_heading=True))
        blocks.extend(Block(text) for text in section.before)
        if section.tables:
            fragments = draft.layout.render(section.tables, draft.style, draft.rng)
            blocks.append(Block(tables=list(section.tables), fragments=fragments))
        blocks.extend(Block(text) for text in section.after)
    blocks.extend(Block(text) for text in closing)
    draft.blocks = blocks


def assemble(draft: Draft) -> str:
    """The text of a report."""
    pieces = [_block_text(draft, block) for block in draft.blocks]
    joined = draft.layout.paragraph_joiner.join(pieces) + "\n"
    text = joined if draft.layout.is_line_based else _one_line(draft, pieces)
    if draft.layout.keeps == LOST:
        text = _drop_repeated_lines(text)
    if "crlf_and_bom" in draft.text_steps:
        text = "\ufeff" + text.replace("\n", "\r\n")
    return text


def _block_text(draft: Draft, block: Block) -> str:
    if block.tables or block.fragments:
        return draft.layout.fragment_joiner.join(fragment.text for fragment in block.fragments)
    text = block.text
    if draft.layout.is_paged and not block.is_heading:
        if draft.style.spaces_numbers:
            text = _NUMBER.sub(r" \1 ", text)
        indent = "   " if draft.layout.name == "space_aligned" else ""
        return "\n".join(chunks(indent + text, draft.style.wrap))
    if block.is_heading and draft.layout.name == "space_aligned":
        return "   " + text
    if block.is_heading and draft.layout.name == "markdown":
        return draft.style.heading_mark + text.replace("\n", " ")
    return text


def _one_line(draft: Draft, pieces: list[str]) -> str:
    """Everything on one line; a blank always parses two numbers that would meet."""
    glue = draft.style.paragraph_glue if draft.layout.keeps == GLUED else " "
    text = ""
    for piece in pieces:
        piece = piece.replace("\n", " ")
        meets = text[-1:].isdigit() and piece[:1].isdigit()
        text += (" " if meets else glue) + piece if text else piece
    return text + "\n"


def _drop_repeated_lines(text: str) -> str:
    seen: set[str] = set()
    kept = []
    for line in text.split("\n"):
        if line and line not in seen:
            seen.add(line)
            kept.append(line)
    return "\n\n".join(kept) + "\n"
