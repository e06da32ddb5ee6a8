"""The keys and certificates that a person has: a folder of PEM files as a key store."""

from hht.gbcs.keystore.pem_folder import PemFolder as PemFolder
