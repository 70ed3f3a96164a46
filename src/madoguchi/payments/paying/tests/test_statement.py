"""An acquirer's file is read whole, in its usual codings, or refused with every faulty line."""

import pytest

from madoguchi.payments.paying.providers.statement import BadFile, read_statement

HEAD = "照会番号,金額,入金日時,取引番号\n"


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "cp932"])
def test_lines_become_notices(coding):
    [told] = read_statement((HEAD + 'abc,"3,000",2026/11/20,t1\n').encode(coding), method="jpqr")
    assert (told.provider_reference, told.yen, told.event) == ("ABC", 3000, "file:t1")


def test_every_fault_is_told_with_its_line():
    with pytest.raises(BadFile) as bad:
        read_statement(
            (HEAD + "a,-1,2026-11-20,t1\nb,5,yesterday,t2\nc,5,2026-11-20,t2\n,5,2026-11-20,t3\n").encode(), method="x"
        )
    found = [(one.line, one.code) for one in bad.value.faults]
    assert found == [(2, "amount"), (3, "date"), (4, "there-twice"), (5, "empty-cell")]


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00\x81", b"a,b\n1,2\n", HEAD.encode(), b"\x00" * 9_000_000])
def test_what_is_no_such_file_is_refused(content):
    with pytest.raises(BadFile):
        read_statement(content, method="x")
