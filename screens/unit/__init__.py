"""A unit that lets itself in, as the trainee sees it."""
