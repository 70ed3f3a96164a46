"""Document formats: what is printed (`document`), which characters the fonts can draw (`glyphs`), the PDF (`typst`)."""
