bin=$1; file=$2; shift 2
mkdir -p home && printf '[connections.sandbox]\ntoken_file_path = "%s"\n' "$file" > home/config.toml && chmod 600 home/config.toml
SNOWFLAKE_HOME=home "$bin/snow" --config-file home/config.toml "$@" -c sandbox
