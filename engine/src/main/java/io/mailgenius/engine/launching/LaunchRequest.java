package io.mailgenius.engine.launching;

import io.mailgenius.schema.Priority;
import java.util.Map;

/**
 * What is to be run.
 *
 * @param jobKey tells instances of the job apart: the same job and key never run twice at a time,
 *     and never again once completed
 * @param parameters handed to the job as they are
 */
public record LaunchRequest(
        String jobName, String jobKey, Map<String, String> parameters, Priority priority) {

    public LaunchRequest {
        parameters = Map.copyOf(parameters);
    }
}
