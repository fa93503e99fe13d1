"""A block as data for the compiled search, and the proof that nothing in it can leave 64-bit integers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from htdbu.compiler.bounds import Bounds
from htdbu.compiler.normal import And, Bool, Int, IsNull, Linear, Not, Or, Var, Within
from htdbu.solver.compiled import layout as at
from htdbu.solver.compiled.clauses import Part, Splitter
from htdbu.solver.compiled.magnitudes import bounds_of, fits
from htdbu.solver.compiled.nodes import Nodes
from htdbu.solver.components import Component
from htdbu.solver.objective import Prices
from htdbu.solver.ranges import Ranges, bounded, joined
from htdbu.solver.texts import TextCodes


@dataclass(frozen=True)
class Tape:
    """What the compiled search reads of a block; `work` is what each thread needs a copy of."""

    code: at.Numbers
    work: at.Numbers


def tape_of(component: Component) -> Tape | None:
    """The tape of a block; None where the compiled search cannot serve it."""
    if not component.cells:
        return None
    boxes = {i: _box(component, i) for i in component.cells if i not in component.derived}
    bounds = bounds_of(component, boxes)
    pinned = [i for i in component.fixed if i in component.derived]
    boxes |= {~i: (bounds.range(component.definitions[i]),) for i in pinned}
    bounds = bounds_of(component, boxes)
    rules = [Part((rule.outcome,)) for rule in component.hard]
    rules += [Part((_is_pinned(Var(~i), component.definitions[i]),)) for i in pinned]
    rules += [Part((condition,)) for i in component.derived for condition in _of_derived(component, i)]
    rules += [Part((rule.outcome,), price) for rule, price in zip(component.soft, Prices(component).soft, strict=True)]
    splitter = Splitter([i for i, box in boxes.items() if box == ((0, 1),)], component.definitions)
    parts = [part for rule in rules for part in splitter.clauses(rule)]
    conditions = [*(rule.atoms[0] for rule in rules), *(atom for part in parts for atom in part.atoms)]
    if not fits(component, bounds, boxes, conditions):
        return None
    return _assembled(component, bounds, boxes, parts)


def _box(component: Component, position: int) -> Ranges:
    column = component.column(position)
    return ((0, TextCodes(component).count - 1),) if column.kind == "text" else joined(bounded(column.box))


def _of_derived(component: Component, position: int) -> list[Bool]:
    """The domain and the null of a derived column, as conditions."""
    column, value = component.column(position), Var(position)
    found: list[Bool] = [] if column.kind == "text" else [Or((IsNull(value), Within(value, column.domain)))]
    return found if column.nullable else [*found, Not(IsNull(value))]


def _is_pinned(held: Int, definition: Int) -> Bool:
    """A derived column is, value or null, what a fixed cell holds; the cell stands as a variable of its own."""
    equal = Within(Linear(((1, held), (-1, definition)), 0), ((0, 0),))
    return Or((And((IsNull(held), IsNull(definition))), And((Not(IsNull(held)), Not(IsNull(definition)), equal))))


def _assembled(component: Component, bounds: Bounds, boxes: dict[int, Ranges], parts: Sequence[Part]) -> Tape | None:
    cells = (~i if i in component.derived else i for i in component.cells)
    order = {i: number for number, i in enumerate(cells)}
    masked = {i: box[-1][1] - box[0][0] < at.WIDEST_MASK for i, box in boxes.items()}
    texts = TextCodes(component)
    if any(not masked[i] for i in texts.position if i in masked):
        return None
    nodes = Nodes(component, bounds, boxes, masked, order)
    steps = [nodes.steps(part) for part in parts]
    variables = [nodes.variables(each) for each in steps]
    code: list[int] = [0] * at.HEAD
    code[at.N_VARS], code[at.N_NODES], code[at.N_RULES] = len(order), len(nodes.records), len(parts)
    code[at.VARS] = at.HEAD
    code[at.NODES] = code[at.VARS] + len(order) * at.V_SIZE
    code[at.RULES] = code[at.NODES] + len(nodes.records) * at.NODE_SIZE
    code += [0] * (code[at.RULES] + len(parts) * at.RULE_SIZE - at.HEAD)

    def put(values: Sequence[int]) -> int:
        """Append a list; its position."""
        code.extend(values)
        return len(code) - len(values)

    for i, number in order.items():
        watching = [r for r, read in enumerate(variables) if number in read]
        record = [*_variable(component, i, boxes[i], masked[i], texts), put(watching), len(watching)]
        record[at.V_RANGES] = put([end for pair in boxes[i] for end in pair])
        record += _text(component, i, texts)
        start = code[at.VARS] + number * at.V_SIZE
        code[start : start + len(record)] = record
    for number, node in enumerate(nodes.records):
        lists = (put(node.args), put(node.coefficients), put(node.ranges))
        start = code[at.NODES] + number * at.NODE_SIZE
        code[start : start + at.NODE_SIZE] = [
            node.op, len(node.args) if node.n_args is None else node.n_args, *lists, node.n_ranges,
            node.x, number * at.STATE_SIZE,
        ]  # fmt: skip
    for number, part in enumerate(parts):
        start = code[at.RULES] + number * at.RULE_SIZE
        code[start : start + at.RULE_SIZE] = [
            int(nodes.is_plain(steps[number])), put(steps[number]), len(steps[number]), put(sorted(variables[number])),
            len(variables[number]), part.price,
        ]  # fmt: skip
    mutable = [order[i] for i in component.mutable]
    code[at.N_MUTABLE], code[at.ORDER] = len(mutable), put(mutable)
    code[at.ROOT] = put(_first_frame(component, boxes, masked, order, parts))
    size = _places(code, len(order), len(nodes.records), len(parts))
    return Tape(np.array(code, np.int64), np.zeros(size, np.int64))


def _variable(component: Component, position: int, box: Ranges, masked: bool, texts: TextCodes) -> list[int]:
    """The first fields of a variable's record."""
    column, prices = component.column(max(position, ~position)), Prices(component)
    mutable = position in component.mutable
    money = [0, 0, 0, 0]
    if mutable:
        money = [
            prices.changed[position],
            prices.step[position],
            prices.half(position),
            prices.null(position),
        ]
    return [box[0][0], box[-1][1], int(masked), 0, len(box), *money, int(mutable), int(column.nullable)]


def _text(component: Component, position: int, texts: TextCodes) -> list[int]:
    """The last fields of a variable's record."""
    fresh = sum(1 << code for code in range(texts.fresh, texts.count))
    return [1, texts.literals, fresh] if position in texts.position else [0, 0, 0]


def _first_frame(
    component: Component,
    boxes: dict[int, Ranges],
    masked: dict[int, bool],
    order: dict[int, int],
    parts: Sequence[Part],
) -> list[int]:
    """What all rows start from: domains, the status of rules, and what is paid for soft ones."""
    frame: list[int] = []
    for i in order:
        low, high = boxes[i][0][0], boxes[i][-1][1]
        mask = sum(1 << (v - low) for a, b in boxes[i] for v in range(a, b + 1)) if masked[i] else 0
        states = at.KNOWN | (at.UNKNOWN if component.column(max(i, ~i)).nullable else 0)
        frame += [low, high, states, mask, 0, 0, 0, 0]
    for part in parts:
        frame += [at.FREE if part.price else at.ACTIVE, 0, 0, 0]
    return [*frame, 0]


def _places(code: list[int], n_vars: int, n_nodes: int, n_rules: int) -> int:
    """Lay out `work`; its size."""
    end = 0
    parts = (
        (at.DOMAINS, n_vars * at.DOMAIN_SIZE),
        (at.POINT, n_vars * at.DOMAIN_SIZE),
        (at.BEST, n_vars * at.DOMAIN_SIZE),
        (at.CELLS, 2 * n_vars),
        (at.STATES, n_nodes * at.STATE_SIZE),
        (at.STATUS, n_rules * at.STATUS_SIZE),
        (at.QUEUE, (at.PATIENCE + 2) * n_rules),
        (at.CHANGED, n_vars),
        (at.SCALARS, at.N_SCALARS),
        (at.STACK, (at.DEPTH + 1) * at.CHOICE_SIZE),
        (at.TRAIL, (at.DEPTH + 2) * at.TRAIL_SIZE * n_vars),
        (at.RULE_TRAIL, (at.DEPTH + 2) * at.RULE_ENTRY * n_rules),
    )
    for place, length in parts:
        code[place] = end
        end += length
    code[at.WORK_SIZE] = end
    return end
