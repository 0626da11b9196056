"""Network policies see the address that a test sets for a client: at login, and at each request afterwards."""

import pytest
from snowflake.connector.errors import Error


def test_who_is_shut_out_can_do_nothing_more_until_it_comes_back(connect, order):
    inside = connect()
    assert inside.cursor().execute("SELECT CURRENT_IP_ADDRESS()").fetchone() == ("127.0.0.1",)
    order("address", address="10.1.2.3")
    with pytest.raises(Error, match=r"Incoming request with IP/Token 10\.1\.2\.3 is not allowed"):
        inside.cursor().execute("SELECT 1")
    with pytest.raises(Error, match=r"10\.1\.2\.3 is not allowed"):
        connect()
    order("address", address=None)
    assert inside.cursor().execute("SELECT CURRENT_IP_ADDRESS()").fetchone() == ("127.0.0.1",)


def test_one_user_alone_can_seem_to_be_elsewhere(connect, order):
    here = connect()
    assert order("address", user="somebody", address="10.1.2.3") == {"SOMEBODY": "10.1.2.3"}
    assert here.cursor().execute("SELECT 1").fetchone() == (1,)
    assert order("address", user="SOMEBODY", address=None) == {}


def test_what_is_no_address_is_refused(order):
    with pytest.raises(AssertionError, match="is no address"):
        order("address", address="home")
