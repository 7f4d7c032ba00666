"""企业: the enterprises that are watched and their process units."""
