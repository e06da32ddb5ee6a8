"""The words a job pack may use where it has a choice."""

FORMATS = ("hht-job/1", "hht-job/2")
WITH_VISIT = "hht-job/2"
TRAINING, LIVE = "training", "live"
MODES = (TRAINING, LIVE)
HAN_VARIANTS = ("single band", "dual band")
BANDS = ("2.4 GHz", "sub-GHz")
UPRN_DIGITS = 12  # DUIS: a positive integer of at most so many
CHANNELS = range(11, 27)
