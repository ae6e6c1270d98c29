"""A mapped file that shrinks: what becomes of the mapping in the moment when its bytes are read.

A page of a mapping beyond the file's end cannot be read: the kernel sends SIGBUS (mmap(2)), which ends a process in the
middle of an instruction, so that no Python code can answer it by an exception. `Index.data` looks at the file's size before
each read; what shrinks between that look and the read, or in the midst of a long one, is dealt with here: pages that are no
more become zeros on the spot. The next look finds the file shorter and says so.
"""

import ctypes
import mmap
import signal
import sys
import weakref

import numpy as np

FIXED = 0x10  # MAP_FIXED, Linux: in the place of what is mapped there
FAULT_AT = 16  # where `si_addr` stands in a siginfo_t of 64 bits: sigaction(2)
WITH_INFO = 4  # SA_SIGINFO

_handler_type = ctypes.CFUNCTYPE(None, ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)
_mappings: list[tuple[int, int, "weakref.ref[mmap.mmap]"]] = []


class _Action(ctypes.Structure):
    """`struct sigaction` as the C libraries of Linux have it, on x86 and ARM alike."""

    _fields_ = (
        ("handler", ctypes.c_void_p),
        ("mask", ctypes.c_ulong * (1024 // (8 * ctypes.sizeof(ctypes.c_ulong)))),
        ("flags", ctypes.c_int),
        ("restorer", ctypes.c_void_p),
    )


def guard(data: mmap.mmap) -> None:
    """From now on what the file loses reads as zeros. (On Linux with 64 bits; elsewhere nothing is done.)"""
    if not sys.platform.startswith("linux") or sys.maxsize < 1 << 32:
        return
    start = int(np.frombuffer(data, np.uint8).__array_interface__["data"][0])
    _mappings[:] = [mapping for mapping in _mappings if mapping[2]() is not None]
    _mappings.append((start, start + len(data), weakref.ref(data)))
    action = _Action(ctypes.cast(_answer, ctypes.c_void_p), flags=WITH_INFO)
    _libc.sigaction(signal.SIGBUS, ctypes.byref(action), None)


def _zeros(number: int, info: int, context: int) -> None:
    """The handler: it runs where a byte is read, between two instructions of no lock's holder, so it may be Python."""
    fault = ctypes.c_size_t.from_address(info + FAULT_AT).value
    for start, stop, of in _mappings:
        if start <= fault < stop and of() is not None:
            page = fault - fault % mmap.PAGESIZE
            flags = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | FIXED
            if _libc.mmap(page, stop - page, mmap.PROT_READ, flags, -1, 0) == page:
                return
    signal.signal(signal.SIGBUS, signal.SIG_DFL)  # not ours: it comes again at once, and ends the process


_answer = _handler_type(_zeros)
_libc = ctypes.CDLL(None, use_errno=True)
if hasattr(_libc, "mmap"):
    _libc.mmap.restype = ctypes.c_size_t
    _libc.mmap.argtypes = (
        ctypes.c_size_t, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long,
    )  # fmt: skip


def cut(data: mmap.mmap | bytes) -> bool:
    """Whether the file under a mapping is shorter than it now."""
    return isinstance(data, mmap.mmap) and data.size() < len(data)
