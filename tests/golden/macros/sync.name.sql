-- SELECT {{ sync.name('a "b"') }}
SELECT "a ""b"""
