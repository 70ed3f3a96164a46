"""Form fields as the templates of `design` want them."""

from .building import FormBuilder
from .field import Field, OptionField, SectionField, labels
from .meant import meant_labels
from .parts import KIND_NAMES

__all__ = ["KIND_NAMES", "Field", "FormBuilder", "OptionField", "SectionField", "labels", "meant_labels"]
