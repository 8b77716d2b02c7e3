package io.mailgenius.engine.alerts;

import java.time.Instant;
import java.util.List;
import java.util.Set;

/** Knows figures that rules can watch. A bean of the engine or of the application. */
public interface AlertSource {

    List<AlertKind> kinds();

    /**
     * Reads all figures at once, not per workspace.
     *
     * @param watched the kinds that some rule watches, each with the workspaces that have such a
     *     rule; never empty
     */
    List<AlertFigure> figures(Watched watched, Instant now);

    /** What rules watch. */
    interface Watched {

        boolean has(String kind);

        /** The workspaces with an enabled rule of one of these kinds. */
        Set<Long> workspaces(String... kinds);
    }
}
