"""A class in browsers: trainees' seats behind a token, each an exercise in a process of its own."""
