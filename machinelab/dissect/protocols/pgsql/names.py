"""What PostgreSQL's messages are called, and the parts of its complaints: the documentation's "Message Formats", in Wireshark's words."""

CLIENT = {
    "p": "Authentication message", "Q": "Simple query", "P": "Parse", "B": "Bind", "E": "Execute", "D": "Describe",
    "C": "Close", "H": "Flush", "S": "Sync", "F": "Function call", "d": "Copy data", "c": "Copy completion",
    "f": "Copy failure", "X": "Termination",
}  # fmt: skip
SERVER = {
    "R": "Authentication request", "K": "Backend key data", "S": "Parameter status", "1": "Parse completion",
    "2": "Bind completion", "3": "Close completion", "C": "Command completion", "t": "Parameter description",
    "T": "Row description", "D": "Data row", "I": "Empty query", "n": "No data", "E": "Error", "N": "Notice",
    "s": "Portal suspended", "Z": "Ready for query", "A": "Notification", "V": "Function call response",
    "G": "CopyIn response", "H": "CopyOut response", "W": "CopyBoth response", "d": "Copy data",
    "c": "Copy completion", "v": "Negotiate protocol version",
}  # fmt: skip
UNTYPED = {80877102: "Cancel request", 80877103: "SSL request", 80877104: "GSS encrypt request"}
# "Error and Notice Message Fields" of the same chapter.
COMPLAINTS = {
    "S": "severity", "C": "code", "M": "message", "D": "detail", "H": "hint", "P": "position",
    "p": "internal_position", "q": "internal_query", "W": "where", "s": "schema_name", "t": "table_name",
    "c": "column_name", "d": "type_name", "n": "constraint_name", "F": "file", "L": "line", "R": "routine",
}  # fmt: skip
