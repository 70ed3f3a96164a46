"""The text of a code: written and read back, and no changed character goes unnoticed."""

from contextlib import suppress

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from madoguchi.payments.paying.providers.jpqr import code, label_of, picture
from tests import jpqr

MERCHANT = code.Merchant(
    "1234567890123", "0001", "000001", "000002", "MINATONO", "MINATONO", "みなと野県", "みなと野県"
)
TEXT = code.payment(MERCHANT, yen=3000, bill="A1B2-C3D4-E5F6", label="0" * 25)


PUBLISHED = (
    "0002016003xxx01021129300012D156000000000510A93FO3230Q31280012D15600000001030812345678"
    "26680019jp.or.paymentsjapan011300000000000010204000103060000010406000001"
    "53033925903xxx64180002JA0108メルペイ カフェ520441115802JP610710661436304DEE9"
)
"""A sample that others published with its checksum: a shop's static code, in another order and with other schemes."""


def test_a_published_sample_is_read_with_its_checksum():
    found = jpqr.opened(PUBLISHED)
    assert code.crc(PUBLISHED[:-4]) == "DEE9"
    assert (found["53"], found["58"], found["52"], found["61"]) == ("392", "JP", "4111", "1066143")
    assert jpqr.decode(found["64"])["01"] == "メルペイ カフェ"  # counted in characters, summed in UTF-8 bytes
    assert jpqr.read_payment(PUBLISHED) == {"yen": "", "bill": "", "label": "", "shop": "000001"}


@settings(max_examples=200, deadline=None)
@given(yen=st.integers(1, 100_000_000), number=st.uuids())
def test_what_is_written_is_read_back(yen, number):
    label = label_of(str(number))
    text = code.payment(MERCHANT, yen=yen, bill="BILL", label=label)
    assert jpqr.read_payment(text) == {"yen": str(yen), "bill": "BILL", "label": label, "shop": "000001"}
    assert int(label, 36) == number.int


@pytest.mark.parametrize("place", range(len(TEXT)))
def test_every_changed_character_is_found(place):
    for other in "0Aみ":
        if other != TEXT[place]:
            with pytest.raises(jpqr.Unreadable):
                jpqr.read_payment(TEXT[:place] + other + TEXT[place + 1 :])


def test_the_checksum_is_ccitt_false():
    assert code.crc("123456789") == "29B1"  # the check value of CRC-16/CCITT-FALSE


@given(st.text(max_size=200))
def test_any_text_is_refused_or_read_and_never_breaks(text):
    with suppress(jpqr.Unreadable):
        jpqr.read_payment(text)


def test_a_reader_sees_the_same_text_in_the_picture(tmp_path):
    path = tmp_path / "code.png"
    path.write_bytes(picture(TEXT, "png"))
    assert zxingcpp.read_barcodes(Image.open(path).convert("L"))[0].text == TEXT


@pytest.mark.parametrize("yen", [0, -1])
def test_nothing_is_asked_for_less_than_a_yen(yen):
    with pytest.raises(ValueError, match="above zero"):
        code.payment(MERCHANT, yen=yen, bill="B", label="L")
