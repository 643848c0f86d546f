"""Templates written for a test."""

from pathlib import Path

from generator.variants import Pool, Template, load_template

SADDLE = """\
title = "Critical point"
constraints = ['integer(derivative) and max(abs(derivative)) <= 20', 'critical == "saddle"', 'a != c']
[parameters]
a = {integer = [-5, 5], exclude = [0]}
b = {integer = [-4, 4], exclude = [0]}
c = {integer = [-5, 5], exclude = [0]}
p = {vector = 2, entries = [-2, 2]}
[symbols]
x = "2"
[given]
"f(x)" = "a*x_1**2 + b*x_1*x_2 + c*x_2**2"
[find]
wrt = "x"
at = ["p_1", "p_2"]
"""
STRUCTURES = """\
title = "A gradient"
statement = "Let {v in} and {f(v) =}. Find {derivative} at {p =}; {a} is {b = b}."
[parameters]
a = {integer = [-3, 3], exclude = [0]}
b = {rational = [-1, 1], denominators = [2]}
h = {choice = ["g(v_1)", "exp(a*v_1)", "v_1**a"]}
g = {choice = ["sin"]}
v = {choice = ["x", "w"]}
[symbols]
v = "2"
[given]
"f(v)" = "b*h - v_1*v_2"
[find]
wrt = "v"
at = [0, "b + 1"]
"""
SMALL = """\
title = "A small space"
[parameters]
a = {integer = [1, 6]}
h = {choice = ["x_1**2", "x_2**2"]}
[symbols]
x = "2"
[given]
"f(x)" = "a*h + x_1*x_2"
[find]
wrt = "x"
"""


def template(tmp_path: Path, text: str, name: str = "some-problem") -> Template:
    """The template of a file."""
    path = tmp_path / f"{name}.toml"
    path.write_text(text, encoding="utf-8")
    return load_template(path)


def pool(tmp_path: Path, text: str, secret: str = "secret", parity: float | None = None) -> Pool:
    """The pool of a file."""
    return Pool(template(tmp_path, text), secret, "slot", parity)
