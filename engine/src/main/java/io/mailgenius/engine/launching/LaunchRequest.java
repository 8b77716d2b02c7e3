package io.mailgenius.engine.launching;

import io.mailgenius.schema.Priority;
import java.util.Map;

/**
 * A request to run a job.
 *
 * @param jobKey identifies the job instance: the same job and key never run concurrently, and never
 *     again once completed
 * @param parameters passed to the job unchanged
 */
public record LaunchRequest(
        String jobName, String jobKey, Map<String, String> parameters, Priority priority) {

    public LaunchRequest {
        parameters = Map.copyOf(parameters);
    }
}
