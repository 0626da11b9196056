"""The hazards of an emulated Snowflake, and the traps of shares: which test proves that each is not here."""

import ast
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[2]
KERNEL, LAW, DOOR = "unit/sandbox/kernel", "unit/sandbox/law", "e2e/door"

HAZARDS = {
    "1 a statement longer than a minute is executed again": [
        f"{DOOR}/test_door_running.py::test_a_statement_longer_than_the_wait_runs_once",
        f"{DOOR}/test_door_running.py::test_the_same_request_id_is_executed_once_and_answered_the_same",
        f"{DOOR}/test_door_running.py::test_a_connection_cut_around_a_statement_does_not_run_it_twice",
    ],
    "2 COMMIT reports success over lost rows": [
        f"{KERNEL}/test_hazards.py::test_an_error_inside_a_transaction_loses_nothing_and_commit_does_not_lie",
        f"{KERNEL}/test_transactions.py::test_commit_fails_aloud_when_the_table_is_gone_or_another",
        f"{KERNEL}/test_durability.py::test_what_a_full_disk_does_not_take_is_an_error_and_nothing_of_it_is_there",
        f"{KERNEL}/test_durability.py::test_fifty_kills_lose_nothing_that_was_acknowledged",
    ],
    "3 a producer's table is changed through a share": [
        f"{LAW}/test_shares.py::test_a_database_from_a_share_is_read_only",
        f"{LAW}/test_what_stays_hidden.py::test_a_database_role_has_no_place_in_a_database_from_a_share",
    ],
    "4 names that differ by case alone": [
        f"{KERNEL}/test_hazards.py::test_names_differ_by_case",
        f"{KERNEL}/test_hazards.py::test_columns_that_fit_only_when_case_is_ignored_do_not_fit",
        f"{KERNEL}/test_hazards.py::test_two_columns_that_differ_only_by_case_are_two",
    ],
    "5 variables replaced inside of other words and of strings": [
        f"{KERNEL}/test_hazards.py::test_variables_are_replaced_on_tokens",
        f"{KERNEL}/test_hazards.py::test_a_variable_that_is_not_set_is_refused",
    ],
    "6 division by zero, and a MERGE that is not determined": [
        f"{KERNEL}/test_hazards.py::test_division_by_zero_is_an_error_everywhere",
        f"{KERNEL}/test_dml.py::test_a_merge_that_would_change_a_row_twice_is_refused_unless_allowed",
    ],
    "7 integers of 38 digits, lengths of text": [
        f"{KERNEL}/test_hazards.py::test_integers_have_38_digits",
        f"{KERNEL}/test_hazards.py::test_a_text_longer_than_its_column_is_refused",
    ],
    "8 identity from another schema": [f"{KERNEL}/test_hazards.py::test_identity_works_from_another_schema"],
    "9 LIKE and CLONE keep defaults": [f"{KERNEL}/test_hazards.py::test_like_and_clone_keep_defaults_and_identity"],
    "10 several databases in one transaction, READ COMMITTED": [
        f"{KERNEL}/test_hazards.py::test_a_transaction_writes_several_databases_at_once",
        f"{KERNEL}/test_transactions.py::test_each_statement_sees_what_others_have_committed_by_then",
    ],
    "11 DDL commits": [
        f"{KERNEL}/test_hazards.py::test_ddl_commits_what_was_before_it_and_rollback_takes_back_only_what_came_after"
    ],
    "12 quotes in comments, sequences in defaults": [
        f"{KERNEL}/test_hazards.py::test_quotes_in_comments_and_sequences_in_defaults"
    ],
    "13 what is supported and what is refused": [
        f"{KERNEL}/test_hazards.py::test_what_other_emulators_do_not_have_is_here",
        f"{KERNEL}/test_hazards.py::test_definitions_change_one_after_the_other",
        f"{KERNEL}/test_hazards.py::test_what_is_not_here_is_refused_by_name",
    ],
    "14 names of columns, dates that stay dates, times of creation": [
        f"{KERNEL}/test_hazards.py::test_columns_without_an_alias_are_called_after_their_expression",
        f"{KERNEL}/test_hazards.py::test_a_date_truncated_stays_a_date",
        f"{KERNEL}/test_hazards.py::test_what_is_made_was_made_now",
    ],
    "15 accepted without effect": [
        f"{LAW}/test_least_role.py::test_what_a_privilege_on_data_allows",
        f"{LAW}/test_least_role.py::test_what_only_the_owner_may",
        f"{LAW}/test_what_stays_hidden.py::test_what_is_hidden_and_what_is_not_there_look_the_same",
        "unit/sandbox/views/test_reference.py::*",
    ],
    "16 HASH_AGG compares here only": [f"{KERNEL}/test_hash_agg.py::*"],
    "17 other releases of the engine": [
        f"{KERNEL}/test_hazards.py::test_the_engine_is_pinned_to_one_release_and_that_one_is_here",
        f"{DOOR}/test_door_connector5.py::test_the_fifth_generation_of_the_connector_is_served_alike",
    ],
    "18 one process owns the files, sessions end with it": [
        f"{DOOR}/test_door_process.py::test_a_second_process_on_the_same_root_is_refused",
        f"{DOOR}/test_door_process.py::test_up_from_several_places_at_once_starts_one",
        f"{DOOR}/test_door_process.py::test_sessions_do_not_survive_a_restart_and_the_client_is_told",
    ],
}


@cache
def defined_in(path):
    tree = ast.parse((TESTS / path).read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


def test_there_are_eighteen_hazards():
    assert [int(hazard.split()[0]) for hazard in HAZARDS] == list(range(1, 19))


@pytest.mark.parametrize("hazard", HAZARDS)
def test_each_hazard_has_its_tests(hazard):
    for node in HAZARDS[hazard]:
        path, _, name = node.partition("::")
        assert defined_in(path) if name == "*" else name in defined_in(path), node


@pytest.mark.parametrize("number", range(1, 13))
def test_each_trap_of_shares_has_its_test(number):
    names = defined_in(f"{LAW}/test_shares.py") | defined_in(f"{LAW}/test_policies.py")
    assert any(name.startswith(f"test_trap_{number}_") for name in names)
