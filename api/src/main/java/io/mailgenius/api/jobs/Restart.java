package io.mailgenius.api.jobs;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.mailgenius.engine.progress.RestartPreview;
import io.mailgenius.jobs.delivery.RepeatForecast;

/** What a restart would do, computed from the ledger and from the checkpoints of deliveries. */
record Restart(@JsonUnwrapped RestartPreview chunks, RepeatForecast mails) {}
