"""Files that describe an organisation: what they give, and what is wrong with them, in words."""

import pytest

from runner.sandbox.organization import NewAccount, Organization, OrganizationError, loads, read


def test_a_file_gives_the_accounts_with_what_it_leaves_out(tmp_path):
    file = tmp_path / "org.yaml"
    file.write_text("organization: acme\naccounts:\n  - name: prod\n    edition: business_critical\n  - name: dev\n")

    found = read(file)

    assert found == Organization("ACME", (NewAccount("PROD", edition="BUSINESS_CRITICAL"), NewAccount("DEV")))
    assert loads(found.dumps()) == found


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "must have the keys organization, accounts"),
        ("accounts: []", "at least one account"),
        ("accounts: [{name: a}, {name: A}]", "A is listed twice"),
        ("accounts: [{name: 1a}]", r"accounts\[0\].name: '1a' is no name"),
        ("accounts: [{name: a, colour: red}]", r"accounts\[0\] has no key 'colour'"),
        ("accounts: [{name: a, region: mars}]", "region 'MARS' is none of AWS_"),
        ("accounts: [{name: a, edition: gold}]", "edition 'GOLD' is none of STANDARD"),
        ("accounts: [a]", r"accounts\[0\] must have the keys"),
        ("accounts: [\n  {name: a\n", ":3: this is not YAML"),
        ("people: 3", "the file has no key 'people'"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(tmp_path, text, words):
    file = tmp_path / "org.yaml"
    file.write_text(text)
    with pytest.raises(OrganizationError, match=words) as caught:
        read(file)
    assert str(file) in str(caught.value)


def test_a_file_that_is_not_there_or_no_text(tmp_path):
    with pytest.raises(OrganizationError, match="No such file"):
        read(tmp_path / "none.yaml")
    (tmp_path / "bytes.yaml").write_bytes(b"\xff\xfe\xff")
    with pytest.raises(OrganizationError, match="this is not YAML"):
        read(tmp_path / "bytes.yaml")
