"""From captured to returned: export, upload, receipts."""
