package io.mailgenius.engine.launching;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * The application's listeners for the ends of jobs. They are not Spring Batch listeners, because
 * Spring Batch calls those after it has committed the end of an execution, and only logs their
 * exceptions: a crash in between would lose the call.
 */
public final class JobEndHandler {

    private final Map<String, List<Consumer<EndedJob>>> byJob = new ConcurrentHashMap<>();

    /**
     * Registers listeners, which run in the scope of the job's workspace and in the transaction
     * that ends the launch.
     */
    public void register(String jobName, List<Consumer<EndedJob>> listeners) {
        byJob.put(jobName, List.copyOf(listeners));
    }

    void jobEnded(String jobName, EndedJob endedJob) {
        byJob.getOrDefault(jobName, List.of()).forEach(listener -> listener.accept(endedJob));
    }
}
