package io.mailgenius.jobs.imports;

import io.mailgenius.engine.partitioning.OwnStep.StopCheck;
import io.mailgenius.jobs.contacts.addresses.EmailAddress;
import io.mailgenius.jobs.imports.storage.FileStorage;
import io.mailgenius.schema.WorkspaceScope;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The files of imports that have come to their end. Nothing reads them any more: figures, rejects
 * and what an undo needs are in tables.
 */
@Component
public class UploadedFiles {

    private static final Pattern ADDRESS = Pattern.compile("[^\\s,;|:\"'<>()]+@[^\\s,;|:\"'<>()]+");

    private final JdbcClient jdbc;
    private final FileStorage files;
    private final TransactionTemplate transaction;
    private final Clock clock;

    UploadedFiles(
            JdbcClient jdbc, FileStorage files, TransactionTemplate transaction, Clock clock) {
        this.jdbc = jdbc;
        this.files = files;
        this.transaction = transaction;
        this.clock = clock;
    }

    private record Uploaded(long importId, String key) {}

    /**
     * Deletes each file that has one of these addresses.
     *
     * @param emails in the form in which contacts have them
     * @return how many were deleted
     * @throws IOException if a file cannot be read
     */
    public int deleteThoseWith(Set<String> emails, StopCheck stop) throws IOException {
        int deleted = 0;
        for (Uploaded file : ended(clock.instant())) {
            stop.check();
            if (has(file.key(), emails, stop)) {
                delete(file);
                deleted++;
            }
        }
        return deleted;
    }

    /** Deletes the files of imports of this workspace that ended so long ago. */
    public void deleteOlderThan(Duration age) {
        ended(clock.instant().minus(age)).forEach(this::delete);
    }

    private List<Uploaded> ended(Instant before) {
        return Objects.requireNonNull(
                transaction.execute(
                        _ ->
                                jdbc.sql(
                                                """
                                                SELECT id, storage_key FROM import
                                                 WHERE workspace_id = :workspace AND status = 'COMPLETED'
                                                   AND file_deleted_at IS NULL AND finished_at <= :before
                                                 ORDER BY id
                                                """)
                                        .param("workspace", WorkspaceScope.required())
                                        .param("before", before.atOffset(ZoneOffset.UTC))
                                        .query(
                                                (row, _) ->
                                                        new Uploaded(
                                                                row.getLong(1), row.getString(2)))
                                        .list()));
    }

    private boolean has(String key, Set<String> emails, StopCheck stop) throws IOException {
        try (BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(files.open(key, 0), StandardCharsets.UTF_8))) {
            String line = lines.readLine();
            for (long n = 0; line != null; n++, line = lines.readLine()) {
                if (n % 10_000 == 0) {
                    stop.check();
                }
                Matcher address = ADDRESS.matcher(line);
                while (address.find()) {
                    if (emails.contains(EmailAddress.lowerCase(address.group()))) {
                        return true;
                    }
                }
            }
            return false;
        } catch (IllegalStateException notSeenHere) {
            // Gone: it was deleted by a run before that did not come to write it down.
            return true;
        }
    }

    /** The file goes first: whoever comes after a crash deletes it again. */
    private void delete(Uploaded file) {
        files.delete(file.key());
        transaction.executeWithoutResult(
                _ ->
                        jdbc.sql(
                                        """
                                        UPDATE import SET file_deleted_at = :now
                                         WHERE workspace_id = :workspace AND id = :id
                                        """)
                                .param("workspace", WorkspaceScope.required())
                                .param("id", file.importId())
                                .param("now", clock.instant().atOffset(ZoneOffset.UTC))
                                .update());
    }
}
