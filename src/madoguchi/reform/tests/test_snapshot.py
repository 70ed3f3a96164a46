"""The quarter on paper is a tagged PDF in the reader's language, the same bytes for the same figures."""

import io
import subprocess

import pikepdf
import pytest

from madoguchi.config import demo
from madoguchi.reform.demo import REPORTS, fill
from tests import town

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("prefix", "language"), [("", "ja"), ("/en", "en"), ("/ja-easy", "ja")])
def test_the_quarter_is_a_tagged_pdf(prefix, language):
    answer = town.visitor().get(f"{prefix}/reform/quarter.pdf")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf")
    with pikepdf.open(io.BytesIO(answer.content)) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang).startswith(language)
        assert "pdfuaid:part" in pdf.Root.Metadata.read_bytes().decode()


def test_the_quarter_says_what_was_reported_and_entered(clock, settings, tmp_path):
    settings.HOME = tmp_path
    clock("2026-08-20")
    demo.seed()
    fill()
    (tmp_path / "quarter.pdf").write_bytes(town.visitor().get("/reform/quarter.pdf").content)
    run = ["pdftotext", str(tmp_path / "quarter.pdf"), "-"]
    text = "".join(subprocess.run(run, capture_output=True, text=True, check=True).stdout.split())
    assert "令和8年度第1四半期" in text
    progress, following, _days = REPORTS["paperless-counter"][0]
    assert progress in text
    assert following in text
    assert "7,540枚" in text, "sheets of June, of four bureaus"
    assert "日の遅れ" not in text


def test_the_same_figures_give_the_same_bytes():
    first, second = (town.visitor().get("/reform/quarter.pdf").content for _once in range(2))
    assert first == second
