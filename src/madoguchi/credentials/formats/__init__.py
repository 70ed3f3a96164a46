"""Document formats: what is printed (`document`), the PDF (`typst`)."""
