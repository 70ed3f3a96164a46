"""Datasets for tests."""

import random

from django.utils import timezone

from madoguchi.opendata.models.datasets import Dataset
from madoguchi.opendata.publishing.actions import freeze
from madoguchi.opendata.publishing.columns import Column
from madoguchi.people.actor import worker

SHOPS = (
    Column("id", "integer", title="番号"),
    Column("name", title="店の名前"),
    Column("ward", title="区"),
    Column("opened", "date", title="開店日"),
    Column("seats", "integer", title="席数"),
    Column("rate", "number", title="割合(%)"),
    Column("is_open", "boolean", title="営業中"),
)
WARDS = ("港区", "渋谷区", "中央区", "北区", "みなと区", "東区", "西区", "南区")
FOODS = ("寿司", "そば", "うどん", "カレー", "喫茶", "食堂", "ラーメン", "天ぷら", "焼肉", "パン")


def shops(n, seed=7):
    """(rows) of n invented shops."""
    dice = random.Random(seed)
    for number in range(1, n + 1):
        day = timezone.datetime(2000 + dice.randrange(26), dice.randrange(1, 13), dice.randrange(1, 29)).date()
        name = f"{dice.choice(FOODS)}の店{dice.randrange(n):06d}号"
        yield number, name, dice.choice(WARDS), day, dice.randrange(5, 200), dice.random(), dice.random() < 0.9


def dataset(code="shops", **parts):
    """A dataset without rows."""
    usual = {"title": "店の一覧", "description": "町の店。", "office": "reform", "theme": "business"}
    usual |= {"source": "upload", "changed_at": timezone.now(), "tags": ["店", "食品"]}
    return Dataset.objects.create(code=code, **{**usual, **parts})


def published(n=20, code="shops", columns=SHOPS, key=("id",), rows=None, **parts):
    """A public dataset with rows."""
    made = dataset(code, **parts)
    freeze(dataset=made, columns=columns, key=key, rows=shops(n) if rows is None else rows, by=worker("test"))
    made.is_public = True
    made.save()
    return made
