"""UUID_STRING: random, or made from a namespace and a name (sql-reference/functions/uuid_string)."""

import uuid

NAMESPACE = "fe971b24-9572-4005-b22f-351e9c09274d"


def test_a_namespace_and_a_name_give_the_uuid_of_version_5(client):
    assert client.one(f"SELECT UUID_STRING('{NAMESPACE}', 'foo')") == "dc0b6f65-fca6-5b4b-9d37-ccc3fde1f3e2"
    names = [f"{at}é" for at in range(40)]
    query = f"SELECT UUID_STRING('{NAMESPACE.upper()}', SEQ4() || 'é') FROM TABLE(GENERATOR(ROWCOUNT => 40))"
    assert sorted(client.rows(query)) == sorted((str(uuid.uuid5(uuid.UUID(NAMESPACE), name)),) for name in names)


def test_without_arguments_it_is_random(client):
    first, second = client.rows("SELECT UUID_STRING() FROM (VALUES (1), (2)) AS t(x)")
    assert first != second
    assert uuid.UUID(first[0]).version == 4


def test_null_gives_null_and_what_is_no_uuid_is_told(client):
    assert client.rows(f"SELECT UUID_STRING(NULL, 'a'), UUID_STRING('{NAMESPACE}', NULL)") == [(None, None)]
    assert client.refused("SELECT UUID_STRING('nonsense', 'a')") == 1007
    assert client.refused(f"SELECT UUID_STRING('{NAMESPACE}')") == 938
