"""The SQLite file: opened, locked, migrated, checked and backed up."""
