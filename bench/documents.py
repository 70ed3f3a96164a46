"""How fast a signed one-page permit is made, beside WeasyPrint with pyHanko's defaults.

    python bench/documents.py [--rounds 7] [--count 20]

Both make the same permit (same words, a QR code, tagged PDF/UA-1, PAdES B-B, certified, RSA-2048), each time with
another number, addressee and code. The rounds alternate, so that a busy machine slows both. The control is treated
well: its font configuration and its signer are kept, it uses a system font, and HarfBuzz subsets it where Debian's
libharfbuzz-subset0 is installed. Figures are milliseconds a document; trust the ratio of a round, not the figures.
"""

import argparse
import html
import io
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

import segno
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from madoguchi.credentials.checking import check
from madoguchi.credentials.signing import KeyFiles, file_signer, make_file_key
from madoguchi.credentials.tests.samples import PERMIT
from madoguchi.paper.document import Addressee, Document
from madoguchi.paper.typst import render

FONTS = Path(__file__).parents[1] / "build" / "fonts"
STYLE = """
@page { size: A4; margin: 26mm 27mm 22mm; }
body { font: 11.5pt "Noto Sans CJK JP", sans-serif; line-height: 1.7; }
h1 { text-align: center; font-size: 23pt; letter-spacing: .3em; margin: 20mm 0; }
.right { text-align: right; } .quiet { color: #4d545c; font-size: 9.5pt; }
table { width: 100%; border-collapse: collapse; } th, td { border-bottom: .4pt solid #9aa3ad; padding: 8pt; }
th { text-align: left; font-weight: normal; color: #4d545c; } svg { width: 23mm; height: 23mm; }
"""


def permit(number: int) -> Document:
    """The sample permit with a number, an addressee and a code of its own."""
    code = f"K7QW-3M9T-{number:04}"
    return replace(
        PERMIT,
        number=f"8保生第{number}号",
        addressee=Addressee(f"株式会社 髙﨑商店{number}", PERMIT.addressee.lines),
        verify_code=code,
        verify_url=f"https://madoguchi.example.jp/verify/{code}",
    )


def page(document: Document) -> str:
    """The same permit as HTML."""
    out = io.BytesIO()
    segno.make(document.verify_url, error="m", micro=False).save(
        out, kind="svg", border=0, xmldecl=False, omitsize=True
    )
    text = {
        name: html.escape(getattr(document, name)) for name in ("number", "title", "lead", "verify_code", "reference")
    }
    rows = "".join(
        f"<tr><th>{html.escape(label)}</th><td>{html.escape(value)}</td></tr>" for label, value in document.rows
    )
    items = "".join(f"<li>{html.escape(item)}</li>" for item in document.conditions)
    return (
        f'<!doctype html><html lang="ja"><head><title>{text["title"]}</title></head><body>'
        f'<p class="right">{text["number"]}<br>令和8年11月23日</p><h1>{text["title"]}</h1>'
        f'<p><span class="quiet">{"<br>".join(document.addressee.lines)}</span><br>{document.addressee.name} 様</p>'
        f"<p>{text['lead']}</p><table>{rows}</table><h2>条件</h2><ol>{items}</ol>"
        f'<p class="right">{document.issuer.title} {document.issuer.name}</p><hr>{out.getvalue().decode()}'
        f"<p>この文書は電子署名されています。{document.verify_url}<br>確認コード {text['verify_code']}</p>"
        f"<p>{document.office.name}<br>{'<br>'.join(document.office.contact)}<br>{text['reference']}</p></body></html>"
    )


class Control:
    """WeasyPrint and pyHanko as their documentation shows them."""

    def __init__(self, files: KeyFiles) -> None:
        self._fonts = FontConfiguration()
        self._style = CSS(string=STYLE, font_config=self._fonts)
        self._signer = signers.SimpleSigner.load(str(files.signer_key), str(files.signer), [str(files.root)])

    def render(self, document: Document) -> bytes:
        """The permit as PDF/UA-1."""
        made = HTML(string=page(document)).write_pdf(
            stylesheets=[self._style], font_config=self._fonts, pdf_variant="pdf/ua-1"
        )
        return bytes(made)

    def sign(self, pdf: bytes) -> bytes:
        """The PDF with a certification signature, PAdES B-B."""
        details = signers.PdfSignatureMetadata(
            field_name="Signature",
            certify=True,
            docmdp_permissions=fields.MDPPerm.NO_CHANGES,
            subfilter=fields.SigSeedSubFilter.PADES,
            md_algorithm="sha256",
        )
        return bytes(signers.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), details, self._signer).getvalue())


def timed(
    numbers: range, make: Callable[[Document], bytes], sign: Callable[[bytes], bytes]
) -> list[tuple[float, float]]:
    """Milliseconds of rendering and of signing, for each number."""
    found = []
    for number in numbers:
        document = permit(number)
        began = time.perf_counter()
        pdf = make(document)
        between = time.perf_counter()
        sign(pdf)
        found.append(((between - began) * 1e3, (time.perf_counter() - between) * 1e3))
    return found


def line(name: str, times: list[tuple[float, float]]) -> str:
    """Median and worst of one side."""
    whole = [sum(pair) for pair in times]
    made, signed = (statistics.median(column) for column in zip(*times, strict=True))
    return (
        f"{name:<22} render {made:6.1f}  sign {signed:6.1f}  both {statistics.median(whole):6.1f}"
        f"  worst {max(whole):6.1f} ms  {1000 / statistics.mean(whole):6.1f}/s"
    )


def main() -> None:
    """Run the rounds and print them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--count", type=int, default=20, help="documents a round and side")
    options = parser.parse_args()
    names = ("typst", "pyhanko", "weasyprint", "cryptography")
    print(f"Python {platform.python_version()}", *(f"{name} {version(name)}" for name in names), sep=", ")
    with tempfile.TemporaryDirectory() as folder:
        files = make_file_key(Path(folder))
        ours, control = file_signer(files.directory), Control(files)
        compare(options.rounds, options.count, ours.sign, control, files.root.read_bytes())


def compare(rounds: int, count: int, sign: Callable[[bytes], bytes], control: Control, root: bytes) -> None:
    """Alternate the two sides; the first document of each is not counted (it loads the fonts)."""

    def make(document: Document) -> bytes:
        return render(document, fonts=FONTS)

    signed, plain = sign(make(permit(1))), control.sign(control.render(permit(1)))
    if not check(signed, trust_roots=[root]).genuine:
        sys.exit("our document is not genuine: the figures would mean nothing")
    print(f"bytes: ours {len(signed):,}, control {len(plain):,}")
    mine: list[tuple[float, float]] = []
    theirs: list[tuple[float, float]] = []
    ratios = []
    for number in range(rounds):
        numbers = range(2 + number * count, 2 + (number + 1) * count)
        a, b = timed(numbers, make, sign), timed(numbers, control.render, control.sign)
        ratios.append(statistics.median(map(sum, b)) / statistics.median(map(sum, a)))
        print(f"round {number + 1}", line("ours", a), line("control", b), f"ratio 1/{ratios[-1]:.1f}", sep="\n  ")
        mine += a
        theirs += b
    print("all", line("ours", mine), line("control", theirs), sep="\n  ")
    print(f"ratio: median 1/{statistics.median(ratios):.1f}, worst round 1/{min(ratios):.1f}, seed none, goal 1/14")


if __name__ == "__main__":
    main()
