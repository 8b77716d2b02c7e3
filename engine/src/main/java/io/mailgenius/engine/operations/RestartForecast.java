package io.mailgenius.engine.operations;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.mailgenius.engine.progress.RestartPreview;
import java.util.List;

/**
 * What a restart of a job would do.
 *
 * @param repetitions effects outside of the database that it may have again, as the application
 *     reports them
 */
public record RestartForecast(@JsonUnwrapped RestartPreview chunks, List<Repetition> repetitions) {}
