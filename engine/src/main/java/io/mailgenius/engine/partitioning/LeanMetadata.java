package io.mailgenius.engine.partitioning;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.infrastructure.item.ExecutionContext;

/**
 * Decorates a {@link JobRepository} so that an unchanged execution context is not written again.
 * Spring Batch writes the context of each step five times, each in its own transaction; for a job
 * of one chunk that was a third of all writes.
 */
public final class LeanMetadata {

    private LeanMetadata() {}

    public static JobRepository of(JobRepository repository) {
        return (JobRepository)
                Proxy.newProxyInstance(
                        LeanMetadata.class.getClassLoader(),
                        new Class<?>[] {JobRepository.class},
                        (proxy, method, arguments) -> {
                            ExecutionContext written =
                                    method.getName().equals("updateExecutionContext")
                                            ? context(arguments[0])
                                            : null;
                            if (written != null && !written.isDirty()) {
                                return null;
                            }
                            try {
                                Object result = method.invoke(repository, arguments);
                                if (written != null) {
                                    written.clearDirtyFlag();
                                }
                                return result;
                            } catch (InvocationTargetException e) {
                                throw e.getCause();
                            }
                        });
    }

    private static ExecutionContext context(Object execution) {
        return switch (execution) {
            case StepExecution step -> step.getExecutionContext();
            case JobExecution job -> job.getExecutionContext();
            case Object other ->
                    throw new IllegalArgumentException("Not a Spring Batch execution: " + other);
        };
    }
}
