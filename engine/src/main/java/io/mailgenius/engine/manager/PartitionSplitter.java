package io.mailgenius.engine.manager;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.JobExecutionException;
import org.springframework.batch.core.partition.StepExecutionSplitter;
import org.springframework.batch.core.partition.support.SimpleStepExecutionSplitter;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import tools.jackson.databind.json.JsonMapper;

/**
 * Splits a step into its partitions by what the job execution at hand says, where Spring Batch's
 * own partitioner sees a grid size only. On a restart the partitions of the first run stand.
 */
final class PartitionSplitter implements StepExecutionSplitter {

    private static final String NUMBER = "mailgenius.partition";
    private static final String DESCRIPTION = "mailgenius.partition.description";

    private final JobRepository repository;
    private final String stepName;
    private final Function<JobExecution, Map<String, ExecutionContext>> partitions;

    private PartitionSplitter(
            JobRepository repository,
            String stepName,
            Function<JobExecution, Map<String, ExecutionContext>> partitions) {
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
                job -> {
                    Map<String, ExecutionContext> contexts = new LinkedHashMap<>();
                    List<?> described = descriptions.apply(job);
                    for (int number = 0; number < described.size(); number++) {
                        String text = json.writeValueAsString(described.get(number));
                        contexts.put(name(number), context(number, text));
                    }
                    return contexts;
                });
    }

    static PartitionSplitter numbered(
            JobRepository repository,
            String stepName,
            Function<JobExecution, List<Integer>> numbers) {
        return new PartitionSplitter(
                repository,
                stepName,
                job -> {
                    Map<String, ExecutionContext> contexts = new LinkedHashMap<>();
                    for (int number : numbers.apply(job)) {
                        contexts.put(name(number), context(number, "null"));
                    }
                    return contexts;
                });
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
        return new SimpleStepExecutionSplitter(
                        repository, stepName, size -> partitions.apply(manager.getJobExecution()))
                .split(manager, gridSize);
    }
}
