"""System calls, as strace prints them: strace(1), and section 2 of the manual for each call."""

from . import FieldType, label, of, text, uint

FIELDS: dict[str, FieldType] = {
    "syscall": label("a process asks the kernel for something"),
    "syscall.name": text("what it asks for"),
    "syscall.pid": uint("the process that asks", volatile=True),
    "syscall.fd": uint("the open file it is about, by the process's own number", volatile=True),
    "syscall.path": text("the file behind that number"),
    "syscall.length": uint("how many bytes it wants written or read"),
    "syscall.offset": uint("where in the file, in bytes from its start", volatile=True),
    "syscall.data": text("the bytes, as far as strace shows them", volatile=True),
    "syscall.return": of("int", "what the kernel answered; below 0: it failed", volatile=True),
    "syscall.error": text("why it failed, by errno's name"),
    "syscall.started": of("time", "when it was asked, by the node's clock", volatile=True),
    "syscall.duration": of("duration", "how long the process waited for it, strace's own delay included", volatile=True),
    "process": label("a process has ended"),
    "process.pid": uint("which", volatile=True),
    "process.signal": text("the signal that killed it"),
    "process.exit": uint("the code it ended with by itself"),
}  # fmt: skip
