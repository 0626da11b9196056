"""The law of the sandbox: privileges, grants, tokens, logins, policies. `access` asks it; statements change it."""
