"""Any order of two sessions' statements gives what a small model of READ COMMITTED says."""

from hypothesis import HealthCheck, given, settings, strategies as st

SESSIONS = (0, 1)
ACTIONS = st.lists(
    st.tuples(
        st.sampled_from(SESSIONS),
        st.sampled_from(["begin", "insert", "update", "delete", "overwrite", "bad", "commit", "rollback", "read"]),
        st.integers(0, 3),
    ),
    max_size=25,
)


class Model:
    """A table of (key, value) rows with unique ids, under table locks and READ COMMITTED."""

    def __init__(self):
        self.base = {}
        self.next = 0
        self.open = {}
        """Per session: rows added, changes in order, and whether it holds the lock."""

    def begin(self, who):
        self.open.setdefault(who, {"added": {}, "changes": [], "locked": False})

    def view(self, who):
        mine = self.open.get(who)
        if mine is None:
            return dict(self.base)
        rows = dict(self.base)
        for change in mine["changes"]:
            rows = change(rows)
        return rows

    def locked_by_other(self, who):
        return any(state["locked"] for session, state in self.open.items() if session != who)

    def apply(self, who, change, lock):
        mine = self.open.get(who)
        if lock and self.locked_by_other(who):
            return False
        if mine is None:
            self.base = change(self.base)
            # What another transaction has changed applies to the rows it saw: new rows are beside it.
        else:
            mine["changes"].append(change)
            mine["locked"] |= lock
        return True

    def insert(self, who, value):
        self.next += 1
        number = self.next
        return self.apply(who, lambda rows: {**rows, number: value}, lock=False)

    def update(self, who, value, seen):
        return self.apply(
            who, lambda rows: {k: (v + 10 if k in seen and v % 4 == value else v) for k, v in rows.items()}, lock=True
        )

    def delete(self, who, value, seen):
        return self.apply(
            who, lambda rows: {k: v for k, v in rows.items() if not (k in seen and v % 4 == value)}, lock=True
        )

    def overwrite(self, who, value, seen):
        self.next += 1
        number = self.next
        return self.apply(
            who, lambda rows: {**{k: v for k, v in rows.items() if k not in seen}, number: value}, lock=True
        )

    def end(self, who, commit):
        if who in self.open:
            view = self.view(who)
            del self.open[who]
            if commit:
                self.base = view


def _step(model, clients, who, action, value):
    client, seen = clients[who], set(model.view(who))
    sql = {
        "insert": f"INSERT INTO t VALUES ({value})",
        "update": f"UPDATE t SET v = v + 10 WHERE v % 4 = {value}",
        "delete": f"DELETE FROM t WHERE v % 4 = {value}",
        "overwrite": f"INSERT OVERWRITE INTO t SELECT {value}",
        "begin": "BEGIN", "commit": "COMMIT", "rollback": "ROLLBACK",
    }  # fmt: skip
    if action == "bad":
        assert client.refused("INSERT INTO t VALUES ('x')") == 100038
    elif action == "begin":
        model.begin(who)
        client.run(sql[action])
    elif action in ("commit", "rollback"):
        model.end(who, action == "commit")
        client.run(sql[action])
    elif action == "insert":
        model.insert(who, value)
        client.run(sql[action])
    elif action != "read":
        allowed = getattr(model, action)(who, value, seen)
        assert client.refused(sql[action]) == 625 if not allowed else client.execute(sql[action])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(actions=ACTIONS)
def test_two_sessions_agree_with_the_model(connect, actions):
    clients = [connect(), connect()]
    clients[0].run("CREATE OR REPLACE TABLE t (v INT)")
    for client in clients:
        client.run("ALTER SESSION SET LOCK_TIMEOUT = 0")
    model = Model()
    for who, action, value in actions:
        _step(model, clients, who, action, value)
        for session in SESSIONS:
            got = sorted(int(v) for (v,) in clients[session].rows("SELECT v FROM t"))
            assert got == sorted(model.view(session).values()), (who, action, value, session)
    for client in clients:
        client.run("ROLLBACK")
