"""Write the JSON Schemas of the back office's formats into docs/schemas.

They are made by the code that reads those formats; run this after a change to one:
python packaging/json_schemas.py
"""

import json
from pathlib import Path

from hht.outbox.json_schemas import json_schemas

FOLDER = Path(__file__).parents[1] / "docs" / "schemas"


def main() -> None:
    """Write one file a format."""
    FOLDER.mkdir(exist_ok=True)
    for name, schema in json_schemas().items():
        text = json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
        (FOLDER / f"{name}.schema.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
