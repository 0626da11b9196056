// What the code of a function or procedure finds around it: Snowflake's API, and the way of values in and out.
// Sources: developer-guide/stored-procedure/stored-procedures-api, developer-guide/udf-stored-procedure-data-type-mapping.
// The value of this script is the object that the child process works with; the code itself never sees it.
(function () {
  "use strict";
  const { parse, stringify } = JSON;
  const Callable = Function, Day = Date, Bytes = Uint8Array, Failure = Error;
  const ask = globalThis.$ask;
  const FORBIDDEN = ["$ask", "performance", "btoa", "atob", "queueMicrotask", "DOMException", "Atomics"];
  for (const name of FORBIDDEN) delete globalThis[name];

  const disallowed = function () {
    throw new EvalError("Code generation from strings disallowed for this context");
  };
  globalThis.eval = disallowed;
  const makers = [function () {}, function* () {}, async function () {}, async function* () {}];
  for (const made of makers)
    Object.defineProperty(Object.getPrototypeOf(made), "constructor", { value: disallowed });
  disallowed.prototype = Callable.prototype;
  globalThis.Function = disallowed;

  const SEMI = new Set(["VARIANT", "OBJECT", "ARRAY"]);
  const unhex = (text) => Bytes.from({ length: text.length / 2 }, (_, at) => parseInt(text.substr(2 * at, 2), 16));
  const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

  // An argument of a call: SQL's NULL is undefined, JSON's null is null.
  function receive(kind, wire) {
    if (wire === null) return undefined;
    if (kind === "FLOAT") return Number(wire);
    if (kind === "DATE" || kind.startsWith("TIMESTAMP")) return new Day(wire);
    if (kind === "BINARY") return unhex(wire);
    return SEMI.has(kind) ? parse(wire) : wire;
  }

  // What the code gave back, converted to the type within JavaScript first.
  function give(kind, value) {
    if (value === undefined || (value === null && kind !== "VARIANT")) return null;
    if (kind === "FLOAT") return number(Number(value));
    if (kind === "BOOLEAN") return Boolean(value);
    if (kind === "VARCHAR" || kind === "TIME") return `${value}`;
    if (kind === "BINARY") return binary(value);
    return SEMI.has(kind) ? structured(kind, value) : moment(value);
  }

  const number = (value) => (Number.isFinite(value) ? value : String(value));

  function binary(value) {
    if (!(value instanceof Bytes)) throw new TypeError("a BINARY is returned as a Uint8Array");
    return hex(value);
  }

  function structured(kind, value) {
    if (kind === "ARRAY" && !Array.isArray(value)) throw new TypeError("an ARRAY is returned as an array");
    if (kind === "OBJECT" && (typeof value !== "object" || Array.isArray(value)))
      throw new TypeError("an OBJECT is returned as an object");
    return stringify(value) ?? null;
  }

  function moment(value) {
    if (!(value instanceof Day)) throw new TypeError("dates and timestamps are returned as a Date");
    if (Number.isNaN(value.getTime())) throw new RangeError("Invalid Date");
    return (value instanceof SfDate && value.$exact()) || value.getTime();
  }

  class SfDate extends Day {
    #facts;
    constructor(facts) {
      super(facts.ms);
      this.#facts = facts;
    }
    // The value as it came, unless it has been changed since.
    $exact() {
      return this.getTime() === this.#facts.ms ? this.#facts.iso : null;
    }
    $kind() {
      return this.#facts.kind;
    }
    getEpochSeconds() {
      return this.#facts.seconds;
    }
    getNanoSeconds() {
      return this.#facts.nanos;
    }
    getScale() {
      return this.#facts.scale;
    }
    getTimezone() {
      throw new Failure("SfDate.getTimezone is not in the sandbox");
    }
    toString() {
      return text(this.#facts);
    }
  }

  const quoted = (value) => "'" + value.replaceAll("\\", "\\\\").replaceAll("'", "''") + "'";

  // The SQL literal of a value bound to the place.
  function literal(value, place) {
    if (value === null) return "NULL";
    if (typeof value === "string") return quoted(value);
    if (typeof value === "boolean") return value ? "TRUE" : "FALSE";
    if (typeof value === "number") return Number.isFinite(value) ? `(${value})` : `${quoted(String(value))}::FLOAT`;
    if (value instanceof SfDate && value.$exact()) return `${quoted(value.$exact())}::${value.$kind()}`;
    if (value instanceof Day) return `${quoted(value.toISOString())}::TIMESTAMP_LTZ`;
    throw new Failure(
      `Invalid binds argument: ${value}. Error: Unsupported type for binding argument ${place}${typeof value}`);
  }

  const question = (what) => parse(ask(stringify(what)));
  const text = (facts) => question({ sql: `CAST(${quoted(facts.iso)}::${facts.kind} AS VARCHAR)`, value: true }).value;

  // A failed statement. Its text begins with no name of an error.
  class SqlFailure extends Failure {
    constructor(failed, from) {
      super(failed.message);
      Object.assign(this, { code: failed.code, state: failed.state, $sql: true });
      this.stackTraceTxt = `${from}, ${place(this.stack)}`;
    }
    toString() {
      return this.message;
    }
  }

  // The lines of the code begin two lines late, those of this script at a million.
  function place(stack) {
    const [line, column] = top(stack) ?? [];
    return line === undefined ? "line 0 position 0" : `line ${line} position ${column}`;
  }

  function top(stack) {
    for (const found of String(stack).matchAll(/<input>:(\d+):(\d+)/g))
      if (Number(found[1]) < 1000000) return [Number(found[1]) - 2, Number(found[2]) - 1];
    return null;
  }

  class Answered {
    #answer;
    $keep(answer) {
      this.#answer = answer;
      return this;
    }
    $facts() {
      if (!this.#answer) throw new Failure("Statement is not executed yet");
      return this.#answer;
    }
    $at(column) {
      const { columns } = this.$facts();
      const at = typeof column === "number" ? column - 1 : columns.findIndex((each) => each.name === column);
      if (!columns[at]) throw new Failure(`Given column name/index does not exist: ${column}`);
      return at;
    }
    $column(column) {
      return this.$facts().columns[this.$at(column)];
    }
    getQueryId() {
      return this.$facts().id;
    }
    getColumnCount() {
      return this.$facts().columns.length;
    }
    getRowCount() {
      return this.$facts().rows.length;
    }
    getColumnName(column) {
      return this.$column(column).name;
    }
    getColumnScale(column) {
      return this.$column(column).scale;
    }
    getColumnType() {
      throw new Failure("getColumnType is not in the sandbox");
    }
    getColumnSqlType() {
      throw new Failure("getColumnSqlType is not in the sandbox");
    }
    isColumnNullable(column) {
      return this.$column(column).nullable;
    }
    getNumRowsAffected() {
      const { counts } = this.$facts();
      return counts.inserted + counts.updated + counts.deleted;
    }
    getNumRowsInserted() {
      return this.$facts().counts.inserted;
    }
    getNumRowsUpdated() {
      return this.$facts().counts.updated;
    }
    getNumRowsDeleted() {
      return this.$facts().counts.deleted;
    }
    getNumDuplicateRowsUpdated() {
      return this.$facts().counts.duplicates;
    }
  }
  const KINDS = { Array: "ARRAY", Binary: "BINARY", Boolean: "BOOLEAN", Date: "DATE", Object: "OBJECT", Time: "TIME",
    Variant: "VARIANT", Text: "VARCHAR" };
  for (const [name, kind] of Object.entries(KINDS))
    Answered.prototype[`isColumn${name}`] = function (column) {
      return this.$column(column).kind === kind;
    };
  Answered.prototype.isColumnNumber = function (column) {
    return ["NUMBER", "FLOAT"].includes(this.$column(column).kind);
  };
  Answered.prototype.isColumnTimestamp = function (column) {
    return this.$column(column).kind.startsWith("TIMESTAMP");
  };

  class ResultSet extends Answered {
    #at = -1;
    next() {
      return ++this.#at < this.$facts().rows.length;
    }
    #cell(column) {
      const row = this.$facts().rows[this.#at];
      if (!row) throw new Failure("ResultSet is empty or not prepared, call next() first");
      const at = this.$at(column);
      return [this.$facts().columns[at], row[at]];
    }
    getColumnValue(column) {
      const [{ kind }, wire] = this.#cell(column);
      if (wire === null) return null;
      if (kind === "NUMBER") return Number(wire);
      if (kind.startsWith("TIMESTAMP")) return new SfDate(wire);
      return receive(kind, kind === "DATE" ? wire.ms : wire);
    }
    getColumnValueAsString(column) {
      const [{ kind }, wire] = this.#cell(column);
      if (wire === null) return null;
      if (kind === "BINARY") return wire.toUpperCase();
      return wire.iso ? text(wire) : String(wire);
    }
  }

  class Statement extends Answered {
    #sql;
    #binds;
    constructor(command) {
      super();
      if (typeof command?.sqlText !== "string" || !command.sqlText.trim())
        throw new Failure("sqlText is missing or contains an empty query text");
      this.#sql = command.sqlText;
      this.#binds = Array.from(command.binds ?? [], (value, at) => literal(value, at + 1));
    }
    getSqlText() {
      return this.#sql;
    }
    $run(from) {
      const answer = question({ sql: this.#sql, binds: this.#binds });
      if (answer.failed) throw new SqlFailure(answer.failed, from);
      this.$keep(answer);
      return new ResultSet().$keep(answer);
    }
    execute() {
      return this.$run("Statement.execute");
    }
  }

  const LEVELS = ["off", "trace", "debug", "info", "warn", "error", "fatal"];
  const snowflake = {
    log(level, message) {
      if (!LEVELS.includes(level) || message === undefined) throw new Failure(`log takes a level, one of ${LEVELS}`);
    },
    addEvent(name, ...attributes) {
      if (typeof name !== "string" || attributes.length > 1) throw new Failure("addEvent takes a name and attributes");
    },
    setSpanAttribute(key, value) {
      if (typeof key !== "string" || value === undefined) throw new Failure("setSpanAttribute takes a key and a value");
    },
  };
  if (ask) {
    snowflake.createStatement = (command) => new Statement(command);
    snowflake.execute = (command) => new Statement(command).$run("Snowflake.execute");
  }
  globalThis.snowflake = snowflake;

  const given = (kinds, row) => row.map((wire, at) => receive(kinds[at], wire));

  function table(facts, make) {
    const handler = make();
    if (typeof handler?.processRow !== "function") throw new TypeError("processRow is not a function of the object");
    const { names, kinds, outputs, returns } = facts;
    let rows = [];
    const writer = {
      writeRow(row) {
        rows.push(outputs.map((name, at) => give(returns[at], Object(row)[name])));
      },
    };
    const taken = () => {
      const those = rows;
      rows = [];
      return those;
    };
    const context = {};
    const process = (wires) => {
      const values = given(kinds, wires);
      handler.processRow(Object.fromEntries(names.map((name, at) => [name, values[at]])), writer, context);
      return taken();
    };
    return (partition) => {
      if (handler.initialize) handler.initialize(described(facts), context);
      const each = partition.map(process);
      if (handler.finalize) handler.finalize(writer, context);
      return { rows: each, end: taken() };
    };
  }

  // The second argument of `initialize`; which arguments are constant is not known here.
  function described({ names, kinds }) {
    const refuse = () => {
      throw new Failure("argumentInfo tells no isConst and no constValue in the sandbox");
    };
    const one = (kind) =>
      Object.defineProperties({ type: kind }, { isConst: { get: refuse }, constValue: { get: refuse } });
    return Object.fromEntries(names.map((name, at) => [name, one(kinds[at])]));
  }

  const performing = {
    rows: (facts, code, { rows }) => ({
      rows: rows.map((row) => give(facts.returns[0], code(...given(facts.kinds, row)))),
    }),
    partitions: (facts, code, { partitions }) => ({
      partitions: partitions.map((partition) => table(facts, code)(partition)),
    }),
    call: (facts, code, { row }) => ({ value: give(facts.returns[0], code(...given(facts.kinds, row))) }),
  };

  function told(error) {
    if (error?.$sql === true) return { sql: String(error.message), at: String(error.stackTraceTxt) };
    const failed = error instanceof Failure;
    const at = failed ? top(error.stack) : null;
    return { uncaught: failed ? Failure.prototype.toString.call(error) : String(error), at };
  }

  // The engine takes a body that closes its function and opens another; in a declaration it does not.
  function compiled(facts) {
    if (facts.table) return new Callable(`return (${facts.code}\n)`);
    const code = new Callable(...facts.names, facts.code);
    new Callable(`function body() {${facts.code}\n}`);
    return code;
  }

  let code = null;
  return function (factsText, orderText) {
    const facts = parse(factsText);
    try {
      code = code ?? compiled(facts);
    } catch (error) {
      return stringify({ error: { ...told(error), syntax: true } });
    }
    try {
      const order = parse(orderText);
      return stringify(performing[order.do](facts, code, order));
    } catch (error) {
      return stringify({ error: told(error) });
    }
  };
})();
