-- {{ selection.columns(table) }}
"ID", "it's", "a ""b"""
