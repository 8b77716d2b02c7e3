package io.mailgenius.bench.verify;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Compares the contacts with the file that they were imported from, by plain SQL and a simple
 * reader of the sample file. It shares no code with the product.
 */
public final class ImportVerifier {

    private static final Pattern ADDRESS =
            Pattern.compile("[a-z0-9-]+(\\.[a-z0-9-]+)*@example\\.com");

    private final JdbcClient jdbc;

    /**
     * @param jdbcUrl for the login that owns the tables
     */
    public ImportVerifier(String jdbcUrl, String username, String password) {
        jdbc = LedgerObserver.owner(jdbcUrl, username, password);
    }

    /**
     * The differences.
     *
     * @param people distinct addresses in the file
     * @param missing addresses of the file without a contact
     * @param foreign contacts whose address is not in the file
     * @param outdated contacts that differ from the last row of their address
     * @param repeated chunks that were started more than once
     */
    public record ImportVerdict(
            long people, long missing, long foreign, long outdated, long repeated) {}

    public ImportVerdict verify(Path file, long importId) throws IOException {
        Map<String, String> scores = new HashMap<>();
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            for (String row = row(lines); !row.isEmpty(); row = row(lines)) {
                String address = row.substring(0, row.indexOf(',')).toLowerCase(Locale.ROOT);
                if (ADDRESS.matcher(address).matches()) {
                    scores.put(address, row.substring(row.lastIndexOf(',') + 1));
                }
            }
        }
        long people = scores.size();
        Map<Boolean, Long> wrong = new HashMap<>();
        jdbc.sql("SELECT email, attributes ->> 'score' AS score FROM contact")
                .withFetchSize(10_000)
                .query(
                        row -> {
                            String said = scores.remove(row.getString("email"));
                            if (said == null || !said.equals(row.getString("score"))) {
                                wrong.merge(said == null, 1L, Long::sum);
                            }
                        });
        return new ImportVerdict(
                people,
                scores.size(),
                wrong.getOrDefault(true, 0L),
                wrong.getOrDefault(false, 0L),
                repeated(importId));
    }

    /** A row up to a line break outside of quotes; empty at the end. */
    private static String row(BufferedReader lines) throws IOException {
        StringBuilder row = new StringBuilder();
        do {
            String line = lines.readLine();
            if (line == null) {
                return "";
            }
            row.append(line);
        } while (row.chars().filter(c -> c == '"').count() % 2 != 0);
        return row.toString();
    }

    private long repeated(long importId) {
        return jdbc.sql(
                        """
                        SELECT count(*) FROM launch l JOIN chunk c ON c.job_instance_id = l.job_instance_id
                         WHERE l.job_name = 'import' AND c.payload::jsonb ->> 'importId' = :import
                           AND c.attempt > 1
                        """)
                .param("import", Long.toString(importId))
                .query(Long.class)
                .single();
    }
}
