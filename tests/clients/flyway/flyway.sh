jars=$1; shift
FLYWAY_PASSWORD="$SANDBOX_PAT" java --add-opens=java.base/java.nio=ALL-UNNAMED -Djava.util.logging.config.file=log.properties \
    -cp "$jars" org.flywaydb.commandline.Main -user=svc4snowflakedeploy -locations=filesystem:sql "$@" \
    -url="jdbc:snowflake://127.0.0.1:$SANDBOX_PORT/?ssl=off&account=imsdlc&db=$SANDBOX_DATABASE&schema=PUBLIC&warehouse=ADMIN_WH&role=ACCOUNTADMIN"
