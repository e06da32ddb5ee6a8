"""The training head-end's composer: from what is wanted to the GBCS Command the DCC would make."""
