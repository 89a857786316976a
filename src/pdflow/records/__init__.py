"""Records: tables, migrations, the session, encryption at rest and the documents store."""
