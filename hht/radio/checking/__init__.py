"""Is a dongle fit for the job, and what does it hear?"""
