# SPDX-License-Identifier: GPL-2.0
"""validate.py SCHEMA DOCUMENT: prints what of a JSON document is not as its
schema says, one fault a line.

A member that the schema does not name is a fault, too: the schemas are
complete.
"""

import json
import sys

import jsonschema


def closed(schema):
    """The same schema, with no members but those that it names."""
    if isinstance(schema, list):
        return [closed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    schema = {name: closed(part) for name, part in schema.items()}
    if "properties" in schema:
        schema.setdefault("additionalProperties", False)
    return schema


def faults(schema, document):
    validator = jsonschema.validators.validator_for(schema)
    validator.check_schema(schema)
    for error in validator(closed(schema)).iter_errors(document):
        where = "/".join(str(step) for step in error.absolute_path)
        yield f"/{where}: {error.message}"


def main(schema_path, document_path):
    with open(schema_path, encoding="utf-8") as file:
        schema = json.load(file)
    with open(document_path, encoding="utf-8") as file:
        try:
            document = json.load(file)
        except ValueError as error:
            print(f"the document is not JSON: {error}")
            return
    for fault in faults(schema, document):
        print(fault)


if __name__ == "__main__":
    main(*sys.argv[1:])
