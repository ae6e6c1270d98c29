from tests.unit.worksheet.conftest import home  # noqa: F401 - its fixture serves these tests too
