"""The look: base templates, components, CSS layers on the Digital Agency tokens, scripts."""
