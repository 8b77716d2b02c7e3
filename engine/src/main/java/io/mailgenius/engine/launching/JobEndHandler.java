package io.mailgenius.engine.launching;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * What the product does when a job of a name has ended. It is no listener of Spring Batch, which
 * writes an execution's end down before it tells its listeners, and only logs what they throw: a
 * crash there would leave the product waiting for ever.
 */
public final class JobEndHandler {

    private final Map<String, List<Consumer<EndedJob>>> byJob = new ConcurrentHashMap<>();

    /** The listeners run in the job's workspace, and in the transaction that ends the launch. */
    public void register(String jobName, List<Consumer<EndedJob>> listeners) {
        byJob.put(jobName, List.copyOf(listeners));
    }

    void tell(String jobName, EndedJob endedJob) {
        byJob.getOrDefault(jobName, List.of()).forEach(listener -> listener.accept(endedJob));
    }
}
