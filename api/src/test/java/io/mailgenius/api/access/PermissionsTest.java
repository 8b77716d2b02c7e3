package io.mailgenius.api.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailgenius.api.TestApi;
import io.mailgenius.api.access.AccessRules.Rule;
import io.mailgenius.jobs.people.RolePermissions;
import io.mailgenius.jobs.workspaces.Permissions;
import io.mailgenius.schema.MemberRole;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.web.servlet.DispatcherServlet;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** Every endpoint and page, as everybody: what the table says is what happens. */
@ExtendWith(TestApi.Ends.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PermissionsTest {

    private static final Path PAGE = Path.of("..", "docs", "permissions.md");
    private static final Set<String> READS = Set.of("GET", "HEAD", "OPTIONS");

    /** They end what the walk goes on with; other tests ask for them. */
    private static final Set<String> LEFT_OUT =
            Set.of("/sign-out", "/account/sessions/end", "/api/v1/workspace/suspend");

    private AccessFixture people;

    @BeforeAll
    void workspaces() throws Exception {
        people = new AccessFixture("walked");
    }

    private static List<Rule> api() {
        return AccessRules.rules().stream().filter(it -> it.path().startsWith("/api/")).toList();
    }

    private static List<Rule> console() {
        return AccessRules.rules().stream()
                .filter(it -> !it.path().startsWith("/api/") && !it.isPublic())
                .toList();
    }

    @Test
    void every_endpoint_has_a_rule_and_every_rule_an_endpoint() {
        Set<String> mapped = new TreeSet<>();
        TestApi.bean(DispatcherServlet.class).getHandlerMappings().stream()
                .filter(RequestMappingHandlerMapping.class::isInstance)
                .map(RequestMappingHandlerMapping.class::cast)
                .flatMap(mapping -> mapping.getHandlerMethods().keySet().stream())
                .forEach(
                        info ->
                                info.getPatternValues()
                                        .forEach(
                                                path ->
                                                        methods(
                                                                        info.getMethodsCondition()
                                                                                .getMethods())
                                                                .forEach(
                                                                        it ->
                                                                                mapped.add(
                                                                                        it + " "
                                                                                                + path))));
        assertThat(mapped).contains("GET /api/v1/contacts/{id}", "POST /jobs/{executionId}/stop");
        Map<String, Set<String>> ruled = new TreeMap<>();
        AccessRules.rules()
                .forEach(
                        it ->
                                ruled.computeIfAbsent(it.path(), _ -> new TreeSet<>())
                                        .add(it.method()));

        assertThat(mapped)
                .as("endpoints that AccessTable does not name")
                .filteredOn(it -> !it.contains(" /v3/") && !it.contains(" /swagger-ui"))
                .filteredOn(
                        it -> {
                            Set<String> methods =
                                    ruled.getOrDefault(it.substring(it.indexOf(' ') + 1), Set.of());
                            return !methods.contains("*")
                                    && !methods.contains(it.substring(0, it.indexOf(' ')));
                        })
                .isEmpty();
        assertThat(Stream.concat(api().stream(), console().stream()))
                .as("rules without an endpoint")
                .filteredOn(it -> !READS.contains(it.method()) || it.method().equals("GET"))
                .filteredOn(
                        it ->
                                !mapped.contains(it.method() + " " + it.path())
                                        && !mapped.contains("* " + it.path()))
                .isEmpty();
    }

    private static Stream<String> methods(Set<?> declared) {
        return declared.isEmpty() ? Stream.of("*") : declared.stream().map(Object::toString);
    }

    @Test
    void no_credential_and_none_that_is_valid_opens_nothing() throws Exception {
        Map<String, String> credentials =
                Map.of(
                        "unknown", "mg_nobody-has-this",
                        "expired", people.key("*", "now() - interval '1 second'", "NULL", "{}"),
                        "revoked", people.key("*", "NULL", "now()", "{}"));
        List<String> wrong = new ArrayList<>();
        for (Rule rule : api()) {
            expect(wrong, "nobody", rule, people.api(rule, null), 401);
            for (Map.Entry<String, String> credential : credentials.entrySet()) {
                expect(
                        wrong,
                        credential.getKey(),
                        rule,
                        people.api(rule, credential.getValue()),
                        401);
            }
        }
        TestApi browser = TestApi.browser();
        for (Rule rule : console()) {
            HttpResponse<String> answer = AccessFixture.page(browser, rule, "");
            expect(wrong, "nobody", rule, answer, READS.contains(rule.method()) ? 302 : 403);
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void a_token_that_is_not_valid_opens_nothing() throws Exception {
        OAuthFixture.Client revoked = OAuthFixture.client(people.key(), "*", false);
        Map<String, String> credentials =
                new TreeMap<>(OAuthFixture.bad(OAuthFixture.client(people.key(), "*", false)));
        credentials.put("of a revoked client", OAuthFixture.token(revoked));
        AccessFixture.request("DELETE", "/api/v1/oauth-clients/" + revoked.id(), people.key());
        List<String> wrong = new ArrayList<>();
        for (Rule rule : api()) {
            for (Map.Entry<String, String> it : credentials.entrySet()) {
                expect(wrong, it.getKey(), rule, people.api(rule, it.getValue()), 401);
            }
        }
        assertThat(wrong).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(MemberRole.class)
    void a_token_with_the_permissions_of_a_role_may_do_what_the_role_may(MemberRole role)
            throws Exception {
        Set<String> held = RolePermissions.of(role, RolePermissions.writesCampaigns(role));
        String token = OAuthFixture.token(people.key(), String.join(",", held));
        List<String> wrong = new ArrayList<>();
        for (Rule rule : api()) {
            if (!LEFT_OUT.contains(rule.path())) {
                judge(wrong, role.name(), rule, held, people.api(rule, token));
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void a_token_of_a_suspended_workspace_reads_and_changes_nothing() throws Exception {
        AccessFixture suspended = new AccessFixture("suspended while tokens are out");
        String token = OAuthFixture.token(suspended.key(), "*");
        AccessFixture.request("POST", "/api/v1/workspace/suspend", suspended.key());
        List<String> wrong = new ArrayList<>();
        for (Rule rule : api()) {
            boolean reads = READS.contains(rule.method());
            HttpResponse<String> answer = rule.evenSuspended() ? null : suspended.api(rule, token);
            if (answer != null
                    && (reads
                            ? answer.statusCode() >= 500
                                    || answer.body().contains("workspace-suspended")
                            : !answer.body().contains("workspace-suspended"))) {
                wrong.add(rule + ": " + answer.statusCode() + " " + answer.body());
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void a_key_from_another_network_opens_nothing() throws Exception {
        String key = people.key("*", "NULL", "NULL", "{192.0.2.0/24}");
        List<String> wrong = new ArrayList<>();
        for (Rule rule : api()) {
            expect(wrong, "elsewhere", rule, people.api(rule, key), 403);
        }
        assertThat(wrong).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(MemberRole.class)
    void a_key_with_the_permissions_of_a_role_may_do_what_the_role_may(MemberRole role)
            throws Exception {
        for (boolean maySend : sendings(role)) {
            Set<String> held = RolePermissions.of(role, maySend);
            String key = people.key(String.join(",", held), "NULL", "NULL", "{}");
            List<String> wrong = new ArrayList<>();
            for (Rule rule : api()) {
                if (!LEFT_OUT.contains(rule.path())) {
                    judge(wrong, role.name(), rule, held, people.api(rule, key));
                }
            }
            assertThat(wrong).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(MemberRole.class)
    void a_person_in_a_role_may_do_what_the_role_may(MemberRole role) throws Exception {
        boolean maySend = RolePermissions.writesCampaigns(role);
        TestApi browser = people.signedIn(role, maySend);
        String token = AccessFixture.formToken(browser, "/account");
        Set<String> held = RolePermissions.of(role, maySend);
        List<String> wrong = new ArrayList<>();
        for (Rule rule : console()) {
            if (!LEFT_OUT.contains(rule.path())) {
                judge(wrong, role.name(), rule, held, AccessFixture.page(browser, rule, token));
            }
        }
        assertThat(wrong).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(MemberRole.class)
    void a_session_of_a_key_may_do_what_the_key_may(MemberRole role) throws Exception {
        Set<String> held = RolePermissions.of(role, false);
        TestApi browser = TestApi.browser();
        browser.signIn(people.key(String.join(",", held), "NULL", "NULL", "{}"));
        String token = AccessFixture.formToken(browser, "/account");
        List<String> wrong = new ArrayList<>();
        for (Rule rule : console()) {
            if (!rule.path().startsWith("/account")) {
                judge(wrong, role.name(), rule, held, AccessFixture.page(browser, rule, token));
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void another_workspace_finds_nothing_of_this_one() throws Exception {
        Map<String, String> ids = people.fill();
        String key = TestApi.keyOfAnotherWorkspace("strangers of the walk");
        List<String> wrong = new ArrayList<>();
        strangerWalks(key, ids, wrong);
        strangerWalks(OAuthFixture.token(key, "*"), ids, wrong);
        assertThat(wrong).isEmpty();
        assertThat(people.api(new Rule("GET", "/api/v1/contacts", "", false), people.key()).body())
                .as("the owner still sees it")
                .contains(AccessFixture.MARK);
    }

    private static void strangerWalks(String stranger, Map<String, String> ids, List<String> wrong)
            throws Exception {
        for (Rule rule : api()) {
            if (LEFT_OUT.contains(rule.path())) {
                continue;
            }
            String path = AccessFixture.filled(rule.path(), ids);
            HttpResponse<String> answer = AccessFixture.request(rule.method(), path, stranger);
            boolean names = rule.path().contains("{") && !rule.path().contains("uploads");
            // A proof of consent outlives its contact, so that there may be one or none of any id.
            boolean refused =
                    answer.statusCode() >= 400 && answer.statusCode() < 500
                            || answer.body().startsWith("{\"items\":[],");
            // To take away what is not there is to have it taken away.
            boolean absent = rule.path().contains("suppressions") && answer.statusCode() == 204;
            if ((names && !refused && !absent)
                    || answer.statusCode() >= 500
                    || answer.body().contains(AccessFixture.MARK)) {
                wrong.add(
                        rule.method()
                                + " "
                                + path
                                + ": "
                                + answer.statusCode()
                                + " "
                                + answer.body());
            }
        }
    }

    private static List<Boolean> sendings(MemberRole role) {
        return RolePermissions.writesCampaigns(role) ? List.of(false, true) : List.of(false);
    }

    private static void judge(
            List<String> wrong,
            String who,
            Rule rule,
            Set<String> held,
            HttpResponse<String> answer) {
        boolean may =
                rule.permission().equals(AccessTable.SIGNED_IN)
                        || Permissions.allow(held, rule.permission());
        boolean asExpected =
                may
                        ? answer.statusCode() != 401
                                && answer.statusCode() != 403
                                && answer.statusCode() < 500
                        : answer.statusCode() == 403;
        if (!asExpected) {
            wrong.add(who + " " + rule + ": " + answer.statusCode() + " " + answer.body());
        }
    }

    private static void expect(
            List<String> wrong, String who, Rule rule, HttpResponse<String> answer, int status) {
        if (answer.statusCode() != status) {
            wrong.add(who + " " + rule + ": " + answer.statusCode());
        }
    }

    @Test
    void the_page_of_the_permissions_is_what_the_table_says() throws Exception {
        String page = page();
        if (Boolean.getBoolean("mailgenius.docs.write")) {
            Files.writeString(PAGE, page);
        }
        assertThat(Files.readString(PAGE))
                .as("docs/permissions.md; -Dmailgenius.docs.write=true writes it")
                .isEqualTo(page);
    }

    private static String page() {
        StringBuilder page =
                new StringBuilder(
                        """
                        # Permissions

                        Who may do what. A test generates this page from the table that the node decides by, and asks a node for
                        each endpoint and page as everybody: without a credential, with a key or token that is unknown, expired, forged, revoked or used from a
                        network that it is not for, as each role, and as another workspace. What the table does not name is closed.

                        A permission is a noun and a verb. API keys, OAuth clients and their tokens have permissions as their scopes; `*` is all of them, and who
                        may write a noun may read it. People have those of their role, and **sending is a right of its own** that
                        owners, admins and editors can have besides (`campaigns:send`). Nobody gives a permission to a key or a person that they
                        do not have themselves. In a suspended workspace everything can be read, and nothing changes but by what is marked *also*.

                        | answer | means |
                        |---|---|
                        | 401 | no credential, or one that is not valid; pages lead to `/sign-in` instead |
                        | 403 | the key or the role lacks the permission |
                        | 404 | there is no such thing in this workspace |
                        | 409 `workspace-suspended` | the workspace is suspended |

                        ## Roles

                        """);
        page.append("| permission |");
        for (MemberRole role : MemberRole.values()) {
            page.append(' ').append(role.name().toLowerCase(Locale.ROOT)).append(" |");
        }
        page.append("\n|---|").append("---|".repeat(MemberRole.values().length)).append('\n');
        for (String permission : Permissions.known()) {
            page.append("| `")
                    .append(permission)
                    .append("` |")
                    .append(marks(permission))
                    .append('\n');
        }
        table(page, "Endpoints", api());
        table(page, "Pages of the console", console());
        return page.toString();
    }

    private static void table(StringBuilder page, String title, List<Rule> rules) {
        page.append("\n## ").append(title).append("\n\n| request | permission | suspended |");
        for (MemberRole role : MemberRole.values()) {
            page.append(' ').append(role.name().toLowerCase(Locale.ROOT)).append(" |");
        }
        page.append("\n|---|---|---|")
                .append("---|".repeat(MemberRole.values().length))
                .append('\n');
        for (Rule rule : rules) {
            page.append("| `")
                    .append(rule.method().equals("*") ? "any other" : rule.method())
                    .append(' ')
                    .append(rule.path())
                    .append("` | `")
                    .append(rule.permission())
                    .append("` | ")
                    .append(rule.evenSuspended() ? "also" : "")
                    .append(" |")
                    .append(marks(rule.permission()))
                    .append('\n');
        }
    }

    private static String marks(String permission) {
        return Stream.of(MemberRole.values())
                .map(
                        role -> {
                            if (permission.equals(AccessTable.SIGNED_IN)
                                    || Permissions.allow(
                                            RolePermissions.of(role, false), permission)) {
                                return " yes |";
                            }
                            return permission.equals(Permissions.SEND)
                                            && RolePermissions.writesCampaigns(role)
                                    ? " if given |"
                                    : " |";
                        })
                .collect(Collectors.joining());
    }
}
