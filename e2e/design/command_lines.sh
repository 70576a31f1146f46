# Default: Rich UI with all streams
signalbox train --config my_config.toml

# CLI format with only status and events
signalbox train --config my_config.toml --format cli --stream status --stream events

# Filter to only progress and loss
signalbox train --config my_config.toml \
  --filter-events sft.progress \
  --filter-metrics train.loss

# JSON output for machine parsing
signalbox train --config my_config.toml --format json --json-output training.jsonl

# Quiet mode (minimal output)
signalbox train --config my_config.toml --quiet

# Custom: Events + metrics only, JSON format
signalbox train --config my_config.toml \
  --stream events --stream metrics \
  --format json \
  --filter-events "sft.progress,sft.validation.summary" \
  --filter-metrics "train.loss,val.loss"

# As before
signalbox train --config my_config.toml --poll

# As before, in lines
signalbox train --config my_config.toml --poll --format cli
