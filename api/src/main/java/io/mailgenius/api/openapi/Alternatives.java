package io.mailgenius.api.openapi;

import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.media.Schema;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Properties that go together or exclude each other: no record says that. */
@SuppressWarnings("rawtypes") // As the lists of swagger-models are.
final class Alternatives {

    private Alternatives() {}

    static void complete(Components components) {
        exactlyOne(schema(components, "ListMembers"), given("contactIds"), given("emails"));
        Schema<?> decision = schema(components, "UnknownSendDecision");
        exactlyOne(decision, given("contactIds"), yes("all"));
        allOf(decision, given("reason"));
        exactlyOne(
                schema(components, "CampaignAudience"),
                given("segmentId"),
                given("listId"),
                yes("all"),
                given("followUp"));
        Schema<?> campaign = schema(components, "CampaignDraft");
        allOf(
                campaign,
                given("name"),
                given("subject"),
                given("from"),
                given("audience"),
                anyOf(given("templateId"), written("mjml"), written("html"), written("text")));
        allOf(
                schema(components, "TemplateDraft"),
                anyOf(written("mjml"), written("html"), written("text")));
        exactlyOne(schema(components, "FormDraft"), given("templateId"), written("html"));
    }

    private static Schema<?> schema(Components components, String name) {
        Schema<?> schema = components.getSchemas().get(name);
        if (schema == null) {
            throw new IllegalStateException("There is no schema " + name);
        }
        return schema;
    }

    private static void exactlyOne(Schema<?> schema, Schema<?>... cases) {
        schema.setOneOf(List.<Schema>of(cases));
    }

    private static void allOf(Schema<?> schema, Schema<?>... conditions) {
        schema.setAllOf(List.<Schema>of(conditions));
    }

    private static Schema<?> anyOf(Schema<?>... cases) {
        Schema<?> schema = new Schema<>();
        schema.setAnyOf(Stream.of(cases).<Schema>map(it -> it).toList());
        return schema;
    }

    /** It is there and not null. */
    private static Schema<?> given(String property) {
        Schema<?> notNull = new Schema<>();
        notNull.setNot(Types.of("null"));
        return having(property, notNull);
    }

    private static Schema<?> yes(String property) {
        Schema<Object> yes = new Schema<>();
        yes.setTypes(Set.of("boolean"));
        yes.setEnum(List.of(true));
        return having(property, yes);
    }

    /** It is a text and not only blanks. */
    private static Schema<?> written(String property) {
        Schema<?> text = Types.of("string");
        text.setPattern("[^\\s\\u0000]");
        return having(property, text);
    }

    private static Schema<?> having(String property, Schema<?> value) {
        Schema<?> schema = new Schema<>();
        schema.addProperty(property, value);
        schema.setRequired(List.of(property));
        return schema;
    }
}
