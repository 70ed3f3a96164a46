"""The quarter on paper is a tagged PDF in the reader's language, the same bytes for the same figures."""

import io

import pikepdf
import pytest

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


def test_the_same_figures_give_the_same_bytes():
    first, second = (town.visitor().get("/reform/quarter.pdf").content for _once in range(2))
    assert first == second
