package io.mailgenius.console.jobs;

import io.mailgenius.engine.progress.JobView;
import java.util.ArrayList;
import java.util.List;

/** What the state of a job permits. The names are those of paths and of texts. */
final class PossibleActions {

    private PossibleActions() {}

    static List<String> of(JobView job) {
        List<String> possible =
                new ArrayList<>(
                        switch (job.state()) {
                            case QUEUED, RUNNING -> List.of("stop", "priority");
                            case STOPPING -> List.of("restart", "priority");
                            case STOPPED, FAILED -> List.of("restart", "abandon");
                            case COMPLETED, ABANDONED -> List.of();
                        });
        boolean retries =
                switch (job.state()) {
                    case RUNNING, FAILED -> job.failed() > 0;
                    case QUEUED, STOPPING, STOPPED, COMPLETED, ABANDONED -> false;
                };
        if (retries) {
            possible.add("retry");
        }
        return possible;
    }
}
