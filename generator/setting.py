"""From derivations to views: the one place where formulas are set, with the notation of their problem."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from generator import captions, sentences, slides, tellings, views
from generator.derivation import Chain, Derivation, Item, Line, Quote, Say, Step
from generator.editions import WHOLE, Edition
from generator.escape import Kind, Raw, escape, slug
from generator.expr.calculus import Dims, Op, Rel
from generator.expr.latex_parts import closed
from generator.expr.latex_writer import to_latex, write_relation
from generator.expr.match import children
from generator.expr.nodes import Node, Size
from generator.expr.notation import RELATIONS, Notation
from generator.expr.shapes import Shape, is_column, is_scalar
from generator.linebreak import ROOM, SLIDE, rows
from generator.problem import Problem
from generator.prose import ProseMath, parse_prose
from generator.sentences import Prose

DELIMITERS: Mapping[str, tuple[str, str]] = {"round": (r"\(", r"\)"), "dollar": ("$", "$")}


@dataclass(frozen=True, slots=True)
class Setter:
    """Sets prose, displays and whole derivations for one format under one notation."""

    kind: Kind
    notation: Notation
    delimiters: tuple[str, str] = DELIMITERS["round"]
    slides: bool = False

    def prose(self, parts: Prose) -> Raw:
        """A sentence with its formulas inline."""
        texts = (
            escape(part, self.kind, starts=k == 0)
            if isinstance(part, str)
            else self.inline(self.formula(part))
            for k, part in enumerate(parts)
        )
        return Raw("".join(texts))

    def words(self, text: str, problem: Problem) -> Raw:
        """A lecturer's sentence; mathematics stands in braces.

        Raises:
            InputError: the mathematics cannot be read, with a caret at the place.
        """
        return self.prose(parse_prose(text, problem)) if text else Raw("")

    def sentence(self, say: Say) -> Raw:
        """A sentence of a derivation."""
        return self.prose(sentences.said(say))

    def inline(self, latex: str) -> Raw:
        """A formula between delimiters."""
        left, right = self.delimiters
        return Raw(f"{left}{latex}{right}")

    def formula(self, math: ProseMath) -> str:
        """The mathematics of a sentence as LaTeX."""
        first = math.nodes[0]
        if math.kind == "membership":
            return rf"{self.tex(first)} \in \mathbb{{R}}{self.space(first.shape)}"
        if math.kind == "size":
            return self.tex(Dims(first.shape))
        if len(math.nodes) == 1:
            return self.tex(first)
        ops = [math.op] * (len(math.nodes) - 1)
        return write_relation(math.nodes, ops, None, self.notation)

    def tex(self, node: Node) -> str:
        """An expression as LaTeX."""
        return to_latex(node, closed(node, self.notation) if children(node) else self.notation)

    def space(self, shape: Shape) -> str:
        """The exponent of ℝ in the space of a shape."""
        if is_scalar(shape):
            return ""
        return f"^{{{self.tex(Size(shape[0]) if is_column(shape) else Dims(shape))}}}"

    def items(self, items: Iterable[Item]) -> tuple[views.Item, ...]:
        """The items of a step; neighbouring bullets become one list."""
        out: list[views.Item] = []
        for bullets, group in groupby(items, key=lambda i: isinstance(i, Say) and i.bullet):
            if bullets:
                out.append(views.Bullets(tuple(self.sentence(i) for i in group if isinstance(i, Say))))
            else:
                out.extend(self.item(i) for i in group)
        return tuple(out)

    def item(self, item: Item) -> views.Item:
        """One item that is no bullet."""
        match item:
            case Chain(lines):
                return self.display(lines)
            case Say(text="{0}", parts=(Rel(lhs, op, rhs),)):  # nothing but a relation: it is displayed
                return self.relation(lhs, op, rhs)
            case Say():
                return views.Text(self.sentence(item))
            case Quote(rule, lhs, rhs, because):
                relation = self.inline(self.tex(Rel(lhs, "=", rhs)))
                return views.Quoted(rule, relation, _sentence(because))

    def display(self, lines: Sequence[Line]) -> views.Display:
        """Lines as rows, aligned at their relation signs; long ones are broken."""
        return views.Display(rows(lines, self.notation, SLIDE if self.slides else ROOM))

    def relation(self, lhs: Node, op: Op, rhs: Node) -> views.Display:
        """A relation other than a line of a derivation."""
        return views.Display((views.Row(Raw(self.tex(lhs)), Raw(RELATIONS[op]), Raw(self.tex(rhs))),))

    def steps(self, steps: Sequence[Step], anchor: str, prefix: str = "") -> tuple[views.StepView, ...]:
        """Steps with their numbers and anchors."""
        out = []
        for k, step in enumerate(steps, 1):
            number = f"{prefix}{k}"
            place = f"{anchor}-step-{number.replace('.', '-')}"
            inner = self.steps(step.steps, anchor, f"{number}.")
            sheets = tuple(map(self.items, slides.pages(step.items))) if self.slides else ()
            out.append(views.StepView(number, place, step.title, self.items(step.items), inner, sheets))
        return tuple(out)

    def tellings(self, derivation: Derivation) -> tuple[views.Telling, ...]:
        """A derivation and its other tellings, each with anchors of its own."""
        place = slug(derivation.problem.id)
        anchors = (place, *(f"{place}-way-{k}" for k in range(2, len(derivation.also) + 2)))
        return tuple(
            views.Telling(title, one.method, self.sentence(one.idea), self.steps(one.steps, anchor))
            for title, one, anchor in zip(
                tellings.headings(derivation), derivation.tellings, anchors, strict=True
            )
        )

    def solution(self, derivation: Derivation) -> views.Solution:
        """A whole derivation."""
        return views.Solution(
            size=self.items(derivation.size),
            tellings=self.tellings(derivation),
            agreement=self.items(tellings.agreement(derivation)),
            answers=tuple(self.display((line,)) for line in derivation.answers),
            conditions=tuple(map(self.sentence, derivation.conditions)),
            checks=tuple(map(self.sentence, derivation.checks)),
            keywords=keywords(derivation),
            picture=self.picture(derivation.problem),
            slip=self.items(derivation.slip),
        )

    def picture(self, problem: Problem) -> views.Picture | None:
        """The picture of a problem that has one."""
        if problem.plot is None:
            return None
        ascii_only = self.kind == "latex"  # handouts have not all of Unicode
        alt = escape(captions.pictured(problem, problem.plot, ascii_only=ascii_only), self.kind)
        return views.Picture(picture_name(problem), alt, self.prose(captions.caption(problem, problem.plot)))

    def problem(self, derivation: Derivation, number: int = 1, shown: Edition = WHOLE) -> views.ProblemView:
        """A problem, with the hints and the solution that an edition shows.

        Raises:
            InputError: a lecturer's own words hold mathematics that cannot be read.
        """
        p = derivation.problem
        return views.ProblemView(
            id=p.id,
            slug=slug(p.id),
            number=number,
            label=p.label or f"Problem {number}",
            level=p.level,
            title=p.title,
            minutes=p.minutes,
            statement=self.statement(p),
            questions=self.questions(p),
            hints=tuple(self.words(h, p) for h in p.hints if p.level in shown.hints),
            remark=self.words(p.remark, p) if p.level in shown.solutions else Raw(""),
            solution=self.solution(derivation) if p.level in shown.solutions else None,
        )

    def questions(self, problem: Problem) -> tuple[Raw, ...]:
        """The lecturer's own questions, or those that the problem's fields ask."""
        if problem.questions:
            return tuple(self.words(question, problem) for question in problem.questions)
        return tuple(map(self.prose, sentences.asked(problem)))

    def statement(self, problem: Problem) -> tuple[views.Item, ...]:
        """The lecturer's own statement, or one made from the symbols and the function."""
        if problem.statement:
            return (views.Text(self.words(problem.statement, problem)),)
        lead = (*sentences.given(problem), " ", *sentences.consider(problem))
        items: list[views.Item] = [
            views.Text(self.prose(lead)),
            self.display(sentences.definition(problem).lines),
        ]
        if problem.parts:
            items += [views.Text(Raw("where")), self.display(sentences.parts(problem).lines)]
        if remarks := sentences.remarks(problem):
            items.append(views.Text(self.prose(remarks)))
        return tuple(items)


def picture_name(problem: Problem) -> str:
    """The file of a problem's picture, without the ending."""
    return f"{slug(problem.id)}-plot"


def _sentence(words: str) -> str:
    return f"{words[0].upper()}{words[1:].rstrip('.')}." if words else ""


def keywords(derivation: Derivation) -> tuple[str, ...]:
    """Plain words for a search: what is found, how, and by which rules."""
    told = derivation.tellings
    quoted = [i.rule for d in told for s in d.all_steps() for i in s.items if isinstance(i, Quote)]
    used = [line.rule for d in told for line in d.lines()]
    words = [sentences.noun(derivation.problem), *(d.method for d in told), *quoted, *used]
    return tuple(dict.fromkeys(w for w in words if w))
