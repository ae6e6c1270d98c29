"""What the bodies of HTTP messages hold: forms and JSON."""

from . import FieldType, flag, label, text

FIELDS: dict[str, FieldType] = {
    "urlencoded-form": label("a form, as a browser sends it"),
    "urlencoded-form.key": text("the name of one of its fields"),
    "urlencoded-form.value": text("what was entered there", volatile=True),
    "urlencoded-form.cut": flag("there are more fields than are read"),
    "json": label("a JSON text (RFC 8259)"),
    "json.object": text("names with values, in braces", volatile=True),
    "json.array": label("values in a row, in brackets"),
    "json.member": text("a name with its value"),
    "json.key": text("the name"),
    "json.path": text("where it is: the names on the way to it"),
    "json.value.string": text("a value in quotes", volatile=True),
    "json.value.number": text("a number", volatile=True),
    "json.value.true": label("yes"),
    "json.value.false": label("no"),
    "json.value.null": label("nothing"),
    "json.cut": flag("there is more in the text than is read"),
}
