"""The laws of calculus and algebra: the tables below, joined. Adding a rule touches one row of one."""

from __future__ import annotations

from generator.rules.algebra import ALGEBRA
from generator.rules.differentials import DIFFERENTIALS
from generator.rules.elementwise import ELEMENTWISE
from generator.rules.indices import INDICES
from generator.rules.kronecker import KRONECKER
from generator.rules.rule import Rule
from generator.rules.simplify import SIMPLIFY

TABLES = (DIFFERENTIALS, ELEMENTWISE, ALGEBRA, KRONECKER, SIMPLIFY, INDICES)
RULES: dict[str, Rule] = {rule.name: rule for table in TABLES for rule in table}
