"""The lines of the keys of a TOML text."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.spec.keylines import key_lines, line_of

TOML = '''\
# a comment with "quotes" and [brackets]
a = 1
"b c" = """
x = [1,
"""
c.d = [ # comment, [
  1,
  [2,
   3], "]",
  {e = 4, f = 5},
]

[table."f(x)"] # comment
g = 'it is'
[[list]]
h = {i = 1, j = [1, 2]}
[[list]]
[list.k]
l = """"quoted""""
[[list]]
m = 2000-01-01
'''


@pytest.mark.parametrize(
    ("key", "line"),
    [
        (("a",), 2), (("b c",), 3), (("c",), 6), (("c", "d"), 6), (("c", "d", 0), 7), (("c", "d", 1), 8),
        (("c", "d", 2), 9), (("c", "d", 3), 10), (("c", "d", 3, "e"), 10), (("table",), 13),
        (("table", "f(x)"), 13), (("table", "f(x)", "g"), 14), (("list",), 15), (("list", 0), 15),
        (("list", 0, "h"), 16), (("list", 0, "h", "j", 1), 16), (("list", 1), 17), (("list", 1, "k"), 18),
        (("list", 1, "k", "l"), 19), (("list", 2), 20), (("list", 2, "m"), 21), (("nothing",), 1),
        (("table", "f(x)", "missing"), 13), (("list", 0, "missing"), 15),
    ],
)  # fmt: skip
def test_lines_of_keys(key, line):
    assert tomllib.loads(TOML)
    assert line_of(key_lines(TOML), key) == line


@given(st.text(alphabet=st.sampled_from("ab=[]{}\"'.,#\n 01"), max_size=80))
def test_lines_are_found_in_every_file_that_is_toml(text):
    try:
        data = tomllib.loads(text)
    except ValueError:
        return
    lines = key_lines(text)
    assert {key[0] for key in lines} == set(data)
    assert all(1 <= line <= text.count("\n") + 1 for line in lines.values())
