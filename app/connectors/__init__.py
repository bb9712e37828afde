"""Everything outside: one file a service, behind one contract."""
