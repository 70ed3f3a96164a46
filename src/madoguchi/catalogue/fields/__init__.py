"""Form fields as the templates of `design` want them."""

from ..questions.drawing import FormField
from .building import FormBuilder
from .field import SectionField, labels
from .meant import meant_labels

__all__ = ["FormBuilder", "FormField", "SectionField", "labels", "meant_labels"]
