package io.mailgenius.jobs.imports.merge;

import io.mailgenius.engine.ledger.ChunkCounts;
import io.mailgenius.jobs.imports.columns.ImportOptions;
import io.mailgenius.jobs.imports.rows.Staging;
import io.mailgenius.schema.WorkspaceScope;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Merges the rows of one slice, in the caller's transaction, and says what became of each. */
public final class Merge {

    /**
     * @param missing lines of addresses that no contact has and that the mode does not make
     * @param large lines whose contact would have too many attributes
     */
    public record Merged(ChunkCounts counts, Set<Long> missing, Set<Long> large) {}

    private final Connection connection;
    private final Staging staging;
    private final ImportOptions options;
    private final long importId;
    private final long workspaceId = WorkspaceScope.required();
    private final Map<String, Long> counts = new HashMap<>();
    private final Set<Long> missing = new HashSet<>();
    private final Set<Long> large = new HashSet<>();

    public Merge(Connection connection, Staging staging, long importId, ImportOptions options) {
        this.connection = connection;
        this.staging = staging;
        this.importId = importId;
        this.options = options;
    }

    public Merged run() throws SQLException, IOException {
        if (staging.rows() == 0) {
            return new Merged(ChunkCounts.NONE, Set.of(), Set.of());
        }
        staging.copyIn(connection);
        if (staging.lowers()) {
            if (staging.addresses() < staging.rows()) {
                FileConsent.spread(connection);
            }
            if (!options.isDryRun()) {
                FileConsent.suppress(connection, workspaceId, importId, options.modeOrUsual());
            }
        }
        boolean resubscribes = options.resubscribe() != null && !options.isDryRun();
        if (resubscribes) {
            Resubscription.lock(connection, workspaceId);
        }
        MergeSql sql = sql();
        int rows = staging.rows();
        int addresses = staging.addresses();
        while (rows > 0) {
            rows = merge(sql, rows, addresses);
            addresses = rows == 0 ? 0 : addressesLeft();
        }
        if (resubscribes) {
            Resubscription.audit(connection, workspaceId, importId, reason());
        }
        return new Merged(new ChunkCounts(counts), missing, large);
    }

    private String reason() {
        return options.resubscribe() == null ? "" : options.resubscribe().reason();
    }

    private MergeSql sql() throws SQLException {
        MergeFragments words =
                new MergeFragments(
                        workspaceId,
                        importId,
                        staging.staged(),
                        options.modeOrUsual(),
                        options.resubscribe() != null,
                        staging.largest());
        return options.isDryRun()
                ? new TrialMerge(words)
                : new ContactMerge(words, options.lists(), anySuppression());
    }

    private boolean anySuppression() throws SQLException {
        try (PreparedStatement asked =
                connection.prepareStatement(
                        "SELECT EXISTS (SELECT FROM suppression WHERE workspace_id = ?)")) {
            asked.setLong(1, workspaceId);
            ResultSet row = asked.executeQuery();
            return row.next() && row.getBoolean(1);
        }
    }

    /**
     * @return how many rows are to be merged once more, because the one that counted was refused
     */
    private int merge(MergeSql sql, int rows, int addresses) throws SQLException {
        List<String> asked = first(sql.first());
        int accounted = addresses - asked.size();
        int once = 0;
        if (!asked.isEmpty()) {
            int taken = again(sql.again(), asked);
            accounted += taken;
            if (taken < asked.size()) {
                if (staging.lowers()) {
                    lower(sql.lowered(), asked);
                }
                Left left = left(sql.left(), asked);
                accounted += left.accounted();
                once = left.once();
            }
        }
        // What is left over has the address of another row of the file.
        add(ImportCounts.DUPLICATE, rows - accounted - once);
        return once;
    }

    /** Answers the addresses that it did not take. */
    private List<String> first(String sql) throws SQLException {
        List<String> asked = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                String email = row.getString(3);
                if (email == null) {
                    add(name(row.getString(1)), row.getLong(2));
                } else {
                    asked.add(email);
                }
            }
        }
        return asked;
    }

    /** Each of them makes a duplicate of a row that was counted as something else. */
    private int again(String sql, List<String> asked) throws SQLException {
        int taken = 0;
        try (PreparedStatement statement = prepared(sql, asked);
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                long count = row.getLong(3);
                add(name(row.getString(1)), -count);
                add(name(row.getString(2)), count);
                add(ImportCounts.DUPLICATE, count);
                taken += (int) count;
            }
        }
        return taken;
    }

    private void lower(String sql, List<String> asked) throws SQLException {
        try (PreparedStatement statement = prepared(sql, asked);
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                add(name(row.getString(1)), -row.getLong(3));
                add(name(row.getString(2)), row.getLong(3));
            }
        }
    }

    /**
     * @param accounted rows of the slice that are no duplicates, though they were not merged
     * @param once rows that are to be merged once more
     */
    private record Left(int accounted, int once) {}

    private Left left(String sql, List<String> asked) throws SQLException {
        Map<String, String> whyByAddress = new HashMap<>();
        Set<Long> refused = new HashSet<>();
        try (PreparedStatement statement = prepared(sql, asked);
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                switch (row.getString(3)) {
                    case "O" -> {}
                    case "L" -> {
                        refused.add(row.getLong(1));
                        whyByAddress.put(row.getString(2), "L");
                    }
                    case String why -> whyByAddress.put(row.getString(2), why);
                }
            }
        }
        if (whyByAddress.isEmpty()) {
            return new Left(0, 0);
        }
        return settle(whyByAddress, refused);
    }

    /**
     * All rows of an address that is missing, or that the mode leaves alone, are told so: no other
     * row of the file had any effect that would make one a duplicate.
     */
    private Left settle(Map<String, String> whyByAddress, Set<Long> refused) throws SQLException {
        int accounted = 0;
        Set<Long> once = new HashSet<>();
        try (PreparedStatement statement =
                connection.prepareStatement(
                        "SELECT line, email FROM import_row WHERE email = ANY (?)")) {
            statement.setArray(
                    1, connection.createArrayOf("text", whyByAddress.keySet().toArray()));
            ResultSet row = statement.executeQuery();
            while (row.next()) {
                long line = row.getLong(1);
                switch (whyByAddress.getOrDefault(row.getString(2), "")) {
                    case "M" -> {
                        missing.add(line);
                        accounted++;
                    }
                    case "T" -> {
                        add(ImportCounts.UNCHANGED, 1);
                        accounted++;
                    }
                    default -> {
                        if (refused.contains(line)) {
                            large.add(line);
                            accounted++;
                        } else {
                            once.add(line);
                        }
                    }
                }
            }
        }
        keep(once);
        return new Left(accounted, once.size());
    }

    private PreparedStatement prepared(String sql, List<String> asked) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        statement.setArray(1, connection.createArrayOf("text", asked.toArray()));
        return statement;
    }

    private void keep(Set<Long> lines) throws SQLException {
        if (lines.isEmpty()) {
            return;
        }
        try (PreparedStatement statement =
                connection.prepareStatement("DELETE FROM import_row WHERE NOT line = ANY (?)")) {
            statement.setArray(1, connection.createArrayOf("bigint", lines.toArray()));
            statement.executeUpdate();
        }
    }

    private int addressesLeft() throws SQLException {
        try (PreparedStatement statement =
                        connection.prepareStatement(
                                "SELECT count(DISTINCT email) FROM import_row");
                ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getInt(1);
        }
    }

    private void add(String count, long more) {
        if (more != 0) {
            counts.merge(count, more, Long::sum);
        }
    }

    private static String name(@Nullable String outcome) {
        return switch (outcome) {
            case "C" -> ImportCounts.CREATED;
            case "U" -> ImportCounts.UPDATED;
            case "N" -> ImportCounts.UNCHANGED;
            case null, default ->
                    throw new IllegalStateException("A merge came to the outcome " + outcome);
        };
    }
}
