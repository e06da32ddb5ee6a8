"""Names for the nodes of an ASN.1 payload: a shape is laid over the tree, and never refuses it.

What a shape does not expect keeps its place in the tree under the name of its ASN.1 type, so a
message of another GBCS version is still shown whole.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from functools import partial

from hht.gbcs.asn1 import der
from hht.gbcs.asn1.codes import KeyUsage
from hht.gbcs.asn1.der import Node
from hht.gbcs.asn1.values import type_name, value_of


@dataclass(frozen=True, slots=True)
class Shape:
    """One named element: its tag, then either named `fields`, or `each` for a SEQUENCE OF.

    A constructed element without either (a certificate) is taken whole. `whole_number` says so of
    a context-tagged element too; `codes` are the members of its enumeration.
    """

    name: str
    tag: int
    fields: "tuple[Shape, ...]" = ()
    each: "Shape | None" = None
    whole_number: bool = False
    codes: type[IntEnum] | None = None


@dataclass(frozen=True, slots=True)
class Element:
    """A node with its name; `value` is its content as Python knows it, None if constructed."""

    name: str
    node: Node
    value: object
    children: "tuple[Element, ...]" = ()

    def find(self, name: str) -> "Element | None":
        """Return the first element of that name, this one or below it."""
        if self.name == name:
            return self
        return next((found for child in self.children if (found := child.find(name))), None)

    def all(self, name: str) -> "tuple[Element, ...]":
        """Return every element of that name, in order."""
        own = (self,) if self.name == name else ()
        return own + tuple(found for child in self.children for found in child.all(name))


def sequence(name: str, *fields: Shape, tag: int = der.SEQUENCE) -> Shape:
    """Return a SEQUENCE of named fields."""
    return Shape(name, tag, fields)


def sequence_of(name: str, each: Shape, tag: int = der.SEQUENCE) -> Shape:
    """Return a SEQUENCE of any number of one thing."""
    return Shape(name, tag, each=each)


def number(name: str, codes: type[IntEnum] | None = None, tag: int = der.INTEGER) -> Shape:
    """Return an INTEGER, perhaps of an enumeration."""
    return Shape(name, tag, whole_number=True, codes=codes)


octets = partial(Shape, tag=der.OCTET_STRING)
time = partial(Shape, tag=der.GENERALIZED_TIME)
null = partial(Shape, tag=der.NULL)
key_usage = Shape("Key Usage", der.BIT_STRING)


def certificate(name: str) -> Shape:
    """Return an X.509 certificate or a certification request, taken whole."""
    return Shape(name, der.SEQUENCE)


def lay_over(shape: Shape | None, node: Node) -> Element:
    """Return the node and all below it, named by the shape as far as it fits."""
    if shape is None or shape.tag != node.tag:
        return _unnamed(node)
    if shape.each:
        named = tuple(lay_over(shape.each, child) for child in node.children)
    else:
        named = _fields(shape.fields, node.children) if shape.fields else ()
    return Element(shape.name, node, _value(shape, node), named)


def _fields(shapes: tuple[Shape, ...], nodes: tuple[Node, ...]) -> tuple[Element, ...]:
    """Give each node the next shape of its tag; shapes passed over were optional."""
    named = []
    for node in nodes:
        rest = shapes
        while rest and rest[0].tag != node.tag:
            rest = rest[1:]
        if rest:
            shapes = rest[1:]
        named.append(lay_over(rest[0] if rest else None, node))
    return tuple(named)


def _value(shape: Shape, node: Node) -> int | bytes | str | bool | datetime | None:
    if shape is key_usage and len(node.content) > 1:
        return KeyUsage(node.content[1])
    if not shape.whole_number or not node.is_number:
        return value_of(node)
    if shape.codes and node.number in shape.codes._value2member_map_:
        return shape.codes(node.number)
    return node.number


def _unnamed(node: Node) -> Element:
    children = tuple(map(_unnamed, node.children))
    return Element(type_name(node.tag), node, value_of(node), children)
