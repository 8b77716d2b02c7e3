package io.mailgenius.api.openapi;

import static io.mailgenius.api.TestApi.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.mailgenius.api.TestApi;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** The document that a node gives of itself is whole. Whether it is true, schemathesis asks. */
@ExtendWith(TestApi.Ends.class)
class DocumentTest {

    private static final Set<String> METHODS = Set.of("get", "put", "post", "patch", "delete");

    private JsonNode document;

    @BeforeEach
    void read() throws Exception {
        document =
                json(
                        TestApi.program()
                                .get("/v3/api-docs", "Authorization", "Bearer " + TestApi.KEY));
    }

    private JsonNode schema(String name) {
        JsonNode schema = document.path("components").path("schemas").path(name);
        assertThat(schema.isObject()).as(name).isTrue();
        return schema;
    }

    private void operations(BiConsumer<String, JsonNode> visitor) {
        for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
            for (Map.Entry<String, JsonNode> item : path.getValue().properties()) {
                if (METHODS.contains(item.getKey())) {
                    visitor.accept(item.getKey() + " " + path.getKey(), item.getValue());
                }
            }
        }
    }

    @Test
    void it_is_of_openapi_3_1() {
        assertThat(document.path("openapi").asString()).startsWith("3.1");
    }

    @Test
    void every_reference_leads_somewhere() {
        List<String> broken = new ArrayList<>();
        collect(document, "$ref")
                .forEach(
                        ref -> {
                            if (document.at(ref.asString().substring(1)).isMissingNode()) {
                                broken.add(ref.asString());
                            }
                        });
        assertThat(broken).isEmpty();
    }

    private static List<JsonNode> collect(JsonNode node, String property) {
        List<JsonNode> found = new ArrayList<>();
        if (node.isObject() && node.path(property).isString()) {
            found.add(node.path(property));
        }
        node.forEach(child -> found.addAll(collect(child, property)));
        return found;
    }

    /** A class that would take the name of another has its full name. */
    @Test
    void no_two_classes_share_a_schema() {
        assertThat(document.path("components").path("schemas").propertyNames())
                .contains("ContactView", "ContactViewPage", "TemplatePreview", "SegmentPreview")
                .allSatisfy(name -> assertThat(name).matches("[A-Za-z0-9]+"));
    }

    @Test
    void what_is_not_nullable_is_required_and_what_is_may_be_null() {
        JsonNode contact = schema("ContactView");
        assertThat(texts(contact.path("required")))
                .contains("id", "email", "status", "createdAt")
                .doesNotContain("firstName");
        assertThat(texts(contact.at("/properties/firstName/type"))).contains("string", "null");
        assertThat(contact.at("/properties/email/type").asString()).isEqualTo("string");
        assertThat(schema("Campaign").at("/properties/utm/$ref").asString())
                .isEqualTo("#/components/schemas/LinkUtm");
        assertThat(collect(schema("Campaign").at("/properties/window"), "type"))
                .extracting(JsonNode::asString)
                .contains("null");
        assertThat(texts(schema("JobDetail").path("required"))).contains("launchId", "steps");
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.asString()));
        return texts;
    }

    @Test
    void what_is_sent_has_limits_and_nothing_that_is_not_known() {
        assertThat(schema("ContactDraft").path("additionalProperties").isBoolean()).isTrue();
        assertThat(texts(schema("ContactDraft").path("required"))).containsExactly("email");
        assertThat(schema("ContactPatch").path("required").isMissingNode()).isTrue();
        assertThat(schema("ListDraft").at("/properties/name/maxLength").asInt()).isEqualTo(200);
        assertThat(schema("ContactView").path("additionalProperties").isMissingNode()).isTrue();
    }

    @Test
    void a_parameter_of_a_path_has_a_schema_of_its_own() {
        assertThat(format("/api/v1/uploads/{id}", "patch")).isEqualTo("uuid");
        assertThat(format("/api/v1/suppressions/{email}", "get")).isEqualTo("email");
        assertThat(format("/api/v1/contacts/{id}", "get")).isEqualTo("int64");
    }

    private String format(String path, String method) {
        for (JsonNode parameter :
                document.path("paths").path(path).path(method).path("parameters")) {
            if (parameter.path("in").asString().equals("path")) {
                return parameter.path("schema").path("format").asString("");
            }
        }
        throw new AssertionError(path + " has no parameter");
    }

    @Test
    void patterns_let_through_what_is_accepted() {
        String sender = schema("CampaignDraft").at("/properties/from/pattern").asString();
        assertThat(List.of("a@b.com", "Jürgen Müller & Co <news+1@mail.bücher.example>"))
                .allSatisfy(it -> assertThat(Pattern.compile(sender).matcher(it).find()).isTrue());
        String page = schema("FormDraft").at("/properties/redirectUrl/pattern").asString();
        assertThat(List.of("https://Example.com:8443/a?b=c#d", "http://localhost/%C3%A4"))
                .allSatisfy(it -> assertThat(Pattern.compile(page).matcher(it).find()).isTrue());
    }

    @Test
    void a_body_that_may_be_left_out_may_be_null() {
        JsonNode preview =
                document.path("paths").path("/api/v1/templates/{id}/preview").path("post");
        assertThat(collect(preview.path("requestBody"), "type"))
                .extracting(JsonNode::asString)
                .contains("null");
    }

    @Test
    void every_operation_declares_what_it_answers() {
        operations(
                (name, operation) -> {
                    JsonNode responses = operation.path("responses");
                    if (!name.contains(" /api/")) {
                        return;
                    }
                    assertThat(responses.propertyNames())
                            .as(name)
                            .contains("400", "401", "403", "503", "default")
                            .anyMatch(status -> status.startsWith("2"));
                    if (name.contains("{")) {
                        assertThat(responses.propertyNames()).as(name).contains("404");
                    }
                    if (operation.has("requestBody")) {
                        assertThat(responses.propertyNames())
                                .as(name)
                                .contains("413", "415", "422", "409");
                    }
                    if (responses.has("201")) {
                        assertThat(responses.path("201").path("headers").has("Location"))
                                .as(name)
                                .isTrue();
                    }
                });
        assertThat(document.at("/paths/~1webhooks~1resend/post/responses").propertyNames())
                .contains("204", "400", "401", "413", "503", "default");
        assertThat(document.at("/paths/~1api~1v1~1contacts/post/responses/201").isObject())
                .isTrue();
        assertThat(document.at("/paths/~1api~1v1~1contacts/post/responses/200").isMissingNode())
                .isTrue();
        assertThat(
                        document.at(
                                        "/paths/~1api~1v1~1campaigns~1{id}~1recipients.csv/get/responses/200/content")
                                .propertyNames())
                .containsExactly("text/csv");
    }
}
