"""DECISION: draft, approval chain, decision with reasons and appeal notice, document number."""
