package io.mailgenius.api.jobs;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.mailgenius.engine.progress.RestartPreview;
import io.mailgenius.jobs.delivery.RepeatForecast;

/** What a restart would do, by the engine's ledger and by what deliveries wrote down. */
record Restart(@JsonUnwrapped RestartPreview chunks, RepeatForecast mails) {}
