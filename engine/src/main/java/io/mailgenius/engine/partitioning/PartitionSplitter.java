package io.mailgenius.engine.partitioning;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.JobExecutionException;
import org.springframework.batch.core.partition.StepExecutionSplitter;
import org.springframework.batch.core.partition.support.SimpleStepExecutionSplitter;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Creates the partitions of a step from the parameters of the job execution, because Spring Batch's
 * {@code Partitioner} receives only a grid size. A restart uses the partitions of the first run:
 * computed again, they would differ if the table has grown.
 */
final class PartitionSplitter implements StepExecutionSplitter {

    private static final String NUMBER = "mailgenius.partition";
    private static final String DESCRIPTION = "mailgenius.partition.description";
    private static final String DESCRIPTIONS = "mailgenius.partition.descriptions";

    private final JobRepository repository;
    private final String stepName;
    private final Function<StepExecution, Map<String, ExecutionContext>> partitions;

    private PartitionSplitter(
            JobRepository repository,
            String stepName,
            Function<StepExecution, Map<String, ExecutionContext>> partitions) {
        this.repository = repository;
        this.stepName = stepName;
        this.partitions = partitions;
    }

    static PartitionSplitter described(
            JobRepository repository,
            String stepName,
            Function<JobExecution, List<?>> descriptions,
            JsonMapper json) {
        return new PartitionSplitter(
                repository,
                stepName,
                manager -> {
                    Map<String, ExecutionContext> contexts = new LinkedHashMap<>();
                    for (JsonNode description :
                            json.readTree(described(manager, descriptions, json))) {
                        int number = contexts.size();
                        contexts.put(name(number), context(number, description.toString()));
                    }
                    return contexts;
                });
    }

    /**
     * The descriptions are stored in the context of the step before Spring Batch's splitter creates
     * its partitions.
     */
    private static String described(
            StepExecution manager, Function<JobExecution, List<?>> descriptions, JsonMapper json) {
        ExecutionContext context = manager.getExecutionContext();
        if (!context.containsKey(DESCRIPTIONS)) {
            context.putString(
                    DESCRIPTIONS,
                    json.writeValueAsString(descriptions.apply(manager.getJobExecution())));
        }
        return context.getString(DESCRIPTIONS);
    }

    private static String name(int number) {
        return "partition" + number;
    }

    private static ExecutionContext context(int number, String description) {
        ExecutionContext context = new ExecutionContext();
        context.putInt(NUMBER, number);
        context.putString(DESCRIPTION, description);
        return context;
    }

    static Partition partition(StepExecution execution, JsonMapper json) {
        ExecutionContext context = execution.getExecutionContext();
        return new Partition(context.getInt(NUMBER), context.getString(DESCRIPTION), json);
    }

    @Override
    public String getStepName() {
        return stepName;
    }

    @Override
    public Set<StepExecution> split(StepExecution manager, int gridSize)
            throws JobExecutionException {
        Map<String, ExecutionContext> contexts = partitions.apply(manager);
        Set<StepExecution> executions =
                new SimpleStepExecutionSplitter(repository, stepName, size -> contexts)
                        .split(manager, gridSize);
        for (StepExecution execution : executions) {
            // A crash between inserting an execution and writing its context left the context
            // empty, and Spring Batch passes an empty context to the restart.
            if (!execution.getExecutionContext().containsKey(NUMBER)) {
                String name = execution.getStepName().substring(stepName.length() + 1);
                execution.setExecutionContext(Objects.requireNonNull(contexts.get(name)));
                repository.updateExecutionContext(execution);
            }
        }
        return executions;
    }
}
