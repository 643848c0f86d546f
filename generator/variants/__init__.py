"""Variants of a problem: parameters with counted spaces, constraints, and draws without replacement.

``template`` reads a problem file with parameters (``parameters`` and ``spaces``: what they may be;
``instance``: how values are put in). ``pool`` says which values are allowed (``arithmetic`` reads
constraints, ``results`` works out what they ask for, ``difficulty`` measures). ``draw`` gives every student
their own, by our own ``chance``.
"""

from generator.variants.draw import assign, require_capacity
from generator.variants.pool import Count, Place, Pool
from generator.variants.template import Template, load_template

__all__ = ["Count", "Place", "Pool", "Template", "assign", "load_template", "require_capacity"]
