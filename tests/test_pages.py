"""The quality page and the report pages in a real browser.

Belongs here: what a reader sees and what the browser does, also with reports made to do harm. Does not belong here: the
counts behind the pages (test_quality.py), exports (test_export.py).

They need Chromium (Debian: apt-get install chromium) and are skipped where there is none.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from helpers_build import SAMPLES, build_here, command_here, query
from playwright.sync_api import Browser, Page, sync_playwright

from schemas.forms import read_data

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
REFUSED = "shuangqiao-county/2020-government-office.txt"
NARROW, BROAD = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
WORDS_BY_KEY = """() => {
  const words = {};
  for (const element of document.querySelectorAll('#text [data-i]'))
    for (const key of element.dataset.i.split(' ')) words[key] = (words[key] || '') + element.textContent;
  return words;
}"""
LIT = "() => [...document.querySelectorAll('#text .on')].map((element) => element.textContent)"

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: apt-get install chromium")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    arguments = ["--disable-gpu", "--disable-background-networking", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def samples(samples: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy: pages of reports are written into it."""
    return shutil.copytree(samples, tmp_path_factory.mktemp("pages") / "out", symlinks=True)


@pytest.fixture(scope="module")
def report_page(samples: Path) -> Path:
    """The page of the sample with a refused cell and failed checks."""
    done = command_here("show", "--html", REFUSED, "--out", samples)
    assert done.returncode == 0, done.stderr
    path = Path(done.stdout.strip())
    assert path.parent == samples / "reports"
    return path


@contextmanager
def opened_in(browser: Browser, path: Path, **context: object) -> Iterator[Page]:
    """A page from disk; at the end it must have asked nobody for anything and have complained of nothing."""
    complaints: list[str] = []
    page = browser.new_page(**({"viewport": BROAD} | context))  # type: ignore[arg-type]
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda dialog: complaints.append(dialog.message))
    page.on(
        "request",
        lambda request: complaints.append(request.url) if not request.url.startswith(("file:", "data:")) else None,
    )
    page.goto(path.as_uri())
    yield page
    assert complaints == []
    page.close()


# -- the quality page -------------------------------------------------------------------------------------------------


def test_quality_page_has_its_charts_and_leads_to_a_report(browser: Browser, samples: Path) -> None:
    with opened_in(browser, samples / "quality.html") as page:
        assert page.title() == "Quality of the dataset · gongkai"
        charts = page.locator("figure svg[role=img]")
        assert charts.count() == 3
        for chart in charts.all():
            box = chart.bounding_box()
            assert box is not None
            assert box["width"] > 250
            assert chart.locator("path[aria-label]").count() > 0
        for shaded in page.locator("table.shaded").all():
            painted = "cells => cells.map(c => [c.innerText !== '', getComputedStyle(c).backgroundColor])"
            colours = shaded.locator("td").evaluate_all(painted)
            assert len({colour for is_number, colour in colours if is_number}) > 1
            assert {colour for is_number, colour in colours if not is_number} <= {"color(srgb 0 0 0 / 0)"}
        link = page.locator("#needy ~ .wide a").first
        name = link.inner_text()
        link.click()
        assert page.locator("h1").inner_text() == name
        assert Path(page.url).parent.name == "reports"


def test_every_report_that_the_quality_page_names_has_its_page(samples: Path, browser: Browser) -> None:
    with opened_in(browser, samples / "quality.html") as page:
        links = page.eval_on_selector_all(
            "a[href^='reports/']", "links => links.map(link => link.getAttribute('href'))"
        )
    failed = query(samples, "select distinct report_id from checks where outcome = 'fail' and severity = 'error'")
    assert {f"reports/{report_id}.html" for (report_id,) in failed} <= set(links)
    assert all((samples / link).is_file() for link in links)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_fit_a_phone_and_follow_its_colours(
    browser: Browser, samples: Path, report_page: Path, scheme: str
) -> None:
    for path in (samples / "quality.html", report_page):
        with opened_in(browser, path, viewport=NARROW, color_scheme=scheme) as page:
            assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"], path.name
            cut = "tables => tables.filter(table => table.scrollWidth > table.parentElement.clientWidth).length"
            assert page.eval_on_selector_all("table.stack", cut) == 0
            paper, ink = page.evaluate("(s => [s.backgroundColor, s.color])(getComputedStyle(document.body))")
            light = "rgb(255, 255, 255)"
            assert (paper == light) == (scheme == "light")
            assert ink != paper


def test_quality_page_prints(browser: Browser, samples: Path) -> None:
    with opened_in(browser, samples / "quality.html") as page:
        assert page.pdf(format="A4").startswith(b"%PDF")
        page.emulate_media(media="print")
        assert not page.locator("nav").is_visible()
        assert page.locator("figure svg").first.is_visible()


# -- the report page --------------------------------------------------------------------------------------------------


def text_of(out: Path, path: Path) -> str:
    ((text,),) = query(
        out, f"select string_agg(body, '' order by section_no) from sections where report_id = '{path.stem}'"
    )
    return str(text)


def test_the_text_beside_the_tables_is_the_reports_text(browser: Browser, samples: Path, report_page: Path) -> None:
    with opened_in(browser, report_page) as page:
        assert page.locator("#text").text_content() == text_of(samples, report_page)


def test_the_words_of_a_cell_are_the_cells(browser: Browser, samples: Path, report_page: Path) -> None:
    """Each cell's link leads to the words that the dataset says it was read from."""
    text = text_of(samples, report_page)
    spans = query(samples, f"select char_start, char_end from cells where report_id = '{report_page.stem}'")
    wanted = sorted(text[start:end] for start, end in spans if start is not None)  # type: ignore[misc]
    with opened_in(browser, report_page) as page:
        found = page.evaluate(WORDS_BY_KEY)
        shown = page.eval_on_selector_all(
            "#facts td.reported a", "links => links.map(link => [link.dataset.i, link.textContent, link.hash])"
        )
    assert sorted(words for key, words in found.items() if key.startswith("c")) == wanted
    assert len(shown) > 150
    for key, value, target in shown:
        assert target == f"#w-{key}"
        assert float(found[key].replace(",", "").replace("+", "")) == float(value), key


def test_pointer_keyboard_and_click_light_up_the_words(browser: Browser, report_page: Path) -> None:
    with opened_in(browser, report_page) as page:
        refused = page.locator("td.unreadable a")
        refused.hover()
        assert page.evaluate(LIT) == ["3256.8"]
        page.mouse.move(0, 0)
        assert page.evaluate(LIT) == []
        refused.focus()
        assert page.evaluate(LIT) == ["3256.8"]
        page.keyboard.press("Enter")
        target = page.locator("#text a:target")
        assert target.inner_text() == "3256.8"
        box, pane = target.bounding_box(), page.locator("#source").bounding_box()
        assert box is not None
        assert pane is not None
        assert pane["y"] <= box["y"] <= pane["y"] + pane["height"]
        target.click()  # and back: from the words to the cell
        assert page.locator("td.unreadable a:target").inner_text() == "3256.8"


def test_without_script_the_links_still_lead_there(browser: Browser, report_page: Path) -> None:
    with opened_in(browser, report_page, java_script_enabled=False) as page:
        page.locator("td.unreadable a").click()
        assert page.url.partition("#")[2] == page.locator("td.unreadable a").get_attribute("href")[1:]  # type: ignore[index]


def test_failed_checks_show_both_sides(browser: Browser, samples: Path, report_page: Path) -> None:
    failed = query(
        samples,
        "select left_value::double, right_value::double from checks where outcome = 'fail' and left_value is not null "
        f"and report_id = '{report_page.stem}'",
    )
    with opened_in(browser, report_page) as page:
        rows = page.eval_on_selector_all(
            "#failed + .wide tr:not(.group)", "rows => rows.map(row => [...row.cells].map(cell => cell.textContent))"
        )
    shown = [(float(row[1]), float(row[2])) for row in rows if row[1].strip("-").replace(".", "").isdigit()]
    assert sorted(shown) == sorted(failed)


def test_series_lead_to_the_cells_or_the_sentence_that_they_are_from(
    browser: Browser, samples: Path, report_page: Path
) -> None:
    """Every indicator is there; the cells that light up add up to it, and a sentence says it."""
    expected = query(
        samples,
        f"select indicator_key, value::double, source, comparability from indicators where report_id = '{report_page.stem}'",
    )
    order = {row["indicator_key"]: number for number, row in enumerate(read_data("indicators.csv"))}
    expected = [row[1:] for row in sorted(expected, key=lambda row: order[str(row[0])])]
    assert {source for _, source, _ in expected} == {"table", "derived", "statement"}
    with opened_in(browser, report_page) as page:
        found = page.evaluate(WORDS_BY_KEY)
        rows = page.eval_on_selector_all(
            ".series tbody tr",
            "rows => rows.map(row => [row.querySelector('a').textContent, row.querySelector('a').dataset.i, row.cells[2].textContent, "
            "row.cells[3].firstChild.textContent])",
        )
        page.locator(".series a", has_text="389").click()
        assert page.evaluate(LIT) == ["389"]
        page.emulate_media(media="print")
        assert not page.locator("nav a").is_visible()
        assert page.locator(".series").is_visible()
    kinds = {"one cell": "table", "a sentence": "statement"}
    assert [(float(value), kinds.get(kind, "derived"), compares) for value, _, kind, compares in rows] == expected
    for value, keys, kind, _ in rows:
        words = [found[key] for key in keys.split()]
        assert kind not in ("one cell", "a sentence") or len(words) == 1
        assert kind in kinds or kind == f"sum of {len(words)} cells"
        if kind != "a sentence":
            assert sum(float(word) for word in words) == float(value), keys


# -- reports made to do harm ------------------------------------------------------------------------------------------

HARM = (
    '<script>document.title="harmed"</script>',
    "<img src=http://127.0.0.1:9/x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "</div></main><iframe src=javascript:alert(1)></iframe>",
    "{{ 7 * 7 }}{% raw %}",
    "&lt;b&gt;&#13;",
)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dataset of reports whose title, prose, labels and cells are markup, one with a title of a million characters."""
    folder = tmp_path_factory.mktemp("hostile")
    sample = (SAMPLES / REFUSED).read_text(encoding="utf-8")
    title, rest = sample.split("\n", 1)
    cells = rest.replace("3256.8", "=cmd|' /C calc'!A0").replace("\t14\n", f"\t{HARM[1]}\n")
    raw = folder / "raw"
    raw.mkdir()
    for number, harm in enumerate(HARM):
        (raw / f"{number}-{harm[:1]}.txt").write_text(f"{harm}{title}\n{harm}\n{cells}\n{harm}\n", encoding="utf-8")
    (raw / "long.txt").write_text(f"{'长' * 1_000_000}{title}\n{cells}", encoding="utf-8")
    (raw / "long-name.txt").write_text(title.replace("年度", "年度" * 300_000) + f"\n{cells}", encoding="utf-8")
    build_here(raw, folder / "out")
    return folder / "out"


def test_hostile_reports_are_harmless_in_the_pages(browser: Browser, hostile: Path) -> None:
    reports = [str(report_id) for (report_id,) in query(hostile, "select report_id from reports order by 1")]
    assert len(reports) >= len(HARM)
    for report_id in reports:
        assert command_here("show", "--html", report_id, "--out", hostile).returncode == 0
    for path in [hostile / "quality.html", *(hostile / "reports" / f"{report_id}.html" for report_id in reports)]:
        with opened_in(browser, path) as page:
            assert page.title() != "harmed"
            assert len(page.title()) < 300
            assert page.locator("iframe, img, #facts svg").count() == 0
            assert page.evaluate("document.documentElement.scrollWidth") <= BROAD["width"], path.name
            if path.parent.name == "reports":
                assert page.locator("#text").text_content() == text_of(hostile, path)
        assert "</script><" not in path.read_text(encoding="utf-8").replace("</script>\n", "")
