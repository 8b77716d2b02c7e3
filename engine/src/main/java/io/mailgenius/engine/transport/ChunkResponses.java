package io.mailgenius.engine.transport;

import java.util.ArrayList;
import java.util.List;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.JobInstance;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.step.StepContribution;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.integration.chunk.ChunkResponse;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

/**
 * Encodes {@link ChunkResponse}s for the wire: five fields of JSON each, instead of a serialized
 * object graph of the step and its job. The counts stay in the ledger, so a response that is lost
 * or repeated changes nothing.
 */
public final class ChunkResponses {

    private final JsonMapper json;

    public ChunkResponses(JsonMapper json) {
        this.json = json;
    }

    public static ChunkResponse response(
            long jobInstanceId, String step, int sequence, boolean successful, String message) {
        JobInstance instance = new JobInstance(jobInstanceId, step);
        StepExecution detached =
                new StepExecution(0, step, new JobExecution(0, instance, new JobParameters()));
        return new ChunkResponse(
                successful, sequence, jobInstanceId, new StepContribution(detached), message);
    }

    public String encode(List<ChunkResponse> responses) {
        ArrayNode all = json.createArrayNode();
        for (ChunkResponse response : responses) {
            all.addObject()
                    .put("job", response.getJobInstanceId())
                    .put("step", response.getStepContribution().getStepExecution().getStepName())
                    .put("sequence", response.getSequence())
                    .put("successful", response.isSuccessful())
                    .put("message", response.getMessage());
        }
        return all.toString();
    }

    public List<ChunkResponse> decode(String text) {
        List<ChunkResponse> responses = new ArrayList<>();
        for (JsonNode node : json.readTree(text)) {
            responses.add(
                    response(
                            node.path("job").asLong(),
                            node.path("step").asString(),
                            node.path("sequence").asInt(),
                            node.path("successful").asBoolean(),
                            node.path("message").asString()));
        }
        return responses;
    }
}
