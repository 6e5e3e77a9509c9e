"""Cases on paper: every field is on it, long texts flow over pages, nothing from outside breaks out."""

import io
import re
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from shared.cli.printing import fonts
from shared.cli.printing.request import Form, case_paper, printed
from shared.cli.printing.words import Words
from shared.kernel.errors import Misconfigured
from tests.support.fonts import needs_font

pytestmark = needs_font

NOW = "2026-10-20T09:00:00+08:00"
HOSTILE = "<b>x</b> </para> &amp; (Tj) ET\x00\x07 \u202egnp \\) <</JS (app.alert)>> {{7*7}} %PDF"


def happened(seq: int, fact: str, **more: Any) -> dict[str, Any]:
    at = f"2026-10-{9 + seq:02}T10:00:00+08:00"
    return {"seq": seq, "fact": fact, "at": at, "recorded_at": at, "by": "li.qiang", "version": seq} | more


CASE: dict[str, Any] = {
    "case_no": "123456789012",
    "state": "revisited",
    "waiting": False,
    "version": 9,
    "mode": "live",
    "kind": "complaint",
    "channel": "phone",
    "region": "south.guangdong",
    "category": "product_quality",
    "cause": "quality_defect",
    "department": "质量部",
    "severity": "serious",
    "verifiable": True,
    "owner": "li.qiang",
    "source": "pbx",
    "external_ref": "call-77",
    "customer": {"name": "王芳", "phone": "+8613812345678", "email": "wang@example.org", "anonymous": False},
    "subject": "客厅瓷砖空鼓脱落",
    "demand": "更换并赔偿误工费",
    "description": "铺贴两周后十二块脱落。\n孩子险些被砸到。",
    "product": {
        "order_no": "A-7",
        "part_no": "P-31",
        "batch": "B-2026-09",
        "shipped_on": "2026-09-01",
        "quantity": 120,
        "defective_quantity": 12,
    },
    "handling": {
        "form": {
            "round": 2,
            "measures": [],
            "approvers": ["质量部", "生产部"],
            "named": True,
            "order": "in_turn",
            "approvals": [],
            "waits_for": ["生产部"],
            "approved": False,
            "missing_to_treat": [],
        }
    },
    "milestones": {"received": "2026-10-09T22:00:00+08:00"},
    "history": [
        happened(1, "received", at="2026-10-09T22:00:00+08:00", by="zhang.min"),
        happened(2, "handed_over", by="zhang.min", set={"owner": "li.qiang"}),
        happened(
            3, "cause_determined", detail={"departments": ["质量部", "生产部"], "grounds": "批次过薄", "ours": True}
        ),
        happened(4, "measure_proposed", key="质量部", detail={"measure": "整批召回检验"}),
        happened(5, "plan_agreed", detail={"text": "周五前重铺", "subject_to_approval": True}),
        happened(6, "approved", key="质量部", by="zhao.lei", detail={"reason": "同意重铺"}),
        happened(7, "rejected", key="生产部", by="sun.wei", detail={"reason": "先查批次"}),
        happened(8, "resolved", text="已全部重铺", detail={"accountable": "li.qiang"}),
        happened(9, "revisited", detail={"satisfied": True, "score": 9, "text": "满意，谢谢"}),
    ],
}
PROTECTED = CASE | {"customer": {"anonymous": False, "protected": True}}


def pdf(case: dict[str, Any] = CASE, form: Form = Form.ALL, tongue: str = "both") -> bytes:
    return printed(case_paper(case, form, Words(tongue), by="zhang.min", now=NOW), None).data


def text_of(data: bytes) -> str:
    """Everything on it, without breaks between lines and pages and without what stands at each foot."""
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(data)).pages]
    feet = re.compile(r"1234 5678 9012 +(打印 printed|打印|printed) .*|\d+ / \d+")
    return re.sub(r"\s+", "", "\n".join(feet.sub("", page) for page in pages))


@pytest.fixture(scope="module")
def everything() -> str:
    return text_of(pdf())


@pytest.mark.parametrize(
    "said",
    [
        *("王芳", "+8613812345678", "wang@example.org", "客厅瓷砖空鼓脱落", "更换并赔偿误工费", "孩子险些被砸到。"),
        *("2026-10-0922:00:00+08:00", "2026-10-1010:00:00+08:00", "电话phone", "投诉complaint", "严重serious"),
        *("A-7", "P-31", "B-2026-09", "2026-09-01", "数量quantity120", "defectivequantity12"),
        *("产品质量productquality", "质量异常qualitydefect", "质量部;生产部", "批次过薄", "south.guangdong", "call-77"),
        *("已全部重铺", "满意，谢谢", "评分score:9", "已回访revisited", "责任人accountable:li.qiang"),
        *("整批召回检验", "周五前重铺", "审批同意approved", "zhao.lei", "同意重铺", "审批不同意rejected", "先查批次"),
        *("审批部门approvers质量部;生产部", "审批方式order依次inturn", "尚待审批waitsfor生产部"),
        *("客户投诉登记表Complaintregister", "投诉处理单Handlingform", "12345678", "9012"),
    ],
)
def test_everything_about_a_case_is_on_paper(everything, said):
    assert said in everything


def test_a_form_comes_alone_and_in_one_language():
    register, handling = text_of(pdf(form=Form.REGISTER, tongue="zh")), text_of(pdf(form=Form.HANDLING, tongue="en"))
    assert "客户投诉登记表" in register
    assert "Complaint" not in register
    assert "处理单" not in register
    assert handling.startswith("Handlingform")
    assert "投诉" not in handling


def test_pages_are_a4_counted_and_the_same_at_the_same_instant():
    data = pdf()
    reader = PdfReader(io.BytesIO(data))
    total = len(reader.pages)
    for number, page in enumerate(reader.pages, 1):
        assert (round(page.mediabox.width), round(page.mediabox.height)) == (595, 842)
        foot = page.extract_text()
        assert f"{number} / {total}" in foot
        assert "1234 5678 9012 打印 printed 2026-10-20 09:00:00 +08:00 zhang.min" in re.sub(" +", " ", foot)
    assert reader.metadata is not None
    assert reader.metadata.creation_date is not None
    assert reader.metadata.creation_date.isoformat() == NOW
    assert pdf() == data


def test_its_letters_are_inside_and_only_those_it_needs():
    data = pdf()
    assert len(data) < 200_000
    found = {
        str(font.get_object()["/FontDescriptor"]["/FontName"])
        for page in PdfReader(io.BytesIO(data)).pages
        for font in page["/Resources"]["/Font"].values()
        if "/FontDescriptor" in font.get_object() and "/FontFile2" in font.get_object()["/FontDescriptor"]
    }
    assert found
    assert all(re.match(r"/[A-Z]{6}\+", name) for name in found), "a subset has a tag before its name"


def test_long_texts_and_many_steps_flow_over_pages():
    long = "".join(f"第{number}块瓷砖空鼓，" for number in range(2_000))
    many = [happened(10, "progress_recorded", detail={"text": f"进展{number}。"}) for number in range(200)]
    case = CASE | {"description": long, "demand": "x" * 5_000, "history": [*CASE["history"], *many]}
    told = text_of(pdf(case, Form.REGISTER))
    assert long in told
    assert "x" * 5_000 in told
    assert all(f"进展{number}。" in told for number in range(200))


def test_what_comes_from_outside_stays_text():
    history = [happened(1, "received", by=HOSTILE[:60]), happened(2, "corrected", detail={"reason": HOSTILE})]
    customer = {"name": HOSTILE, "phone": None, "anonymous": False}
    case = CASE | {"subject": HOSTILE, "description": HOSTILE, "customer": customer, "history": history}
    data = pdf(case)
    shown = re.sub(r"\s+", "", HOSTILE.replace("\x00", "").replace("\x07", "").replace("\u202e", ""))
    assert text_of(data).count(shown) >= 4
    assert b"/JS" not in data
    assert b"/Annots" not in data


def test_a_letter_without_a_font_is_replaced_and_named():
    made = printed(case_paper(CASE | {"subject": "刘\U0002b740的瓷砖"}, Form.REGISTER, Words(), by="x", now=NOW), None)
    assert made.missing == ("U+2B740",)
    assert "刘〓的瓷砖" in text_of(made.data)


def test_a_letter_of_another_plane_can_be_copied_from_the_paper():
    assert fonts.in_utf_16("<01> <4E00>\n<02> <1F600>\n<03> <20BB7>") == "<01> <4E00>\n<02> <D83DDE00>\n<03> <D842DFB7>"


def test_somebody_protected_stays_so():
    told = text_of(pdf(PROTECTED))
    assert "身份保密protected" in told
    assert "王芳" not in told


def test_departments_are_called_by_their_names():
    named = {"department": "quality", "name": {"zh": "品质部", "en": "Quality"}}
    asked = happened(3, "analysis_requested", detail={"departments": ["quality"]})
    case = CASE | {"handling": {"analysis": {"asked": [named]}}, "department": "quality", "history": [asked]}
    told = text_of(pdf(case))
    assert "部门departments:品质部Quality" in told
    assert "部门department品质部Quality" in told


def test_an_urge_is_printed_in_the_words_of_its_task():
    said = {"what": {"zh": "提交原因分析", "en": "give your finding"}, "since": "2026-10-10T01:00:00+00:00"}
    told = text_of(pdf(CASE | {"history": [happened(3, "urged", key="finding:quality", set=said)]}))
    assert "finding:quality提交原因分析giveyourfinding" in told
    assert "since" not in told


def test_a_case_that_has_just_begun_is_printed_with_room_to_sign():
    case = {name: value for name, value in CASE.items() if name not in ("cause", "product", "owner", "demand")}
    told = text_of(pdf(case | {"history": CASE["history"][:1], "state": "registered"}))
    assert told.count("尚无。Noneyet.") >= 4
    assert "签字Signatures" in told


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ("/nowhere/font.ttf", "there is no font file /nowhere/font.ttf; install one"),
        (__file__, "is no font that can be put into a PDF"),
    ],
)
def test_a_font_that_will_not_do_is_refused_with_what_helps(asked, why):
    with pytest.raises(Misconfigured, match="apt-get install fonts-wqy-microhei") as refused:
        fonts.faces(asked)
    assert why in str(refused.value)


def test_a_machine_without_chinese_letters_is_told_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setattr(fonts, "KNOWN", (str(tmp_path / "none.ttc"),))
    with pytest.raises(Misconfigured, match="there is no font with Chinese letters here; install one"):
        fonts.faces(None)


def test_the_setting_names_the_font(monkeypatch):
    there = next(path for path in fonts.KNOWN if Path(path).exists())
    monkeypatch.setenv(fonts.SETTING, there)
    (face,) = fonts.faces(None)
    assert ord("案") in face.letters
