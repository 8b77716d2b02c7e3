package io.mailgenius.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatusWordsTest {

    private static final TestDatabase DATABASE = TestDatabase.create();
    private static final Pattern WORD = Pattern.compile("'([A-Z]+)'::text");

    @AfterAll
    static void close() {
        DATABASE.close();
    }

    @ParameterizedTest
    @CsvSource({
        "ContactStatus, contact, status",
        "SuppressionReason, suppression, reason",
        "ImportStatus, import, status",
        "SegmentStatus, segment, status",
        "ApprovalStatus, campaign_approval, status",
        "CampaignStatus, campaign, status",
        "SendStatus, send, status",
        "SendDecision, send_decision, decision",
        "ConsentAct, consent, act",
        "FormRequestStatus, form_request, status",
        "NodeState, node, state",
        "NodeIntake, node, intake",
        "AttemptOutcome, chunk_attempt, outcome",
        "LaunchAction, launch_action, action",
        "LaunchState, launch, state",
        "Priority, launch, priority",
        "ChunkState, chunk, state",
        "MemberRole, membership, role",
        "MemberRole, invitation, role",
        "PersonStatus, person, status",
        "AlertState, alert, state",
        "EndpointStatus, endpoint, status",
        "MailStatus, mail, status",
        "DeliveryStatus, endpoint_delivery, status",
    })
    void the_words_of_the_code_are_those_that_the_database_admits(
            String type, String table, String column) throws Exception {
        Class<?> words = Class.forName("io.mailgenius.schema." + type);
        Set<String> inCode =
                Stream.of(words.getEnumConstants())
                        .map(Object::toString)
                        .collect(Collectors.toCollection(TreeSet::new));
        assertThat(admitted(table, column)).isEqualTo(inCode);
    }

    private static Set<String> admitted(String table, String column) throws SQLException {
        try (var connection = DATABASE.owner().getConnection();
                var checks =
                        connection.prepareStatement(
                                """
                                SELECT pg_get_constraintdef(k.oid)
                                  FROM pg_constraint k
                                  JOIN pg_attribute a ON a.attrelid = k.conrelid AND k.conkey = ARRAY[a.attnum]
                                 WHERE k.contype = 'c' AND k.conrelid = ?::regclass AND a.attname = ?
                                   AND pg_get_constraintdef(k.oid) LIKE '%ANY (ARRAY[%'
                                """)) {
            checks.setString(1, table);
            checks.setString(2, column);
            var rows = checks.executeQuery();
            assertThat(rows.next()).as("a CHECK on %s.%s", table, column).isTrue();
            return WORD.matcher(rows.getString(1))
                    .results()
                    .map(found -> found.group(1))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }
}
