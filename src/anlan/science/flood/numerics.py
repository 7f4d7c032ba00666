"""What lets LLVM turn the loops over a row into wide vector code.

Numba's own `max` and `min` carry a NaN rule that stops reductions from being
vectorised, array arguments are not known to be distinct, and the default vector
is half of what AVX-512 offers. Physics never depends on any of this: the plain
functions of `physics` give the same numbers.
"""

# mypy: disable-error-code="no-untyped-def,no-untyped-call"

from typing import Any

import numpy as np
from llvmlite import ir  # type: ignore[import-untyped]
from numba import njit, types
from numba.core import cgutils
from numba.core.compiler import Compiler
from numba.extending import intrinsic


class _DistinctArrays(Compiler):
    """Compiles a function whose array arguments never overlap: the caller promises it."""

    def __init__(self, *args: Any, **keywords: Any) -> None:
        super().__init__(*args, **keywords)
        self.state.flags.noalias = True


_compile: Any = njit
"""Untyped: numba's stubs know neither the option `_nrt` nor intrinsics."""
_intrinsic: Any = intrinsic
_FAST: dict[str, Any] = {
    "fastmath": True,
    "error_model": "numpy",
    "boundscheck": False,
    "nogil": True,
    "cache": True,
}
_INLINE: dict[str, Any] = {"inline": "always", "fastmath": True, "error_model": "numpy"}


def kernel(function: Any) -> Any:
    """Compile a loop over rows whose arrays are distinct; it allocates nothing and frees the interpreter."""
    return _compile(pipeline_class=_DistinctArrays, _nrt=False, **_FAST)(function)


def pointwise(function: Any) -> Any:
    """Compile what is inlined into the loops."""
    return _compile(**_INLINE)(function)


def plain(function: Any) -> Any:
    """Compile what is outside the hot loops: no fast mathematics, so NaN and infinity mean what they say."""
    return _compile(error_model="numpy", nogil=True, cache=True)(function)


def _chosen(operator: str) -> Any:
    @_intrinsic
    def choose(typing, x, y):
        def code(context, builder, signature, args):
            first = builder.fcmp_ordered(operator, args[0], args[1], flags=("fast",))
            return builder.select(first, args[0], args[1], flags=("fast",))

        return x(x, y), code

    return choose


larger = _chosen(">")
smaller = _chosen("<")


@_intrinsic
def wide_vectors(typing):
    """Ask LLVM for 512-bit vectors in the calling function; nothing where the processor has none."""

    def code(context, builder, signature, args):
        set.add(builder.function.attributes, '"prefer-vector-width"="512"')
        set.add(builder.function.attributes, '"min-legal-vector-width"="512"')
        return context.get_dummy_value()

    return types.none(), code


@_intrinsic
def fetch(typing, row, first):
    """Ask for the memory at row[first] ahead of its use."""

    def code(context, builder, signature, args):
        array = context.make_array(row)(context, builder, args[0])
        at = cgutils.get_item_pointer(context, builder, row, array, [args[1]])
        byte = builder.bitcast(at, ir.IntType(8).as_pointer())
        word = ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [byte.type, word, word, word])
        ask = builder.module.declare_intrinsic("llvm.prefetch", [byte.type], kind)
        builder.call(ask, [byte, word(0), word(3), word(1)])
        return context.get_dummy_value()

    return types.none(row, types.intp), code


def as_literals(tuples: dict[Any, Any]) -> Any:
    """A function that gives, for a named tuple of one of these precisions, the known one as constants of the code."""

    @_intrinsic
    def literal(typing, k):
        known = tuples[k.dtype]

        def code(context, builder, signature, args):
            real = context.get_value_type(k.dtype)
            return cgutils.pack_array(builder, [ir.Constant(real, float(number)) for number in known])

        return k(k), code

    return literal


@_intrinsic
def _cube_root_seed(typing, x):
    """A first guess at x**(-1/3), 4 % off at most, from the bits of the floating number."""
    single = x == types.float32

    def code(context, builder, signature, args):
        word, real = ir.IntType(32 if single else 64), args[0].type
        bits = builder.sitofp(builder.bitcast(args[0], word), real)
        third = builder.fptosi(builder.fmul(bits, ir.Constant(real, 1 / 3)), word)
        magic = ir.Constant(word, 0x54A21D2A if single else 0x553EF0FF289DD796)
        return builder.bitcast(builder.sub(magic, third), real)

    return x(x), code


@_intrinsic
def _is_single(typing, x):
    """Whether *x* is of single precision, known to the compiler."""

    def code(context, builder, signature, args):
        return ir.Constant(ir.IntType(1), int(x == types.float32))

    return types.boolean(x), code


@pointwise
def inverse_h73(h, third, four_thirds):
    """h**(-7/3) without `pow`, which would keep the loop scalar: y = h**(-1/3) by iteration, then y**7.

    Relative error below 2e-6 (f32) and 1e-13 (f64) for h of 1e-6…1e3. The first round is Halley's
    (third order), for an error of 3e-4; each of Newton's then squares it twofold.
    """
    y = _cube_root_seed(h)
    wrong = third - third * h * y * y * y
    y = y + y * wrong * (wrong + wrong + four_thirds - third)
    part = h * third
    y = y * (four_thirds - part * y * y * y)
    if not _is_single(h):
        y = y * (four_thirds - part * y * y * y)
    square = y * y
    return square * square * square * y


square_root = np.sqrt
