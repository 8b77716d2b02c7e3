package io.mailgenius.api.access;

import static io.mailgenius.api.TestApi.json;
import static io.mailgenius.api.access.AccessFixture.address;
import static io.mailgenius.api.access.AccessFixture.person;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mailgenius.api.TestApi;
import io.mailgenius.schema.MemberRole;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** Refused sign-ins in the audit trail. */
@ExtendWith(TestApi.Ends.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RefusedSignInTest {

    private AccessFixture workspace;

    @BeforeAll
    void workspace() throws Exception {
        workspace = new AccessFixture("refused sign-ins");
    }

    private List<JsonNode> entries(String target, String door) throws Exception {
        List<JsonNode> entries = new ArrayList<>();
        for (JsonNode entry :
                json(AccessFixture.send(
                                "GET",
                                "/api/v1/audit?noun=sign-in&target=" + target,
                                "",
                                workspace.key()))
                        .path("items")) {
            if (entry.path("after").path("door").asString().equals(door)) {
                entries.add(entry);
            }
        }
        return entries;
    }

    private long rows(String subject) {
        return TestApi.owner()
                .sql("SELECT count(*) FROM refused_sign_in WHERE subject = :subject")
                .param("subject", subject)
                .query(Long.class)
                .single();
    }

    @Test
    void wrong_passwords_are_recorded_in_two_entries_however_many_there_are() throws Exception {
        String email = address();
        workspace.signedIn(email, MemberRole.EDITOR, false);
        String id = Long.toString(person(email));
        TestApi guesser = TestApi.browser();
        AccessFixture.signIn(guesser, email, "wrong wrong wrong 0");
        await().until(() -> entries(id, "PASSWORD").size() == 1);
        for (int n = 1; n < 6; n++) {
            AccessFixture.signIn(guesser, email, "wrong wrong wrong " + n);
        }
        TestApi.owner()
                .sql(
                        """
                        UPDATE refused_sign_in SET first_at = first_at - interval '16 minutes'
                         WHERE subject = :email
                        """)
                .param("email", email)
                .update();

        await().until(() -> rows(email) == 0);

        List<JsonNode> entries = entries(id, "PASSWORD");
        assertThat(entries).hasSize(2);
        assertThat(entries.stream().mapToInt(it -> it.path("after").path("attempts").asInt()).sum())
                .isEqualTo(6);
        assertThat(entries.toString())
                .contains("REFUSED", email, "127.0.0.1")
                .doesNotContain("wrong wrong");
    }

    @Test
    void codes_keys_limits_and_accounts_elsewhere_are_recorded_and_strangers_leave_no_row()
            throws Exception {
        String email = address();
        workspace.signedIn(email, MemberRole.EDITOR, false);
        String id = Long.toString(person(email));
        TestApi.owner()
                .sql("UPDATE person SET totp_confirmed_at = now() WHERE id = :id")
                .param("id", person(email))
                .update();
        TestApi browser = TestApi.browser();
        AccessFixture.signIn(browser, email, AccessFixture.PASSWORD);
        String form = AccessFixture.formToken(browser, "/sign-in/code");
        AccessFixture.post(browser, "/sign-in/code", form, Map.of("code", "123456"));
        await().until(() -> entries(id, "SECOND_FACTOR").size() == 1);
        assertThat(entries(id, "SECOND_FACTOR").toString()).doesNotContain("123456");

        String revoked = workspace.key("*", "NULL", "now()", "{}");
        TestApi.browser().signIn(revoked);
        String key =
                TestApi.owner()
                        .sql("SELECT max(id)::text FROM api_key WHERE workspace_id = :workspace")
                        .param("workspace", workspace.workspace())
                        .query(String.class)
                        .single();
        await().until(() -> entries(key, "KEY").size() == 1);
        assertThat(entries(key, "KEY").toString()).doesNotContain(revoked);

        String stranger = address();
        AccessFixture.signIn(TestApi.browser(), stranger, "wrong wrong wrong");
        TestApi.browser().signIn("mg_nobody-has-this");
        await().until(() -> rows(stranger) == 0);

        String guessed = address();
        workspace.signedIn(guessed, MemberRole.VIEWER, false);
        TestApi guesser = TestApi.browser();
        for (int n = 0; n < 13; n++) {
            AccessFixture.signIn(guesser, guessed, "wrong wrong wrong " + n);
        }
        String who = Long.toString(person(guessed));
        await().until(() -> entries(who, "LIMIT").size() == 1);
        assertThat(entries(who, "LIMIT").getFirst().path("after").path("attempts").asInt())
                .as("what is over the limit is not stored one by one")
                .isEqualTo(1);
    }
}
