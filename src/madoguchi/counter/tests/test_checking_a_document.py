"""The page where anybody checks a PDF: each answer has words of its own, in three languages."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template.loader import render_to_string
from django.utils.translation import override

from madoguchi.credentials.checking import State

LANGUAGES = ("ja", "en", "ja-easy")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_answer_has_words_of_its_own(language):
    with override(language):
        said = {state: render_to_string("counter/verify.html", {"state": state.value}) for state in State}
    words = {state: page.split("verdict__word")[1].split("</p><p>")[0] for state, page in said.items()}
    assert len(set(words.values())) == len(State)


@pytest.mark.parametrize("language", LANGUAGES)
def test_only_a_changed_document_of_ours_is_not_to_be_trusted(language):
    distrust = {"ja": "信用しないで", "en": "Do not trust", "ja-easy": "信じないで"}[language]
    with override(language):
        said = {state for state in State if distrust in render_to_string("counter/verify.html", {"state": state.value})}
    assert said == {State.ALTERED}


@pytest.mark.django_db
def test_a_file_that_is_no_pdf_is_told_so(client):
    sent = SimpleUploadedFile("a.pdf", b"GIF89a", "application/pdf")
    page = client.post("/verify/", {"document": sent}, headers={"Sec-Fetch-Site": "same-origin"}).content.decode()
    assert "PDFとして読み取れません" in page
