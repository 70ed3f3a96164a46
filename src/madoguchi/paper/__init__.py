"""The printing shop: documents as values, their forms, the PDF, and what its fonts can draw."""
