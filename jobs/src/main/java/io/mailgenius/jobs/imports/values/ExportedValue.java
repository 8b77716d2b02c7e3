package io.mailgenius.jobs.imports.values;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;

/** A number, a boolean, a list or an object as an export writes it. */
public final class ExportedValue {

    private static final int MAX_DIGITS = 1_000;

    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                    .build();

    private ExportedValue() {}

    /** As JSON that PostgreSQL stores; null if the text is none. */
    static @Nullable public String json(String text) {
        try {
            JsonNode value = JSON.readTree(text);
            return isStorable(value) ? JSON.writeValueAsString(value) : null;
        } catch (JacksonException none) {
            return null;
        }
    }

    private static boolean isStorable(JsonNode value) {
        if (value.isString() && value.stringValue().indexOf('\0') >= 0) {
            return false;
        }
        if (value.isNumber()) {
            BigDecimal number = value.decimalValue();
            if (number.precision() > MAX_DIGITS || Math.abs((long) number.scale()) > MAX_DIGITS) {
                return false;
            }
        }
        for (String name : value.propertyNames()) {
            if (name.indexOf('\0') >= 0) {
                return false;
            }
        }
        for (JsonNode child : value) {
            if (!isStorable(child)) {
                return false;
            }
        }
        return true;
    }
}
