"""A case is printed from the running suite."""

import io
import stat

from pypdf import PdfReader

from tests.e2e.test_desk import register
from tests.support.fonts import needs_font

pytestmark = needs_font


def words_of(file) -> str:
    pages = PdfReader(io.BytesIO(file.read_bytes())).pages
    return "".join("".join(page.extract_text() for page in pages).split())


def test_a_case_is_printed_by_whoever_may_read_it(suite, tmp_path):
    number, file = register(suite), tmp_path / "case.pdf"
    suite.done("case", "step", number, "hand_over", "--by", "zhang.min", "owner=li.qiang")
    told = suite.told("case", "print", number, "--by", "zhang.min", "--out", str(file))
    assert told == {"case_no": number, "file": str(file), "bytes": file.stat().st_size, "missing": []}
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    shown = words_of(file)
    for said in ("王芳", "+8613812345678", "Tilescameoff", "移交handedover", "负责人owner:li.qiang"):
        assert said in shown
    refused = suite.aftercare("case", "print", "000000000000", "--by", "zhang.min", "--out", str(file))
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "`aftercare case list` shows them" in refused.stderr


def test_who_somebody_protected_is_stays_off_paper_unless_asked_for(suite, tmp_path):
    number, file = suite.told(*CALL, "--protected")["case_no"], tmp_path / "case.pdf"
    suite.done("case", "print", number, "--by", "zhang.min", "--form", "register", "--lang", "zh", "--out", str(file))
    assert "王芳" not in words_of(file)
    suite.done("case", "print", number, "--by", "zhang.min", "--identity", "--out", str(file))
    assert "王芳" in words_of(file)
    proof = ("case", "proof", number, "--by", "desk", "--out", str(tmp_path / "proof.pdf"))
    refused = suite.aftercare(*proof)
    assert "--identity: the proof of this case says who somebody protected is" in refused.stderr
    assert not (tmp_path / "proof.pdf").exists()
    suite.done(*proof, "--identity")


CALL = (
    "case register --kind complaint --channel phone --phone 13812345679 --name 王芳 --region south --subject Tiles "
    "--description 王芳"
).split()
