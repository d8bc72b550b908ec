"""Which good pictures become synthetic defects. stub"""
from __future__ import annotations


class Synthesis:
    def __init__(self, pictures, settings) -> None:
        self.settings = settings
    def replace(self, index, rng):
        return None
