jars=$1; shift
java --add-opens=java.base/java.nio=ALL-UNNAMED -Djava.util.logging.config.file=log.properties \
    -cp "$jars" liquibase.integration.commandline.LiquibaseCommandLine --changelog-file=changelog.xml --show-banner=false \
    --url="jdbc:snowflake://127.0.0.1:$SANDBOX_PORT/?ssl=off&account=imsdlc&db=$SANDBOX_DATABASE&schema=PUBLIC&warehouse=ADMIN_WH&role=ACCOUNTADMIN" \
    --username=svc4snowflakedeploy --password="$SANDBOX_PAT" "$@"
