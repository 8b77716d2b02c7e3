package io.mailgenius.jobs.delivery;

import io.mailgenius.schema.WorkspaceScope;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/** Reads the contacts of a chunk as they are now. */
@Component
final class RecipientStore {

    /** The columns from the third on, by the names that templates use. */
    private static final List<String> FIELDS =
            List.of("first_name", "last_name", "phone", "city", "country", "locale", "time_zone");

    private final JdbcClient jdbc;
    private final ObjectReader attributes;

    RecipientStore(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.attributes =
                json.readerFor(new TypeReference<Map<String, Object>>() {})
                        .with(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
    }

    /**
     * Ordered by id; contacts that were deleted are missing.
     *
     * @param topicId of the campaign, or null
     */
    List<Recipient> read(long[] contacts, @Nullable Long topicId) {
        return jdbc.sql(
                        """
                        SELECT c.id, c.email, c.first_name, c.last_name, c.phone, c.city, c.country, c.locale,
                               c.time_zone, c.attributes::text, c.status, s.reason, c.tracking,
                               %s AS wanted
                          FROM contact c
                          LEFT JOIN suppression s ON s.workspace_id = c.workspace_id AND s.email = c.email
                         WHERE c.workspace_id = :workspace AND c.id = ANY (:ids)
                         ORDER BY c.id
                        """
                                .formatted(topicId == null ? "true" : AudienceReader.WANTS))
                .param("workspace", WorkspaceScope.required())
                .param("ids", contacts)
                .params(topicId == null ? Map.of() : Map.of("topic", topicId))
                .query(this::recipient)
                .list();
    }

    private Recipient recipient(ResultSet row, int number) throws SQLException {
        long id = row.getLong(1);
        String email = row.getString(2);
        @Nullable String[] fields = new String[FIELDS.size()];
        for (int n = 0; n < fields.length; n++) {
            fields[n] = row.getString(3 + n);
        }
        String attributes = row.getString(10);
        String obstacle = obstacle(row.getString(11), row.getString(12));
        return new Recipient(
                id,
                email,
                () -> values(id, email, fields, attributes),
                row.getBoolean(13),
                obstacle == null && !row.getBoolean(14) ? "does not want the topic" : obstacle);
    }

    private Map<String, Object> values(
            long id, String email, @Nullable String[] fields, String attributes) {
        Map<String, Object> values = HashMap.newHashMap(3 + fields.length);
        values.put("id", id);
        values.put("email", email);
        for (int n = 0; n < fields.length; n++) {
            String field = fields[n];
            if (field != null) {
                values.put(FIELDS.get(n), field);
            }
        }
        values.put(
                "attributes",
                attributes.equals("{}") ? Map.of() : this.attributes.readValue(attributes));
        return values;
    }

    private static @Nullable String obstacle(String status, @Nullable String suppressed) {
        if (suppressed != null) {
            return "suppressed: " + suppressed;
        }
        return status.equals("SUBSCRIBED") ? null : "contact is " + status;
    }
}
