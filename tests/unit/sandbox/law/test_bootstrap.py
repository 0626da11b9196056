import json

from runner.sandbox import bootstrap
from runner.sandbox.catalog.model import Role, User
from runner.sandbox.law import tokens


def test_organization_has_accounts_roles_users_and_private_tokens(catalog, tmp_path):
    bootstrap.create_organization(catalog, tmp_path)
    assert [a.name for a in catalog.accounts()] == ["IMCUST", "IMSDLC"]
    assert {r.name for r in catalog.all(Role, "IMCUST")} == bootstrap.SYSTEM_ROLES
    path = tmp_path / "pats" / "imcust.pat"
    user = catalog.find(User, "IMCUST", "SVC4SNOWFLAKEDEPLOY")
    assert tokens.find(user, path.read_text()).role_restriction == "ACCOUNTADMIN"
    assert path.stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "admin.json").stat().st_mode & 0o777 == 0o600
    assert path.read_text() not in str(user)


def test_doing_it_again_changes_nothing(catalog, tmp_path):
    bootstrap.create_organization(catalog, tmp_path)
    before = {p: p.read_text() for p in [*tmp_path.glob("pats/*"), tmp_path / "admin.json"]}
    records, links = len(catalog.records), len(catalog.links)
    bootstrap.create_organization(catalog, tmp_path)
    assert {p: p.read_text() for p in before} == before
    assert (len(catalog.records), len(catalog.links)) == (records, links)


def test_a_lost_token_file_is_made_anew_and_the_old_token_dies(catalog, tmp_path):
    bootstrap.create_organization(catalog, tmp_path)
    path = bootstrap.pat_file(tmp_path, "IMSDLC")
    old = path.read_text()
    path.unlink()
    bootstrap.create_organization(catalog, tmp_path)
    user = catalog.find(User, "IMSDLC", "SVC4SNOWFLAKEDEPLOY")
    assert tokens.find(user, old) is None
    assert tokens.find(user, path.read_text()) is not None


def test_the_administrators_tokens_open_every_account(catalog, tmp_path):
    bootstrap.create_organization(catalog, tmp_path)
    kept = json.loads((tmp_path / "admin.json").read_text())
    for account, secret in kept["tokens"].items():
        assert tokens.find(catalog.find(User, account, kept["user"]), secret) is not None
