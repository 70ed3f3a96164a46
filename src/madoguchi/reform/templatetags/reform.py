"""The words of the reform pages for templates."""

from django import template

from madoguchi.cases.queries import channel_name
from madoguchi.catalogue.queries import procedure_name
from madoguchi.reform import words
from madoguchi.town.offices import office_name

register = template.Library()
for name in ("said", "keyword", "less", "kind", "bureau", "quarter"):
    register.filter(name, getattr(words, name))
register.filter("channel", channel_name)
register.filter("office", office_name)
register.filter("procedure", procedure_name)
