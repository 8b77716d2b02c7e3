"""What schemathesis does not know by itself."""

import re

import jsonschema_rs
import schemathesis
from schemathesis.core.failures import AcceptedNegativeData
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

PARAMETERS = {"query": "query", "path": "path_parameters", "header": "headers"}
NUMBER = re.compile(r"\s*[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?\s*\Z")


@schemathesis.serializer("application/offset+octet-stream")
def piece_of_a_file(ctx, value):
    """A piece of an upload (tus) is bytes, whatever they are."""
    return value if isinstance(value, bytes) else str(value).encode()


@schemathesis.check
def rejection_of_what_does_not_fit(ctx, response, case):
    """
    negative_data_rejection (which .ci/fuzz switches off) without the requests that docs/api.md takes
    though the document does not describe them: parameters without a value, parameters and parts that
    are repeated, headers that nobody asked for, and scalars in quotes or without them.
    """
    try:
        return negative_data_rejection(ctx, response, case)
    except AcceptedNegativeData:
        if not Reading(case).fits():
            raise
    return None


@schemathesis.check
def acceptance_of_what_fits(ctx, response, case):
    """
    positive_data_acceptance (which .ci/fuzz switches off) without the paths that stateful testing makes
    of a null in an answer, such as /templates/None of a campaign that has no template.
    """
    if any(value in (None, "None") for value in (case.path_parameters or {}).values()):
        return None
    return positive_data_acceptance(ctx, response, case)


class Reading:
    """A request as the node reads it: laxer than the document in what docs/api.md names."""

    def __init__(self, case):
        self.case = case
        self.document = case.operation.schema.raw_schema
        self.operation = case.operation.definition.raw

    def fits(self):
        return self.parameters_fit() and self.body_fits()

    def parameters_fit(self):
        for parameter in self.operation.get("parameters", []):
            values = getattr(self.case, PARAMETERS[parameter["in"]]) or {}
            value = values.get(parameter["name"])
            if parameter["in"] != "path" and is_empty(value):
                value = None
            if parameter["name"] == "Upload-Metadata":
                # tus passes over what it cannot read of it.
                continue
            if value is None:
                if parameter.get("required"):
                    return False
                continue
            schema = parameter["schema"]
            if isinstance(value, list) and "array" not in types(schema):
                # The first of a name counts, as it does wherever a query is read by name.
                value = value[0]
            if not self.valid(schema, self.read(value, schema)):
                return False
        known = {p["name"] for p in self.operation.get("parameters", []) if p["in"] == "query"}
        return known.issuperset(self.case.query or {})

    def body_fits(self):
        content = self.operation.get("requestBody", {}).get("content", {})
        declared = content.get(self.case.media_type)
        if declared is None:
            return not content
        body = self.case.body
        schema = declared["schema"]
        if self.case.media_type == "multipart/form-data" and isinstance(body, dict):
            body = {name: part[0] if isinstance(part, list) and part else part for name, part in body.items()}
            # The file is whatever it is.
            body = {name: "" if name == "file" else part for name, part in body.items()}
        return self.valid(schema, self.read(body, schema))

    def resolved(self, schema):
        while "$ref" in schema:
            schema = self.document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
        return schema

    def valid(self, schema, value):
        whole = {"allOf": [schema], "components": self.document["components"]}
        try:
            return jsonschema_rs.validator_for(whole, validate_formats=True).is_valid(value)
        except (ValueError, OverflowError):
            return False

    def read(self, value, schema):
        schema = self.resolved(schema)
        if isinstance(value, dict):
            properties = schema.get("properties", {})
            others = schema.get("additionalProperties")
            others = others if isinstance(others, dict) else {}
            return {name: self.read(part, properties.get(name, others)) for name, part in value.items()}
        if isinstance(value, list):
            return [self.read(part, schema.get("items", {})) for part in value]
        for choice in schema.get("anyOf", []) + schema.get("oneOf", []):
            read = self.read(value, choice)
            if self.valid(choice, read):
                return read
        return scalar(value, types(schema))


def is_empty(value):
    """Blanks are no value, and neither is what is written as nothing."""
    return not value.strip() if isinstance(value, str) else value in (None, [], [""], {})


def types(schema):
    found = schema.get("type", [])
    return [found] if isinstance(found, str) else found


def scalar(value, wanted):
    if value is None or not wanted:
        return value
    if "string" in wanted:
        if isinstance(value, bool):
            return str(value).lower()
        return value if isinstance(value, str) else str(value)
    if isinstance(value, str):
        if not value.strip():
            return None if "null" in wanted else value
        if "boolean" in wanted and value.strip().lower() in ("true", "false", "on", "off", "yes", "no", "1", "0"):
            return value.strip().lower() in ("true", "on", "yes", "1")
        if ("integer" in wanted or "number" in wanted) and NUMBER.match(value):
            number = float(value)
            return int(value) if re.fullmatch(r"\s*[+-]?[0-9]+\s*", value) else number
    if "boolean" in wanted and isinstance(value, int):
        return value != 0
    return value
