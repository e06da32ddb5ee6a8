"""A premises on disk: identities, keys, Install Codes and the job of one run."""
