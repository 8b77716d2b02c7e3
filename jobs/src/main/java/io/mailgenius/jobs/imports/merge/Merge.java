package io.mailgenius.jobs.imports.merge;

import io.mailgenius.engine.ledger.ChunkCounts;
import io.mailgenius.jobs.contacts.erased.HashKey;
import io.mailgenius.jobs.imports.columns.ImportOptions;
import io.mailgenius.jobs.imports.rows.Staging;
import io.mailgenius.schema.WorkspaceScope;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;

/** Merges the rows of one slice in the caller's transaction, and counts their outcomes. */
public final class Merge {

    /**
     * @param missing lines whose address no contact has, with a mode that creates none
     * @param large lines whose contact would have too many attributes
     * @param erased lines whose address was erased before
     * @param beyond lines whose contact would be one too many
     */
    public record Merged(
            ChunkCounts counts,
            Set<Long> missing,
            Set<Long> large,
            Set<Long> erased,
            Set<Long> beyond) {}

    private final Connection connection;
    private final Staging staging;
    private final ImportOptions options;
    private final long importId;
    private final long workspaceId = WorkspaceScope.required();
    private final Map<String, Long> counts = new HashMap<>();
    private final Set<Long> missing = new HashSet<>();
    private final Set<Long> large = new HashSet<>();
    private final List<HashKey> erasureKeys;
    private OptionalLong room = OptionalLong.empty();

    public Merge(Connection connection, Staging staging, long importId, ImportOptions options) {
        this(connection, staging, importId, options, List.of());
    }

    /**
     * @param erasureKeys those of erased addresses, which are not merged; none if there are none
     */
    public Merge(
            Connection connection,
            Staging staging,
            long importId,
            ImportOptions options,
            List<HashKey> erasureKeys) {
        this.erasureKeys = erasureKeys;
        this.connection = connection;
        this.staging = staging;
        this.importId = importId;
        this.options = options;
    }

    /**
     * @param most contacts that may be created; empty for any number
     */
    public Merge within(OptionalLong most) {
        room = most;
        return this;
    }

    public Merged run() throws SQLException, IOException {
        if (staging.rows() == 0) {
            return new Merged(ChunkCounts.NONE, Set.of(), Set.of(), Set.of(), Set.of());
        }
        staging.copyIn(connection);
        Set<Long> erased = withoutErased();
        if (staging.lowers()) {
            if (staging.addresses() < staging.rows()) {
                FileConsent.spread(connection);
            }
            if (!options.isDryRun()) {
                FileConsent.suppress(connection, workspaceId, importId, options.modeOrUsual());
            }
        }
        Set<Long> beyond = withoutThoseBeyond();
        boolean resubscribes = options.resubscribe() != null && !options.isDryRun();
        if (resubscribes) {
            Resubscription.lock(connection, workspaceId);
        }
        MergeSql sql = sql();
        int rows = staging.rows() - erased.size() - beyond.size();
        int addresses =
                erased.isEmpty() && beyond.isEmpty() ? staging.addresses() : countAddresses();
        while (rows > 0) {
            rows = merge(sql, rows, addresses);
            addresses = rows == 0 ? 0 : countAddresses();
        }
        if (resubscribes) {
            Resubscription.audit(connection, workspaceId, importId, reason());
        }
        return new Merged(new ChunkCounts(counts), missing, large, erased, beyond);
    }

    /** The first of the file become contacts. */
    private Set<Long> withoutThoseBeyond() throws SQLException {
        Set<Long> lines = new HashSet<>();
        if (room.isEmpty()) {
            return lines;
        }
        try (PreparedStatement statement =
                connection.prepareStatement(
                        """
                        DELETE FROM import_row
                         WHERE email IN (
                               SELECT r.email FROM import_row r
                                WHERE NOT EXISTS (SELECT FROM contact c
                                                   WHERE c.workspace_id = ? AND c.email = r.email OFFSET 0)
                                GROUP BY r.email ORDER BY min(r.line) OFFSET ?)
                        RETURNING line
                        """)) {
            statement.setLong(1, workspaceId);
            statement.setLong(2, room.getAsLong());
            ResultSet row = statement.executeQuery();
            while (row.next()) {
                lines.add(row.getLong(1));
            }
        }
        return lines;
    }

    /** Before anything is written about an address. */
    private Set<Long> withoutErased() throws SQLException {
        Set<Long> lines = new HashSet<>();
        for (HashKey key : erasureKeys) {
            try (PreparedStatement statement =
                    connection.prepareStatement(
                            """
                            DELETE FROM import_row r
                             USING erased_address e
                             WHERE e.workspace_id = ? AND e.key_id = ?
                               AND e.hash = sha256(?::bytea || sha256(?::bytea || convert_to(r.email, 'UTF8')))
                            RETURNING r.line
                            """)) {
                statement.setLong(1, workspaceId);
                statement.setInt(2, key.id());
                statement.setBytes(3, key.outer());
                statement.setBytes(4, key.inner());
                ResultSet row = statement.executeQuery();
                while (row.next()) {
                    lines.add(row.getLong(1));
                }
            }
        }
        return lines;
    }

    private String reason() {
        return options.resubscribe() == null ? "" : options.resubscribe().reason();
    }

    private MergeSql sql() throws SQLException {
        MergeFragments fragments =
                new MergeFragments(
                        workspaceId,
                        importId,
                        staging.staged(),
                        options.modeOrUsual(),
                        options.resubscribe() != null,
                        staging.largest());
        return options.isDryRun()
                ? new TrialMerge(fragments)
                : new ContactMerge(fragments, options.lists(), hasSuppressions());
    }

    private boolean hasSuppressions() throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        "SELECT EXISTS (SELECT FROM suppression WHERE workspace_id = ?)")) {
            statement.setLong(1, workspaceId);
            ResultSet row = statement.executeQuery();
            return row.next() && row.getBoolean(1);
        }
    }

    /**
     * @return how many rows remain to be merged, because a later row of their address in this slice
     *     was too large
     */
    private int merge(MergeSql sql, int rows, int addresses) throws SQLException {
        List<String> open = upsert(sql.upsert());
        int accounted = addresses - open.size();
        int remaining = 0;
        if (!open.isEmpty()) {
            int merged = override(sql.overridden(), open);
            accounted += merged;
            if (merged < open.size()) {
                if (staging.lowers()) {
                    lower(sql.lowered(), open);
                }
                Settled settled = settle(unmerged(sql.unmerged(), open));
                accounted += settled.accounted();
                remaining = settled.remaining();
            }
        }
        // The other rows have the address of a later row of the file.
        count(RowOutcome.OVERRIDDEN, rows - accounted - remaining);
        return remaining;
    }

    /** Returns the addresses that were not merged. */
    private List<String> upsert(String sql) throws SQLException {
        List<String> open = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                String email = row.getString(3);
                if (email == null) {
                    count(RowOutcome.ofCode(row.getString(1)), row.getLong(2));
                } else {
                    open.add(email);
                }
            }
        }
        return open;
    }

    /**
     * The earlier row of each merged address becomes a duplicate instead of what it was counted as.
     */
    private int override(String sql, List<String> open) throws SQLException {
        int merged = 0;
        try (PreparedStatement statement = prepared(sql, open);
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                long rows = row.getLong(3);
                recount(row, rows);
                count(RowOutcome.OVERRIDDEN, rows);
                merged += (int) rows;
            }
        }
        return merged;
    }

    private void lower(String sql, List<String> open) throws SQLException {
        try (PreparedStatement statement = prepared(sql, open);
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                recount(row, row.getLong(3));
            }
        }
    }

    private void recount(ResultSet row, long rows) throws SQLException {
        count(RowOutcome.ofCode(row.getString(1)), -rows);
        count(RowOutcome.ofCode(row.getString(2)), rows);
    }

    /**
     * @param outcomes of the addresses whose latest row of this slice was not merged, and is not
     *     overridden by another slice
     * @param tooLarge lines of the rows that are too large
     */
    private record Unmerged(Map<String, RowOutcome> outcomes, Set<Long> tooLarge) {}

    private Unmerged unmerged(String sql, List<String> open) throws SQLException {
        Map<String, RowOutcome> outcomes = new HashMap<>();
        Set<Long> tooLarge = new HashSet<>();
        try (PreparedStatement statement = prepared(sql, open);
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                RowOutcome outcome = RowOutcome.ofCode(row.getString(3));
                switch (outcome) {
                    case OVERRIDDEN -> {}
                    case TOO_LARGE -> {
                        tooLarge.add(row.getLong(1));
                        outcomes.put(row.getString(2), outcome);
                    }
                    case MISSING, LEFT_ALONE -> outcomes.put(row.getString(2), outcome);
                    case CREATED, UPDATED, UNCHANGED ->
                            throw new IllegalStateException(
                                    "A row that was not merged has the outcome " + outcome);
                }
            }
        }
        return new Unmerged(outcomes, tooLarge);
    }

    /**
     * @param accounted rows that have an outcome of their own, so they are no duplicates
     * @param remaining rows that are to be merged in another round
     */
    private record Settled(int accounted, int remaining) {}

    /**
     * Assigns the outcome {@code MISSING} or {@code LEFT_ALONE} to all rows of the address: none of
     * them is merged, so none is a duplicate of another. Of an address whose latest row is too
     * large, the earlier rows remain.
     */
    private Settled settle(Unmerged unmerged) throws SQLException {
        if (unmerged.outcomes().isEmpty()) {
            return new Settled(0, 0);
        }
        int accounted = 0;
        Set<Long> remaining = new HashSet<>();
        try (PreparedStatement statement =
                        prepared(
                                "SELECT line, email FROM import_row WHERE email = ANY (?)",
                                unmerged.outcomes().keySet());
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                long line = row.getLong(1);
                RowOutcome outcome =
                        Objects.requireNonNull(unmerged.outcomes().get(row.getString(2)));
                if (outcome == RowOutcome.TOO_LARGE && !unmerged.tooLarge().contains(line)) {
                    remaining.add(line);
                } else {
                    accounted++;
                    settle(line, outcome);
                }
            }
        }
        keepOnly(remaining);
        return new Settled(accounted, remaining.size());
    }

    /** Rows that are rejected are counted by the caller, who writes them to the rejects. */
    private void settle(long line, RowOutcome outcome) {
        switch (outcome) {
            case MISSING -> missing.add(line);
            case TOO_LARGE -> large.add(line);
            case LEFT_ALONE -> count(outcome, 1);
            case CREATED, UPDATED, UNCHANGED, OVERRIDDEN ->
                    throw new IllegalStateException(
                            "The line %d has the outcome %s".formatted(line, outcome));
        }
    }

    private PreparedStatement prepared(String sql, Collection<String> emails) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        statement.setArray(1, connection.createArrayOf("text", emails.toArray()));
        return statement;
    }

    private void keepOnly(Set<Long> lines) throws SQLException {
        if (lines.isEmpty()) {
            return;
        }
        try (PreparedStatement statement =
                connection.prepareStatement("DELETE FROM import_row WHERE NOT line = ANY (?)")) {
            statement.setArray(1, connection.createArrayOf("bigint", lines.toArray()));
            statement.executeUpdate();
        }
    }

    private int countAddresses() throws SQLException {
        try (PreparedStatement statement =
                        connection.prepareStatement(
                                "SELECT count(DISTINCT email) FROM import_row");
                ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getInt(1);
        }
    }

    private void count(RowOutcome outcome, long rows) {
        if (rows != 0) {
            counts.merge(outcome.figure(), rows, Long::sum);
        }
    }
}
