"""Everything of the library that knows Temporal from outside: server process, codec, client, gateway."""
