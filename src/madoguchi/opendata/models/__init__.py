"""Datasets, requests for data, files handed in: Django finds the models of an app here."""

from . import datasets as datasets
from . import requests as requests
from . import uploads as uploads
