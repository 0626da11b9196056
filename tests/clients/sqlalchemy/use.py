"""Create, reflect with keys, the ORM, and pandas through an engine."""

import os

import pandas
import snowflake.connector
from sqlalchemy import (
    ForeignKey,
    Integer,
    MetaData,
    Sequence,
    String,
    create_engine,
    insert,
    inspect,
    select,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship
from tour import end, step


def creator():
    return snowflake.connector.connect(
        account="imsdlc",
        user="svc4snowflakedeploy",
        authenticator="PROGRAMMATIC_ACCESS_TOKEN",
        token=os.environ["SANDBOX_PAT"],
        host="127.0.0.1",
        port=int(os.environ["SANDBOX_PORT"]),
        protocol="http",
        role="ACCOUNTADMIN",
        warehouse="ADMIN_WH",
        database=os.environ["SANDBOX_DATABASE"],
        schema="PUBLIC",
    )


engine = create_engine(f"snowflake://imsdlc/{os.environ['SANDBOX_DATABASE']}/PUBLIC", creator=creator)


class Base(DeclarativeBase):
    pass


class Author(Base):
    __tablename__ = "author"
    id: Mapped[int] = mapped_column(Integer, Sequence("author_seq"), primary_key=True)
    name: Mapped[str] = mapped_column(String(50), nullable=False)
    books: Mapped[list["Book"]] = relationship(back_populates="author")


class Book(Base):
    __tablename__ = "book"
    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    title: Mapped[str] = mapped_column(String(100), unique=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("author.id"))
    author: Mapped[Author] = relationship(back_populates="books")


def orm():
    with Session(engine) as session:
        ann = Author(name="Ann", books=[])
        session.add(ann)
        session.flush()
        session.add(Book(id=1, title="One", author_id=ann.id))
        session.commit()
        return session.execute(select(Book.title, Author.name).join(Author)).all()


def reflected():
    found = MetaData()
    found.reflect(engine)
    return sorted(found.tables), [key.target_fullname for key in found.tables["book"].foreign_keys]


def keys():
    seen = inspect(engine)
    return (
        seen.get_pk_constraint("book")["constrained_columns"],
        seen.get_foreign_keys("book")[0]["referred_table"],
        seen.get_unique_constraints("book")[0]["column_names"],
        seen.get_sequence_names(),
    )


def bulk():
    with engine.begin() as connection:
        return connection.execute(insert(Author), [{"id": n, "name": f"n{n}"} for n in range(100, 200)]).rowcount


def staged():
    from snowflake.connector.pandas_tools import pd_writer

    frame = pandas.DataFrame({"A": [1, 2], "B": ["x", "y"]})
    return frame.to_sql("frame2", engine, index=False, if_exists="replace", method=pd_writer)


step("drop_all", lambda: Base.metadata.drop_all(engine))
step("create_all", lambda: Base.metadata.create_all(engine))
step("ORM: add, flush, join", orm, [("One", "Ann")])
step("inspect keys", keys, (["id"], "author", ["title"], ["author_seq"]))
step("reflect", reflected, (["author", "book"], ["author.id"]))
step("bulk insert", bulk, 100)
step("pandas read_sql", lambda: pandas.read_sql("select title from book", engine).to_dict("list"), {"title": ["One"]})
step(
    "pandas to_sql",
    lambda: pandas.DataFrame({"a": [1, 2]}).to_sql("frame", engine, index=False, if_exists="replace"),
    2,
)
step("pandas to_sql with pd_writer", staged)
end()
os._exit(0)
