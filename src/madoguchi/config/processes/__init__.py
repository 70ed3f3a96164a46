"""The whole hall as processes that are looked after."""
