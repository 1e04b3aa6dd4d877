"""The unit of money cells: the cell's, else the header's, else the form's, else the figure is refused (contract "cells").

Belongs here: money columns of whole reports. Does not belong here: a single cell's text (test_values.py).
"""

from decimal import Decimal

import pytest
from report_text import LAYOUTS, blocks, edit, figures, filled, read

every_layout = pytest.mark.parametrize("layout", LAYOUTS)


@every_layout
@pytest.mark.parametrize(
    ("header", "cell", "expected"),
    [
        ("采购总金额", "30.5", "unreadable"),
        ("采购总金额", "8040", "unreadable"),
        ("采购总金额", "0", Decimal(0)),
        ("采购总金额", "43138万元", Decimal(431_380_000)),
        ("采购总金额", "251000元", Decimal(251_000)),
        ("采购总金额（单位：万元，保留4位小数）", "30.5", Decimal(305_000)),
        pytest.param("采购总金额(单位:元)", "30.5", Decimal("30.5")),
        pytest.param("采购总金额（万元）", "30.5", Decimal(305_000)),
        ("采购总金额（单位：万元）", "5000元", Decimal(5_000)),
        ("采购总金额（单位：亿元）", "0.5", Decimal(50_000_000)),
        ("采购总金额（单位：万元）", "/", "placeholder"),
        ("采购总金额（单位：万元）", "约30", "unreadable"),
    ],
)
def test_unit_of_procurement(layout, header, cell, expected):
    """The cell's unit, else the header's; the 2019 form has none (contract "cells")."""
    page = blocks(
        "2019",
        filled("2019", active_disclosure__procurement__amount=cell, active_disclosure__procurement__projects="2"),
    )
    page = edit(page, "header:第二十条第（九）项", labels=("信息内容", "采购项目数量", header))
    found = read(LAYOUTS[layout](page))["active_disclosure", "procurement", "amount"]
    assert (found.value if found.state == "reported" else found.state) == expected
    assert found.unit == "元"
    assert (found.raw_text or "") == cell
    assert figures(read(LAYOUTS[layout](page)), "active_disclosure", "procurement")[0] == 2


@every_layout
@pytest.mark.parametrize(
    "header",
    [
        "本年收费金额（单位：万元）",
        pytest.param("本年收费金额(万元)"),
        pytest.param("本年收费金额"),
    ],
)
def test_fees_of_2021_are_in_the_unit_that_the_form_prints(layout, header):
    """Where the header lost its unit the form's own holds (contract "cells.unit": cell, header, form)."""
    page = blocks("2021", filled("2021", active_disclosure__administrative_fees__amount="12.5"))
    page = edit(page, "header:第二十条第（八）项", labels=("信息内容", header))
    found = read(LAYOUTS[layout](page))["active_disclosure", "administrative_fees", "amount"]
    assert found.value == Decimal(125_000)
