package io.mailgenius.engine.operations;

import io.mailgenius.engine.cluster.Nodes;
import io.mailgenius.engine.progress.JobProgress;
import io.mailgenius.engine.tenancy.AutocommitRead;
import io.mailgenius.schema.WorkspaceScope;
import java.time.Clock;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Searches the jobs of the current workspace. */
@Component
@AutocommitRead
public class JobSearch {

    /** Up to how many jobs are counted. */
    public static final int COUNTED = 10_000;

    private static final int SUGGESTIONS = 10;

    private final JdbcClient jdbc;
    private final JobProgress progress;
    private final Nodes nodes;
    private final Clock clock;

    JobSearch(JdbcClient jdbc, JobProgress progress, Nodes nodes, Clock clock) {
        this.jdbc = jdbc;
        this.progress = progress;
        this.nodes = nodes;
        this.clock = clock;
    }

    /**
     * Newest first: by the order of their launches, or, if the filter has a time, by the moment at
     * which the latest run was requested.
     *
     * @param after a launch id, behind which to read on; 0 or {@code Long.MAX_VALUE} at the start
     * @param limit of jobs in the page
     */
    public JobMatches find(JobFilter filter, long after, int limit) {
        List<Long> ids = ids(filter, after, limit + 1);
        boolean more = ids.size() > limit;
        List<Long> shown = more ? ids.subList(0, limit) : ids;
        return new JobMatches(progress.jobs(shown), more ? shown.getLast() : null, count(filter));
    }

    /** The launches that the filter means, in the order of {@link #find}. */
    List<Long> ids(JobFilter filter, long after, int limit) {
        JobConditions conditions = conditions(filter);
        boolean behind = after > 0 && after < Long.MAX_VALUE;
        return jdbc.sql(
                        "SELECT f.id FROM (%s) f ORDER BY %s LIMIT :limit"
                                .formatted(conditions.select(behind), conditions.order("f")))
                .params(conditions.parameters())
                .param("after", after)
                .param("limit", limit)
                .query((row, n) -> row.getLong(1))
                .list();
    }

    /** The number of jobs that the filter means, up to {@link #COUNTED}. */
    public JobCount count(JobFilter filter) {
        JobConditions conditions = conditions(filter);
        long found =
                jdbc.sql("SELECT count(*) FROM (%s) f".formatted(conditions.select(false)))
                        .params(conditions.parameters())
                        .param("limit", COUNTED + 1)
                        .query(Long.class)
                        .single();
        return new JobCount(Math.min(found, COUNTED), found > COUNTED);
    }

    private JobConditions conditions(JobFilter filter) {
        List<String> ids = filter.node() == null ? List.of() : nodes.known(filter.node());
        return new JobConditions(filter, ids, clock.instant());
    }

    /** Up to ten words of keys, parameters and errors that begin with the last word of the text. */
    public List<String> suggest(String text) {
        List<String> words = JobConditions.words(text);
        if (words.isEmpty()) {
            return List.of();
        }
        // Each step goes to the next word in the index, however many jobs have it.
        return jdbc.sql(
                        """
                        WITH RECURSIVE found (word, n) AS (
                            (SELECT word, 1 FROM launch_word
                              WHERE workspace_id = :workspace AND word >= :word AND word < :end
                              ORDER BY word LIMIT 1)
                            UNION ALL
                            SELECT (SELECT w.word FROM launch_word w
                                     WHERE w.workspace_id = :workspace AND w.word > f.word AND w.word < :end
                                     ORDER BY w.word LIMIT 1), f.n + 1
                              FROM found f WHERE f.word IS NOT NULL AND f.n < :limit)
                        SELECT word FROM found WHERE word IS NOT NULL
                        """)
                .param("workspace", WorkspaceScope.required())
                .param("word", words.getLast())
                .param("end", JobConditions.end(words.getLast()))
                .param("limit", SUGGESTIONS)
                .query((row, n) -> row.getString(1))
                .list();
    }
}
