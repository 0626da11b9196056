# The token goes where schemachange takes one: into the password.
SNOWFLAKE_PASSWORD="$SANDBOX_PAT" SNOWFLAKE_DATABASE="$SANDBOX_DATABASE" "$1/schemachange" deploy -f sql \
    --schemachange-create-change-history-table -c "$SANDBOX_DATABASE.SCHEMACHANGE.CHANGE_HISTORY"
