package io.mailgenius.engine.operations;

import java.util.List;

/** A bean of the application that knows which effects a restart of its jobs may repeat. */
public interface RestartEffects {

    /** Empty if the job is none of its jobs, or nothing would be repeated. */
    List<Repetition> of(long jobInstanceId);
}
