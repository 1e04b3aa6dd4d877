"""What every HTML page shares: templates, escaping, the policy that forbids it the network, writing it whole.

Belongs here: the Jinja environment (it escapes everything that is not markup of ours), how values are worded. Does not
belong here: what a page says.

Reports come from anyone. Their words reach a page escaped only; besides, the page's own policy allows one script, by its
hash, and no connection to anywhere.
"""

import base64
import hashlib
import html
import os
from collections.abc import Iterable
from functools import cache
from itertools import groupby
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from pipeline.errors import GongkaiError
from pipeline.present.words import show_value

LONG = 200
"""So many characters of a title are shown where it names a report; the whole title stands on its page."""


def render(template: str, **values: object) -> str:
    """A page from a template of templates/, with its script and style inlined and its policy set."""
    style = _asset("page.css")
    script = _asset("report.js") if template == "report.html" else ""
    allowed = f"'sha256-{_sha256(script)}'" if script else "'none'"
    policy = (
        "default-src 'none'; base-uri 'none'; form-action 'none'; img-src data:; style-src 'unsafe-inline'; "
        f"script-src {allowed}"
    )
    page = _environment().get_template(template)
    return page.render(style=Markup(style), script=Markup(script), policy=policy, **values)


def escaped(words: str) -> str:
    """Words of a report as HTML: escaped, control characters as pictures, every other character kept.

    A carriage return in a page becomes a line feed unless it is written as a reference.
    """
    return "&#13;".join(html.escape(show_value(line)) for line in words.split("\r"))


def shortened(words: object, longest: int = LONG) -> str:
    """Words that may be very long, cut with an ellipsis."""
    text = " ".join(show_value(words).split())
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def write_page(path: Path, page: str) -> Path:
    """Writes a page; it appears whole or not at all. Raises GongkaiError if it cannot be written."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        path.parent.mkdir(exist_ok=True)
        try:
            temporary.write_text(page, encoding="utf-8", newline="")
            os.replace(temporary, path)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise GongkaiError(f"cannot write {path}: {error.strerror}") from None
    return path


def _grouped(rows: Iterable[dict[str, object]], name: str) -> list[list[dict[str, object]]]:
    """Neighbours with the same value, together; the order stays."""
    return [list(group) for _, group in groupby(rows, key=lambda row: row[name])]


@cache
def _asset(name: str) -> str:
    return Path(__file__).with_name("templates").joinpath(name).read_text(encoding="utf-8").strip()


def _sha256(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("pipeline.present", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "value": show_value,
        "short": shortened,
        "count": lambda number: f"{number:,}",
        "groupby_order": _grouped,
    }
    return environment
