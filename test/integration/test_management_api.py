"""The management API of the whole program: its description, its forms of errors, its headers."""

import json

import pytest

from support.client import fetch
from support.gateway import Gateway, edge

METHODS = {"get", "post", "put", "patch", "delete"}


@pytest.fixture(scope="module")
def shared_gateway(shared_upstream):
    with Gateway(edge(shared_upstream.port)) as gateway:
        yield gateway


def description(gateway):
    return fetch(gateway, "GET", "/openapi.json").json()


def operations(page):
    for path, item in page["paths"].items():
        for method, operation in item.items():
            assert method in METHODS, (path, method)
            yield path, method, operation


def references(value):
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for each in value.values():
            yield from references(each)
    elif isinstance(value, list):
        for each in value:
            yield from references(each)


def test_the_description_is_openapi_3_1(gateway):
    page = description(gateway)
    assert page["openapi"] == "3.1.0"
    assert set(page) >= {"info", "paths", "components"}
    for reference in references(page):
        at = page
        for step in reference.removeprefix("#/").split("/"):
            assert step in at, reference
            at = at[step]
    ids = [operation["operationId"] for _, _, operation in operations(page)]
    assert len(ids) == len(set(ids)) > 40
    for path, method, operation in operations(page):
        assert operation["responses"], (path, method)
        named = {p["name"] for p in operation["parameters"] if p["in"] == "path"}
        assert named == {part.split("}")[0] for part in path.split("{")[1:]}, path
        for parameter in operation["parameters"]:
            assert {"name", "in", "schema"} <= set(parameter), (path, parameter)
        assert ("security" in operation) and operation["x-signalbox-access"]


def test_at_most_four_operations_are_open(gateway):
    opened = {path for path, _, operation in operations(description(gateway))
              if not operation["security"]}
    assert opened == {"/", "/healthz", "/readyz", "/openapi.json"}


def test_schemas_are_json_schemas_of_objects(gateway):
    for name, schema in description(gateway)["components"]["schemas"].items():
        assert schema["type"] == "object", name
        assert set(schema["required"]) <= set(schema["properties"]), name


def test_every_described_path_is_there(gateway):
    for path, method, operation in operations(description(gateway)):
        asked = path
        for part in path.split("{")[1:]:
            asked = asked.replace("{" + part.split("}")[0] + "}", "some-name")
        answer = fetch(gateway, method.upper(), asked, b"{" if method in ("post", "put", "patch")
                       else None)
        assert answer.status != 405, (method, path)
        if answer.status == 404:
            assert "there is no such path" not in answer.json()["error"].get("message", ""), path


def test_errors_have_one_form(gateway):
    answer = fetch(gateway, "GET", "/api/nothing")
    assert answer.status == 404
    error = answer.json()["error"]
    assert set(error) == {"type", "code", "message", "param", "request_id"}
    assert error["code"] == "not_found" and error["request_id"].startswith("req_")


def test_nothing_of_it_may_be_cached(gateway):
    for path in ("/api/whoami", "/api/nothing", "/openapi.json"):
        headers = {name.lower(): value for name, value in fetch(gateway, "GET", path).headers}
        assert headers["cache-control"] == "no-store", path
        assert headers["x-content-type-options"] == "nosniff", path


def test_who_asks_is_told_who_they_are(gateway):
    told = fetch(gateway, "GET", "/api/whoami").json()
    assert told["anonymous"] is True and told["role"] == "admin"
    assert json.dumps(told)
