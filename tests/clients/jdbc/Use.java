import java.math.BigDecimal;
import java.sql.*;
import java.util.Arrays;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/** What programs do with a JDBC driver; each step in a line of its own. */
public class Use {
    static String format;

    static void step(String name, Object expected, Callable<Object> does) {
        String title = name + " (" + format + ")";
        try {
            Object given = does.call();
            boolean right = expected == null || expected.equals(given);
            System.out.println(right ? "ok   " + title : "FAIL " + title + ": gave " + given + ", expected " + expected);
        } catch (Exception error) {
            System.out.println("FAIL " + title + ": " + String.valueOf(error.getMessage()).replace("\n", " "));
        }
    }

    static String all(ResultSet rows) throws SQLException {
        StringBuilder out = new StringBuilder();
        int width = rows.getMetaData().getColumnCount();
        while (rows.next()) {
            for (int at = 1; at <= width; at++) out.append(rows.getString(at)).append(at < width ? "," : ";");
        }
        return out.toString();
    }

    static int count(ResultSet rows) throws SQLException {
        int found = 0;
        while (rows.next()) found++;
        return found;
    }

    public static void main(String[] given) throws Exception {
        String database = given[1];
        format = given[2];
        Properties how = new Properties();
        how.put("user", "svc4snowflakedeploy");
        how.put("password", System.getenv("SANDBOX_PAT"));
        how.put("account", "imsdlc");
        how.put("role", "ACCOUNTADMIN");
        how.put("warehouse", "ADMIN_WH");
        how.put("db", database);
        how.put("schema", "PUBLIC");
        how.put("ssl", "off");
        how.put("JDBC_QUERY_RESULT_FORMAT", format);
        Connection c = DriverManager.getConnection("jdbc:snowflake://127.0.0.1:" + given[0] + "/", how);
        Statement s = c.createStatement();
        step("every type", "1,x,1.50,TRUE,2024-01-02,03:04:05,null,1.5,AB;", () -> all(s.executeQuery(
            "SELECT 1, 'x', 1.5::NUMBER(10,2), TRUE, '2024-01-02'::DATE, '03:04:05'::TIME, NULL, 1.5::FLOAT, "
            + "TO_BINARY('AB', 'HEX')")));
        step("timestamps", null, () -> all(s.executeQuery(
            "SELECT CURRENT_TIMESTAMP(), '2024-01-02 03:04:05.123456'::TIMESTAMP_NTZ, "
            + "'2024-01-02 03:04:05 +0200'::TIMESTAMP_TZ")));
        step("DDL", 0, () -> s.executeUpdate(
            "CREATE OR REPLACE TABLE T (ID INT NOT NULL PRIMARY KEY, V VARCHAR(20), D NUMBER(10,2), DT DATE, B BOOLEAN)"));
        step("DML", 2, () -> s.executeUpdate("INSERT INTO T VALUES (1, 'a', 1.5, '2024-01-01', TRUE), (2, 'b', 2.5, NULL, FALSE)"));
        step("prepared query", "1,a;", () -> {
            PreparedStatement q = c.prepareStatement("SELECT ID, V FROM T WHERE ID = ? AND V = ?");
            q.setInt(1, 1);
            q.setString(2, "a");
            return all(q.executeQuery());
        });
        step("binds of every type", 1, () -> {
            PreparedStatement q = c.prepareStatement("INSERT INTO T VALUES (?, ?, ?, ?, ?)");
            q.setLong(1, 3);
            q.setNull(2, Types.VARCHAR);
            q.setBigDecimal(3, new BigDecimal("3.25"));
            q.setDate(4, java.sql.Date.valueOf("2024-05-06"));
            q.setBoolean(5, true);
            return q.executeUpdate();
        });
        step("a batch of 10", 10, () -> batch(c, 10));
        step("a batch of 50,000, its values through a stage", 50_000, () -> batch(c, 50_000));
        step("PUT and GET", "a.txt.gz,1;", () -> {
            s.execute("CREATE OR REPLACE STAGE ST");
            java.nio.file.Path file = java.nio.file.Path.of("a.txt").toAbsolutePath();
            java.nio.file.Files.writeString(file, "1,x\n");
            s.execute("PUT 'file://" + file + "' @ST");
            java.nio.file.Path back = java.nio.file.Path.of("back").toAbsolutePath();
            java.nio.file.Files.createDirectories(back);
            s.execute("GET @ST 'file://" + back + "'");
            try (Stream<java.nio.file.Path> found = java.nio.file.Files.list(back)) {
                return found.map(f -> f.getFileName().toString()).findFirst().orElse("nothing") + "," + all(s.executeQuery("SELECT $1 FROM @ST"));
            }
        });
        step("metadata of a prepared query", "ID NUMBER V VARCHAR", () -> {
            ResultSetMetaData m = c.prepareStatement("SELECT ID, V FROM T").getMetaData();
            return m.getColumnName(1) + " " + m.getColumnTypeName(1) + " " + m.getColumnName(2) + " " + m.getColumnTypeName(2);
        });
        DatabaseMetaData m = c.getMetaData();
        step("getCatalogs", true, () -> all(m.getCatalogs()).contains(database));
        step("getSchemas", true, () -> all(m.getSchemas()).contains("PUBLIC," + database));
        step("getTables", 1, () -> count(m.getTables(database, "PUBLIC", "T", null)));
        step("getColumns", 5, () -> count(m.getColumns(database, "PUBLIC", "T", "%")));
        step("getPrimaryKeys", 1, () -> count(m.getPrimaryKeys(database, "PUBLIC", "T")));
        step("getImportedKeys and getExportedKeys", 0, () ->
            count(m.getImportedKeys(database, "PUBLIC", "T")) + count(m.getExportedKeys(database, "PUBLIC", "T")));
        step("getProcedures and getFunctions", 0, () ->
            count(m.getProcedures(database, "PUBLIC", "%")) + count(m.getFunctions(database, "PUBLIC", "%")));
        step("rollback", "0;", () -> {
            c.setAutoCommit(false);
            s.executeUpdate("INSERT INTO T (ID) VALUES (-99)");
            c.rollback();
            c.setAutoCommit(true);
            return all(s.executeQuery("SELECT COUNT(*) FROM T WHERE ID = -99"));
        });
        step("an error's number and state", "2003 42S02", () -> {
            try {
                s.executeQuery("SELECT * FROM NOWHERE");
                return "no error";
            } catch (SQLException error) {
                return error.getErrorCode() + " " + error.getSQLState();
            }
        });
        step("200,000 rows in chunks", 19_999_900_000L, () -> {
            ResultSet rows = s.executeQuery("SELECT SEQ4() N, 'row ' || SEQ4() V FROM TABLE(GENERATOR(ROWCOUNT => 200000))");
            long sum = 0;
            while (rows.next()) sum += rows.getLong(1);
            return sum;
        });
        step("setQueryTimeout", true, () -> {
            Statement t = c.createStatement();
            t.setQueryTimeout(1);
            try {
                t.executeQuery("CALL SYSTEM$WAIT(30)");
                return "no time-out";
            } catch (SQLException error) {
                return error.getErrorCode() == 604 || error.getErrorCode() == 630;
            }
        });
        step("prepareCall", "got 5;", () -> {
            s.execute("CREATE OR REPLACE PROCEDURE P(A INT) RETURNS VARCHAR LANGUAGE SQL AS $$ BEGIN RETURN 'got ' || A; END $$");
            CallableStatement q = c.prepareCall("{call P(?)}");
            q.setInt(1, 5);
            String got = all(q.executeQuery());
            s.execute("DROP PROCEDURE P(INT)");
            return got;
        });
        step("isValid, getSchema", "true PUBLIC", () -> c.isValid(5) + " " + c.getSchema());
        c.close();
        System.out.println("end of tour");
    }

    static Object batch(Connection c, int size) throws SQLException {
        PreparedStatement q = c.prepareStatement("INSERT INTO T (ID, V) VALUES (?, ?)");
        for (int at = 0; at < size; at++) {
            q.setInt(1, at);
            q.setString(2, "b" + at);
            q.addBatch();
        }
        return Arrays.stream(q.executeBatch()).sum();
    }
}
