"""Every code of a fault, a refusal and a finding has its sentence."""

from madoguchi.opendata.reading import cell_text
from madoguchi.opendata.uploads.words import fault, kind, refusal


def test_every_code_has_its_words():
    import re
    from pathlib import Path

    from madoguchi import opendata

    sources = "".join(path.read_text() for path in Path(opendata.__file__).parent.rglob("*.py"))

    def codes(pattern):
        return set(re.findall(pattern, sources))

    for code in codes(r'(?:Fault|hint|Unshown)\(\s*"([a-z0-9-]+)"'):
        assert fault(code), code
    for code in cell_text.CODES:
        assert fault(code)
    for code in codes(r'SheetRefused\("([a-z0-9-]+)"'):
        assert refusal(code)
    for code in codes(r'(?:Hit|Finding)\("([a-z0-9-]+)"'):
        assert kind(code)
